"""A card for every type of event, whatever its data holds."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.events.events import event_card
from bot.cards.events.lines import event_line
from bot.core.chat.card_json import decode, encode
from bot.core.chat.cards import Card, Gallery, Link, Quote, Text
from bot.core.chat.ids import TenantId
from bot.core.chat.words import line_words
from bot.core.routes.event_readings import tweet_id
from bot.core.routes.events import KEYWORD_TYPES, MONITOR_TYPES, POST_TYPES, TEST_TYPE, Event
from bot.relay.sending import notices
from tests.features.edge import buttons, field_of, words

HERE = TenantId("slack", "T1")
# As the API of Xquik lists them.
ALL_TYPES = (
    *MONITOR_TYPES,
    *POST_TYPES,
    "tweet.deleted",
    "profile.followers.changed",
    "profile.following.changed",
    "follower.added",
    "follower.removed",
    "following.added",
    "following.removed",
    "broadcast.started",
    "space.started",
    TEST_TYPE,
)
AUTHOR = {"username": "nasa", "name": "NASA", "profilePicture": "https://pbs.example/n.jpg"}
TWEET: dict[str, Any] = {
    "id": "1893456789012345678",
    "text": "We are <going> *back* @everyone",
    "author": AUTHOR,
    "createdAt": "2026-08-01T12:00:00Z",
}


def event(kind: str, data: Any, username: str | None = "nasa", query: str | None = None) -> Event:
    return Event(42, HERE, kind, username, query, 1_000.0, 1_001.0, data, "e:42")


def pictures(count: int) -> list[dict[str, Any]]:
    return [{"type": "photo", "mediaUrl": f"https://pbs.example/{n}.jpg"} for n in range(count)]


@pytest.mark.parametrize("kind", sorted(KEYWORD_TYPES))
def test_a_tweet_is_quoted_with_who_wrote_it_and_what_to_do(kind: str) -> None:
    card = event_card(event(kind, TWEET))
    [quote] = [block for block in card.blocks if isinstance(block, Quote)]
    assert (quote.text, quote.author) == (TWEET["text"], "NASA (@nasa)")
    assert card.title.endswith("by @nasa")
    link, *others = buttons(card)
    assert link.url == "https://x.com/nasa/status/1893456789012345678"
    assert [str(one.action) for one in others] == [
        "x1:event.reply:42",
        "x1:event.like:42",
        "x1:event.repost:42",
        "x1:event.more:42",
    ]


def test_the_older_shape_names_the_tweet_differently() -> None:
    older = {"tweetId": TWEET["id"], "text": "Hi", "author": AUTHOR}
    assert tweet_id(event("tweet.new", older)) == TWEET["id"]
    assert "Hi" in words(event_card(event("tweet.new", older)))
    assert tweet_id(event("tweet.new", {"tweet": {"id": "77"}})) == "77"


def test_a_quote_and_its_media_are_included() -> None:
    quoted = {**TWEET, "id": "2", "text": "the quoted one", "media": pictures(2), "possiblySensitive": True}
    card = event_card(event("tweet.quote", {**TWEET, "quoted_tweet": quoted}))
    assert "the quoted one" in words(card)
    [gallery] = [block for block in card.blocks if isinstance(block, Gallery)]
    assert len(gallery.items) == 2
    assert gallery.sensitive, "a sensitive picture stays covered when it is quoted"


@pytest.mark.parametrize(("count", "more"), [(1, False), (4, False), (5, True)])
def test_where_the_rest_of_the_pictures_is_stands_only_where_there_is_a_rest(count: int, more: bool) -> None:
    card = event_card(event("tweet.media", {**TWEET, "media": pictures(count)}))
    [gallery] = [block for block in card.blocks if isinstance(block, Gallery)]
    assert len(gallery.items) == min(count, 4)
    assert (gallery.more_url is not None) is more


def test_a_poll_shows_what_can_be_chosen() -> None:
    poll = {"options": [{"label": "Mars"}, "Moon", 7]}
    assert "○ Mars\n○ Moon" in words(event_card(event("tweet.poll", {**TWEET, "poll": poll})))


@pytest.mark.parametrize("kind", ["tweet.new", "tweet.poll", "tweet.retweet"])
@pytest.mark.parametrize(
    "labels", [("Tabs", "Threads"), ("Evet", "Hayır"), ("हाँ", "नहीं"), ("はい", "いいえ"), ("نعم", "لا")]
)
def test_a_poll_of_todays_shape_is_shown_in_every_tweet(kind: str, labels: tuple[str, str]) -> None:
    values = {f"choice{number}_label": label for number, label in enumerate(labels, 1)}
    poll = {
        **TWEET,
        "card": {"name": "poll2choice_text_only", "bindingValues": {**values, "choice1_count": "3"}},
    }
    data = {"id": "8", "author": AUTHOR, "retweeted_tweet": poll} if kind == "tweet.retweet" else poll
    assert f"○ {labels[0]} · 3 votes\n○ {labels[1]}" in words(event_card(event(kind, data)))


def video(kind: str = "video", **more: Any) -> dict[str, Any]:
    encodings = [
        {"contentType": "video/mp4", "bitrate": rate, "url": f"https://v.example/{rate}.mp4"}
        for rate in (256_000, 2_176_000)
    ]
    return {"type": kind, "mediaUrl": "https://pbs.example/still.jpg", "videoVariants": encodings, **more}


@pytest.mark.parametrize(
    ("media", "alts", "lines"),
    [
        ([video()], ["Still of a video: from the tweet"], ["▶ Video, shown as a still: MP4 · play it on X"]),
        (
            [video("animated_gif", altText="Dans")],
            ["Still of a GIF: Dans"],
            ["▶ GIF, shown as a still: MP4 · play it on X"],
        ),
        (
            [video(videoVariants=[], altText="प्रक्षेपण")],
            ["Still of a video: प्रक्षेपण"],
            ["▶ Video, shown as a still: play it on X"],
        ),
        (
            [video(), *pictures(1), video(altText="打ち上げ")],
            ["Still of a video: from the tweet", "Picture from the tweet", "Still of a video: 打ち上げ"],
            [
                "▶ Video 1, shown as a still: MP4 · play it on X",
                "▶ Video 2, shown as a still: MP4 · play it on X",
            ],
        ),
        (pictures(2), ["Picture from the tweet"] * 2, []),
    ],
)
def test_a_still_says_so_and_leads_to_what_plays(media: list[Any], alts: list[str], lines: list[str]) -> None:
    card = event_card(event("tweet.media", {**TWEET, "media": media}))
    [gallery] = [block for block in card.blocks if isinstance(block, Gallery)]
    assert [one.alt for one in gallery.items] == alts
    plays = [block.line for block in card.blocks if isinstance(block, Text) and "▶" in line_words(block.line)]
    assert [re.sub(r" \(https[^)]*\)", "", line_words(one)) for one in plays] == lines
    links = {part.url for one in plays for part in one if isinstance(part, Link)}
    assert links <= {"https://v.example/2176000.mp4", f"https://x.com/nasa/status/{TWEET['id']}"}


def test_a_keyword_event_says_what_it_matches() -> None:
    card = event_card(event("tweet.new", TWEET, None, "artemis launch"))
    assert "Matches “artemis launch”" in words(card)


@pytest.mark.parametrize("search", ["from:nasa OR ", "fırlatma İstanbul ", "عاجل ", "प्रक्षेपण ", "打ち上げ"])
def test_a_long_search_is_named_by_its_beginning(search: str) -> None:
    """Everybody in the channel reads it, below every tweet."""
    query = (search * 40).strip()
    for kind in ("tweet.new", "tweet.deleted", "no.such.type"):
        said = words(event_card(event(kind, TWEET, None, query)))
        assert query[:20] in said and query[:45] not in said
    assert query[:45] not in line_words(event_line(event("space.started", {}, None, query), 200))
    assert query[:45] not in words(notices.unpresentable(event("tweet.new", TWEET, None, query)))


def test_a_change_of_profile_offers_more_as_a_tweet_does() -> None:
    card = event_card(event("profile.bio.changed", {"before": "a", "after": "b"}))
    assert [button.label for button in card.buttons] == ["Open on X", "More…"]


@pytest.mark.parametrize("kind", [kind for kind in ALL_TYPES if kind.startswith("profile.")])
def test_a_profile_change_shows_before_and_now(kind: str) -> None:
    card = event_card(event(kind, {"previous": "old value", "current": "new value"}))
    assert card.title.startswith("@nasa has ")
    assert (field_of(card, "Before"), field_of(card, "Now")) == ("old value", "new value")


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("tweet.deleted", {"id": "77", "text": "regretted"}, "Deleted tweet by @nasa"),
        ("tweet.deleted", {}, "no longer on X"),
        ("follower.added", {"user": {"username": "esa"}}, "@nasa has a new follower"),
        ("follower.removed", {"follower": {"username": "esa"}}, "@nasa lost a follower"),
        ("following.added", {"target": {"username": "esa"}}, "@nasa follows someone new"),
        ("following.removed", {}, "@nasa unfollowed someone"),
        ("broadcast.started", {"title": "Launch day"}, "Launch day"),
        ("space.started", {"title": "Talk", "url": "https://x.com/i/spaces/1"}, "Space started"),
        (TEST_TYPE, {"message": "hello"}, "hello"),
    ],
)
def test_other_events_have_cards_of_their_own(kind: str, data: dict[str, Any], said: str) -> None:
    assert said in words(event_card(event(kind, data)))


def test_a_space_opens_on_x_and_nowhere_else() -> None:
    good = event_card(event("space.started", {"url": "https://x.com/i/spaces/1"}))
    assert [b.url for b in buttons(good) if b.url] == ["https://x.com/i/spaces/1"]
    for url in ("https://evil.example/", "javascript:alert(1)", "https://x.com.evil.example/i", 7):
        card = event_card(event("space.started", {"url": url}))
        assert [b.url for b in buttons(card) if b.url] == ["https://x.com/nasa"]


def test_a_type_that_is_not_known_is_shown_generically() -> None:
    card = event_card(event("community.joined", {"name": "Rockets", "size": 1234, "deep": {"x": 1}}))
    assert "community.joined for @nasa" in words(card)
    assert field_of(card, "size") == "1,234"


def test_what_comes_late_says_so() -> None:
    assert "arrived late" in words(event_card(event("tweet.new", TWEET), late=True))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_NAMES = (
    "id", "tweetId", "text", "author", "media", "quoted_tweet", "retweeted_tweet", "createdAt", "poll",
    "tweet", "user", "follower", "target", "title", "url", "previous", "current", "message", "username",
    "metrics", "possiblySensitive", "inReplyToUsername",
)  # fmt: skip
_data = st.dictionaries(st.sampled_from(_NAMES), _json | st.just("123") | st.just(AUTHOR), max_size=8)


_any_data = _data | st.dictionaries(st.text(), _json, max_size=4)
_someone = st.none() | st.text(max_size=16)


@given(st.sampled_from((*ALL_TYPES, "type.of.tomorrow", "")), _any_data, _someone, _someone)
def test_no_data_breaks_a_card(
    kind: str, data: dict[str, Any], username: str | None, query: str | None
) -> None:
    card = event_card(event(kind, data, username, query))
    assert isinstance(card, Card)
    assert card.title
    assert card.blocks
    assert decode(encode(card)) == card
    for button in buttons(card):
        assert button.url is None or button.url.startswith("https://x.com/")
