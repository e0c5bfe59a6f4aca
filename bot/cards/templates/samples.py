"""Events to try a template with: one of each sort that a template may have to show. None is real."""

from __future__ import annotations

from functools import cache
from typing import Any

from bot.core.chat.ids import TenantId
from bot.core.routes.events import Event

_HERE = TenantId("terminal", "samples")
_AT = 1_772_193_600.0  # 27 February 2026, 12:00 UTC
_AUTHOR = {"id": "1", "username": "example", "name": "Example Observatory", "followers": 12_345}
_TWEET: dict[str, Any] = {
    "id": "1893456789012345678",
    "text": "First light! The new telescope sees 40% more. https://example.com/first-light #astronomy",
    "author": _AUTHOR,
    "createdAt": "2026-02-27T12:00:00Z",
    "lang": "en",
    "likeCount": 120,
    "retweetCount": 34,
    "replyCount": 5,
    "quoteCount": 2,
    "viewCount": 9_876,
    "bookmarkCount": 7,
    "media": [{"type": "photo", "mediaUrl": "https://example.com/first-light.jpg", "altText": "A galaxy"}],
}
_REPLY = {**_TWEET, "text": "@someone Thank you!", "media": [], "inReplyToUsername": "someone"}
_QUOTE = {
    **_TWEET,
    "text": "Look at this",
    "quoted_tweet": {
        "id": "1893456789012345000",
        "text": "We found a comet",
        "author": {"username": "someone", "name": "Someone"},
    },
}
_REPOST = {"id": "1893456789012345999", "author": _AUTHOR, "retweeted_tweet": _QUOTE["quoted_tweet"]}


@cache
def samples() -> tuple[Event, ...]:
    """The samples, an ordinary tweet first."""
    made: tuple[tuple[str, str | None, str | None, dict[str, Any]], ...] = (
        ("tweet.new", "example", None, _TWEET),
        ("tweet.reply", "example", None, _REPLY),
        ("tweet.quote", "example", None, _QUOTE),
        ("tweet.retweet", "example", None, _REPOST),
        ("tweet.new", None, "telescope OR comet", _TWEET),
        ("tweet.new", "example", None, {"id": "1893456789012345678"}),
        ("profile.bio.changed", "example", None, {"previous": "Stars", "current": "Stars and comets"}),
        ("follower.added", "example", None, {"user": {"username": "someone"}}),
        ("tweet.deleted", "example", None, {"id": "1893456789012345678"}),
    )
    return tuple(
        Event(number, _HERE, kind, username, query, _AT, _AT + 1.0, data, f"sample:{number}")
        for number, (kind, username, query, data) in enumerate(made, 1)
    )
