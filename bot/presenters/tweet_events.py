"""The tweet in an event. Its data is untrusted and its shape varies; nothing here raises for that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core import tweets_of_events
from bot.core.errors import BotError
from bot.core.events import Event
from bot.xquik.models import Tweet

_last: tuple[Event | None, Tweet | None] = (None, None)


def tweet_id(event: Event) -> str | None:
    """The id of the tweet an event is about; None where it is about none."""
    return tweets_of_events.tweet_id(event.data)


def tweet_of(event: Event) -> Tweet | None:
    """The tweet itself, as much of it as can be read; None where the event is about none.

    A look asks several times for the same event, one after another, so the last answer is kept.
    """
    global _last  # noqa: PLW0603 - one pair, replaced as a whole: it is right in every thread
    known, tweet = _last
    if known is not event:
        tweet = _read(event)
        _last = (event, tweet)
    return tweet


def _read(event: Event) -> Tweet | None:
    identity = tweet_id(event)
    if identity is None:
        return None
    data = event.data.get("tweet") if isinstance(event.data.get("tweet"), Mapping) else event.data
    body: dict[str, Any] = {**data, "id": identity}  # type: ignore[dict-item]  # a mapping either way
    if not isinstance(body.get("author"), Mapping):
        body["author"] = {"username": event.username} if event.username else None
    try:
        return Tweet.from_body(body)
    except BotError:
        # Some field has a type nobody foresaw; the text is what matters.
        text = body.get("text")
        plain = {"id": identity, "text": text if isinstance(text, str) else ""}
    try:
        return Tweet.from_body({**plain, "author": body["author"]})
    except BotError:
        return Tweet.from_body(plain)
