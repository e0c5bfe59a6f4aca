"""Every look of an event is said whole in another language: nothing of it is glued, cut or English."""

from __future__ import annotations

from gettext import GNUTranslations
from typing import Any

import pytest
from msgspec.structs import replace

from bot.cards.events.lists import list_card
from bot.cards.events.words import now_called
from bot.cards.figures import count, credits_, listed
from bot.cards.relayed import deleted_card, post_title, relayed_card
from bot.cards.tweets import tweet_card
from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.messages.message import msg
from bot.core.routes.appearance import Appearance, Layout
from bot.core.routes.event_readings import reading
from bot.core.routes.events import DELETED_TYPE, RENAMED_TYPE, TEST_TYPE
from bot.i18n.rules import CldrRules
from bot.i18n.translations import Translations
from tests.cards.test_events import ALL_TYPES, AUTHOR, TWEET, event, pictures, video
from tests.i18n.left_over import english_in, english_in_card

# What others wrote, and names of ours.
DATA = """NASA nasa esa We are going back everyone Hi xyz MP4 UTC https http pbs example com jpg mp4 status
id favourite still Mars Moon ok pinned thing quoted one mars OR moon bio what was is text
Europe Berlin"""
MEDIA = [
    video(),
    *pictures(1),
    video("animated_gif"),
    video(altText="Mars"),
    video("animated_gif", altText="Mars"),
]
TWEETS: tuple[dict[str, Any], ...] = (
    TWEET,
    {**TWEET, "media": [*MEDIA, *pictures(3)], "inReplyToUsername": "esa"},
    {**TWEET, "media": MEDIA[:1]},
    {**TWEET, "media": MEDIA[2:3]},
    {**TWEET, "poll": {"options": [{"label": "Mars", "votes": 1}, {"label": "Moon", "votes": 3}]}},
    {**TWEET, "quoted_tweet": {**TWEET, "id": "2", "text": "quoted one"}},
    {"id": "8", "author": AUTHOR, "retweeted_tweet": TWEET},
    {"id": "8", "retweeted_tweet": TWEET},
    {"text": "Hi", "favourite": True, "xyz": 12_345, "ok": False, "thing": [1]},
)
CHANGES: tuple[dict[str, Any], ...] = (
    {"previous": "what was", "current": "what is"},
    {"previous": 1, "current": 12_345},
    {"previous": True, "current": [1]},
    {},
)
SHOWN = [
    *(event(kind, TWEET) for kind in ALL_TYPES),
    *(event(kind, {}, username=None) for kind in ALL_TYPES),
    *(event(kind, {}) for kind in ALL_TYPES),
    *(event(kind, TWEET, username=None, query="mars OR moon") for kind in ALL_TYPES),
    *(event("tweet.new", data) for data in TWEETS),
    *(event("profile.bio.changed", data) for data in CHANGES),
    event("profile.xyz.changed", {}),
    event(RENAMED_TYPE, {"previous": "nasa", "current": "esa"}),
    event("follower.added", {"user": {"username": "esa"}}),
    event("space.started", {"title": "Mars"}),
    event(TEST_TYPE, {"message": "Hi"}),
    event(DELETED_TYPE, {"id": "8", "text": "Hi"}),
    event("xyz", {"id": "8", "xyz": 1}),
    event("xyz", {}, username=None),
]
LOOKS = (
    Appearance(),
    Appearance(Layout.COMPACT),
    Appearance(Layout.LINK),
    Appearance(Layout.TEMPLATE, template="{{ text }} {{ url }}", timezone="Europe/Berlin"),
    Appearance(Layout.TEMPLATE, template="{{ nothing }}"),
)


def _english(card: Card, kind: str) -> set[str]:
    names = f"{DATA} {kind.replace('_', ' ')}"  # what is not known is shown by the name of its type
    return english_in_card(card, names) | english_in_card(card_json.decode(card_json.encode(card)), names)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.layout} {look.template}")
@pytest.mark.parametrize("late", [False, True])
def test_an_event_is_said_whole(look: Appearance, late: bool) -> None:
    for one in SHOWN:
        card = relayed_card(one, look, late=late)
        assert _english(card, one.type) == set(), one
        assert _english(deleted_card(card), one.type) == set(), one
        assert english_in(post_title(one, look), DATA) == set(), one


def test_a_list_of_events_is_said_whole() -> None:
    events = [replace(one, id=number) for number, one in enumerate(SHOWN)]
    for look in LOOKS[:3]:
        card = list_card(events, msg("Many"), look, deleted={0, 1}, more=3)
        assert _english(card, "xyz") == set()


@pytest.mark.parametrize("data", TWEETS[:7])
@pytest.mark.parametrize("followers", [None, 1, 2])
def test_a_tweet_is_said_whole(data: dict[str, Any], followers: int | None) -> None:
    author = {**AUTHOR, "followers": followers, "verified": True}
    tweet = reading(event("tweet.new", {**data, "author": author, "likeCount": 12_345}))
    assert english_in_card(tweet_card(tweet), DATA) == set()


def test_figures_are_messages() -> None:
    names = tuple(f"nasa{number}" for number in range(12))
    for said in (
        count(12_345),
        credits_(1),
        credits_(30),
        listed(names),
        listed(names[:2]),
        now_called("nasa", "esa"),
    ):
        assert english_in(said, f"{DATA} {' '.join(names)}") == set()
    assert listed(names) == "nasa0, nasa1, nasa2, nasa3, nasa4, nasa5, nasa6, nasa7, nasa8, nasa9 … 2 more"
    assert (listed(()), listed(names[:2])) == ("", "nasa0, nasa1")


@pytest.mark.parametrize("number", [10**400, 1e300, -(10**40), float("inf"), float("nan")])
def test_a_number_that_is_none_of_people_can_be_said_in_every_language(number: float) -> None:
    """X, or who imitates it, may send any."""
    assert CldrRules("de", Translations(GNUTranslations())).number(number)
