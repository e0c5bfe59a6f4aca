"""A relayed event in each of the looks that a route may choose."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.events.events import ANSWERED, event_card
from bot.cards.events.lists import LIST_LIMIT, list_card
from bot.cards.relayed import deleted_card, relayed_card
from bot.core.chat.card_json import decode, encode
from bot.core.chat.cards import Bold, Card, Link, Shape, Text, Timestamp, Tone
from bot.core.routes.appearance import Appearance, Layout
from bot.core.routes.events import MONITOR_TYPES
from tests.cards.test_events import ALL_TYPES, AUTHOR, TWEET, event
from tests.features.edge import buttons, words

URL = "https://x.com/nasa/status/1893456789012345678"
PINGS = ("111", "S222")


def look(layout: Layout, kind: str = "tweet.new", data: Any = TWEET, **more: Any) -> Card:
    return relayed_card(event(kind, data, **more), Appearance(layout, pings=PINGS), late=False)


def parts(card: Card) -> list[Any]:
    return [part for block in card.blocks if isinstance(block, Text) for part in block.line]


@pytest.mark.parametrize("layout", [Layout.FULL, Layout.COMPACT, Layout.LINK])
def test_every_look_carries_the_pings_of_its_route(layout: Layout) -> None:
    assert look(layout).pings == PINGS


def test_the_full_look_is_the_card_of_the_event() -> None:
    card = relayed_card(event("tweet.new", TWEET), Appearance(), late=False)
    assert card == event_card(event("tweet.new", TWEET))


def test_only_buttons_that_somebody_answers_are_shown() -> None:
    full = {one.action.name for one in buttons(look(Layout.FULL)) if one.action}
    assert full == set(ANSWERED)
    assert all(one.action is None or one.action.key == "42" for one in buttons(look(Layout.FULL)))


def test_the_compact_look_is_one_line_with_who_what_its_text_its_link_and_when() -> None:
    card = look(Layout.COMPACT)
    assert card.shape is Shape.LINE
    [block] = card.blocks
    assert isinstance(block, Text)
    who, kind, text, link, when = (part for part in block.line if part != " · ")
    assert (who, kind, text) == (Bold("@nasa"), "New tweet", "We are <going> *back* @everyone")
    assert link == Link("on X", URL)
    assert isinstance(when, Timestamp)
    assert when.relative
    assert [one.label for one in buttons(card)] == ["More…"], "the line has the link already"


def test_a_long_text_over_many_lines_is_cut_on_its_one_line() -> None:
    card = look(Layout.COMPACT, data={**TWEET, "text": "word\n" * 400})
    [text] = [part for part in parts(card) if isinstance(part, str) and part.startswith("word")]
    assert "\n" not in text
    assert len(text) <= 200
    assert text.endswith("…")


def test_what_reorders_text_does_not_reach_the_line() -> None:
    card = look(Layout.COMPACT, data={**TWEET, "text": "safe \u202egnp.exe\u2066"})
    assert "\u202e" not in words(card)
    assert "\u2066" not in words(card)


def test_a_compact_message_that_came_late_says_so() -> None:
    card = relayed_card(event("tweet.new", TWEET), Appearance(Layout.COMPACT), late=True)
    assert "late" in words(card)


def test_the_link_look_is_the_link_alone_without_anything_that_x_says() -> None:
    card = look(Layout.LINK)
    assert card.shape is Shape.BARE
    assert parts(card) == [Link(URL, URL)]
    assert card.buttons == ()
    assert "going" not in words(card)


@pytest.mark.parametrize("stated", ["https://x.com/ @everyone", "https://x.com/a](https://evil.example)"])
def test_the_link_is_made_of_a_checked_name_and_an_id_whatever_the_data_claims(stated: str) -> None:
    hostile = {**TWEET, "url": stated, "author": {"username": "a/../evil @everyone"}}
    assert parts(look(Layout.LINK, data=hostile)) == [Link(URL, URL)]
    nobody = look(Layout.LINK, data=hostile, username=None, query="moon")
    assert parts(nobody) == [Link(url := "https://x.com/i/status/1893456789012345678", url)]


@pytest.mark.parametrize("kind", ["profile.bio.changed", "follower.added", "tweet.deleted"])
def test_an_event_without_a_tweet_links_to_the_profile(kind: str) -> None:
    card = look(Layout.LINK, kind, {"id": "77", "text": "gone"})
    assert parts(card) == [Link("https://x.com/nasa", "https://x.com/nasa")]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("follower.added", "@nasa has a new follower"),
        ("follower.removed", "@nasa lost a follower"),
        ("following.added", "@nasa follows someone new"),
        ("following.removed", "@nasa unfollowed someone"),
    ],
)
@pytest.mark.parametrize("layout", list(Layout))
def test_the_watched_account_is_never_taken_for_the_follower(layout: Layout, kind: str, said: str) -> None:
    card = look(layout, kind, {"user": {"username": "hana_wang226"}})
    told = f"{card.title} {words(card)}"
    assert "follower: @nasa" not in told and "New follower" not in told
    if layout is not Layout.TEMPLATE:
        assert card.title == said


def test_what_has_no_link_at_all_falls_back_to_a_line() -> None:
    card = look(Layout.LINK, "webhook.test", {"message": "Hello"}, username=None)
    assert card.shape is Shape.LINE
    assert "Hello" in words(card)


@pytest.mark.parametrize("layout", list(Layout))
def test_a_deleted_tweet_is_marked_and_offers_nothing_that_needs_it(layout: Layout) -> None:
    before = look(layout)
    after = deleted_card(before)
    assert "Deleted on X." in words(after)
    assert after.tone is Tone.WARNING
    assert after.shape is before.shape
    assert all(one.label == "More…" for one in after.buttons)


def test_a_repost_shows_what_was_reposted() -> None:
    inner = {**TWEET, "id": "9", "text": "the original"}
    card = look(Layout.COMPACT, "tweet.retweet", {"id": "8", "author": AUTHOR, "retweeted_tweet": inner})
    assert "the original" in words(card)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["id", "tweetId", "text", "author", "tweet", "user", "createdAt", "media", "url"])


@given(
    kind=st.sampled_from((*ALL_TYPES, "something.new")),
    layout=st.sampled_from([Layout.FULL, Layout.COMPACT, Layout.LINK]),
    data=st.dictionaries(NAMES, JSON, max_size=6),
)
def test_data_of_any_shape_makes_a_card_that_can_be_stored(kind: str, layout: Layout, data: Any) -> None:
    card = relayed_card(event(kind, data), Appearance(layout), late=True)
    assert decode(encode(card)) == card
    assert decode(encode(listed := list_card([event(kind, data)], "One", Appearance(layout)))) == listed


# --- lists ---------------------------------------------------------------------------------------


def test_a_list_has_a_line_for_each_event_in_its_order() -> None:
    events = [event("tweet.new", {**TWEET, "id": str(n), "text": f"number {n}"}) for n in range(1, 4)]
    card = list_card(events, "3 events while it was quiet", Appearance(pings=PINGS))
    assert card.title == "3 events while it was quiet"
    assert card.pings == PINGS
    lines = [words(Card("", (block,))) for block in card.blocks]
    assert ["number 1" in lines[0], "number 2" in lines[1], "number 3" in lines[2]] == [True] * 3
    links = [part.url for part in parts(card) if isinstance(part, Link)]
    assert links == [f"https://x.com/nasa/status/{n}" for n in range(1, 4)]


def test_what_does_not_fit_into_a_list_is_counted() -> None:
    events = [event("tweet.new", {**TWEET, "text": "long " * 100})] * (LIST_LIMIT + 1_200)
    card = list_card(events, "Many", Appearance())
    assert len(card.blocks) == LIST_LIMIT + 1
    assert words(card).endswith("… 1,200 more")
    assert len(words(card)) < 4_000


def test_a_list_of_a_route_that_shows_links_alone_has_no_text_of_x() -> None:
    card = list_card([event("tweet.new", TWEET)], "One", Appearance(Layout.LINK))
    assert "going" not in words(card)
    assert Link("on X", URL) in parts(card)


def test_every_type_that_can_be_monitored_has_words_of_its_own() -> None:
    cards = [look(Layout.COMPACT, kind) for kind in MONITOR_TYPES]
    assert not any("Event " in words(card) for card in cards)
