"""Each filter of a route, by what it lets pass and what it says of what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.chat.ids import TenantId
from bot.core.routes.events import Event
from bot.core.routes.filtering import refusal
from bot.core.routes.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Quiet,
)

MOON: dict[str, Any] = {
    "text": "We are going to the MOON https://x.com/a",
    "lang": "en",
    "author": {"username": "nasa", "followers": 1_000},
}


def event(data: dict[str, Any], kind: str = "tweet.new") -> Event:
    """An event of @nasa."""
    return Event(1, TenantId("slack", "T1"), kind, "nasa", None, 1.0, 1.0, data, "e:1")


@pytest.mark.parametrize(
    "one",
    [
        Contains(("mars", "moon")),
        Contains(("going to",)),
        Matches(r"(?i)\bmoon\b"),
        Quiet(("giveaway",)),
        Has(("link",)),
        Lacks(("media", "poll")),
        Languages(("de", "en")),
        MinFollowers(1_000),
        NoReplies(),
    ],
)
def test_it_passes(one: Filter) -> None:
    assert refusal((one,), event(MOON)) is None
    assert refusal((one,), event({"tweet": MOON})) is None, "wherever a source puts the tweet"


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (Contains(("mars",)), "the text has none of: mars"),
        (Contains(("moon, base", "mars", "launch*")), "the text has none of: “moon, base”, mars, launch*"),
        (Matches("^MOON"), "the text does not match ^MOON"),
        (Quiet(("spam", "moon")), "the text has the quiet word 'moon'"),
        (Has(("link", "media")), "it has no media"),
        (Lacks(("link",)), "it has a link"),
        (Languages(("de",)), "its language is en"),
        (MinFollowers(1_001), "the author has 1,000 followers"),
        (OfTweets(("20",)), "it is not about a watched tweet"),
    ],
)
def test_it_is_refused_with_the_rule(one: Filter, rule: str) -> None:
    assert refusal((one,), event(MOON)) == rule


def test_the_first_that_says_no_is_the_reason() -> None:
    filters = (Contains(("moon",)), Quiet(("moon",)), Languages(("de",)))
    assert refusal(filters, event(MOON)) == "the text has the quiet word 'moon'"
    assert refusal((), event({})) is None


@pytest.mark.parametrize(
    ("data", "kind", "passes"),
    [
        ({"inReplyToUsername": "esa", "author": {"username": "nasa"}}, "tweet.reply", False),
        ({"inReplyToUsername": "NASA", "author": {"username": "nasa"}}, "tweet.reply", True),
        ({"inReplyToUsername": "nasa"}, "tweet.reply", True),
        ({"isReply": True}, "tweet.new", False),
        ({}, "tweet.reply", False),
        ({"isReply": False}, "tweet.new", True),
    ],
)
def test_an_authors_own_threads_are_no_replies_to_others(
    data: dict[str, Any], kind: str, passes: bool
) -> None:
    assert (refusal((NoReplies(),), event(data, kind)) is None) is passes


@pytest.mark.parametrize(
    ("part", "data", "kind"),
    [
        ("media", {"media": [{}]}, "tweet.new"),
        ("media", {}, "tweet.media"),
        ("link", {"entities": {"urls": [{}]}}, "tweet.new"),
        ("link", {}, "tweet.link"),
        ("poll", {"poll": {"options": []}}, "tweet.new"),
        ("poll", {}, "tweet.poll"),
    ],
)
def test_a_part_is_seen_in_the_tweet_or_told_by_the_type(part: Any, data: dict[str, Any], kind: str) -> None:
    assert refusal((Has((part,)),), event(data, kind)) is None
    assert refusal((Lacks((part,)),), event(data, kind)) is not None


@pytest.mark.parametrize("data", [{}, {"text": 7}, {"author": []}, {"entities": "x"}, {"tweet": 3}])
def test_hostile_shapes_are_refused_or_pass_and_raise_nothing(data: dict[str, Any]) -> None:
    for asks in (Contains(("a",)), Matches("a"), Has(("link",)), MinFollowers(1), Languages(("en",))):
        assert refusal((asks,), event(data)) is not None
    for refuses in (Quiet(("a",)), Lacks(("media",)), NoReplies()):
        assert refusal((refuses,), event(data)) is None


def test_a_pattern_that_cannot_be_used_refuses_and_says_so() -> None:
    assert "cannot be used" in str(refusal((Matches("("),), event(MOON)))
