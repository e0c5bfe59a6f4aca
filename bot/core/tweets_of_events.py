"""Which tweet an event is about, whose it is and what conversation it belongs to. Pure.

The data of an event is untrusted and its shape varies; what cannot be read is None, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.events import Event

_ID = re.compile(r"[0-9]{1,25}", re.ASCII)
_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,40})", re.ASCII)
_LARGEST_ID = 10**25


def tweet_id(data: Mapping[str, Any]) -> str | None:
    """The id of the tweet: `data.id`, `data.tweetId` in the older shape, or `data.tweet.id`."""
    inner = data.get("tweet")
    candidates = (
        data.get("id"),
        data.get("tweetId"),
        inner.get("id") if isinstance(inner, Mapping) else None,
    )
    return next((found for value in candidates if (found := _digits(value))), None)


def conversation_id(data: Mapping[str, Any]) -> str | None:
    """The id of the tweet that the conversation began with, else of the one that is answered.

    None for a tweet that answers nobody: it begins a conversation.
    """
    own = tweet_id(data)
    for name in ("conversationId", "conversation_id", "inReplyToId"):
        for part in _parts(data):
            found = _digits(part.get(name))
            if found is not None:
                return found if found != own else None
    return None


def author(event: Event) -> str | None:
    """The author of the tweet, else the account of the event: lower case, without @."""
    for part in _parts(event.data):
        person = part.get("author")
        if isinstance(person, Mapping):
            found = _handle(person.get("username")) or _handle(person.get("userName"))
            if found is not None:
                return found
    return account(event)


def account(event: Event) -> str | None:
    """The account whose monitor saw the event, lower case; None for a keyword monitor's."""
    return _handle(event.username)


def _parts(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    inner = data.get("tweet")
    if isinstance(inner, Mapping):
        yield inner
    yield data


def _digits(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 <= value < _LARGEST_ID else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _handle(value: object) -> str | None:
    found = _HANDLE.fullmatch(value) if isinstance(value, str) else None
    return found[1].lower() if found else None
