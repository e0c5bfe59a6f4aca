"""What an event tells, in one reading for everything that shows or filters it. Pure.

Nothing else in the core, the presenters and the commands looks into `Event.data`
(tests/architecture/test_readings.py). The data is untrusted and its shape varies; what cannot be read is
left out, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from msgspec.structs import replace

from bot.core.routes.events import BROADCAST_TYPE, POST_TYPES, SPACE_TYPE, Event
from bot.core.text.shortening import decoded
from bot.core.x import readings
from bot.core.x.gatherings import BroadcastRef, SpaceRef, parse_broadcast_ref, parse_space_ref
from bot.core.x.readings import OBJECT, Author, TweetReading, digits

_HANDLE: Final = re.compile(r"@?([A-Za-z0-9_]{1,40})", re.ASCII)
_OF_PEOPLE: Final = ("profile.", "follower.", "following.", "broadcast.", "space.")  # no message: types
# What the data may say where there is no tweet, the first that says something.
_TEXTS: Final = ("text", "title", "message", "current", "after", "new", "newValue", "to")
_BEFORE: Final = ("previous", "before", "old", "oldValue", "from")
_AFTER: Final = ("current", "after", "new", "newValue", "to")
_NOT_SO: Final = frozenset({"false", "no", "0", "available", "active", "public", "open", "ok"})

_last: tuple[Event | None, TweetReading] = (None, TweetReading())


def about_tweet(kind: str) -> bool:
    """Whether an id in the data of such an event is one of a tweet, and not of a person."""
    return not kind.startswith(_OF_PEOPLE)


def tweet_id(event: Event) -> str | None:
    """The id of the tweet an event is about; None where it names none."""
    return readings.tweet_id(event.data)


def watched_tweet(event: Event) -> str | None:
    """The id of the single tweet whose monitor saw the event; None for what other monitors see. Of a reply or
    a quote it is the tweet that was answered or quoted."""
    return digits(event.data.get("postId")) if event.type in POST_TYPES else None


def reading(event: Event) -> TweetReading:
    """The tweet of an event, as far as it tells one; its id is "" where it is about none.

    One event is asked about by many routes and looks in turn, so the last answer is kept.
    """
    global _last  # noqa: PLW0603 - one pair, replaced as a whole: it is right in every thread
    known, tweet = _last
    if known is not event:
        tweet = readings.read_tweet(event.data)
        if tweet.author is None and event.username:
            tweet = replace(tweet, author=Author(username=event.username))
        _last = (event, tweet)
    return tweet


def text_of(event: Event) -> str:
    """What it says: the text of its tweet (of a repost: of what is reposted), else what its data says, as
    a new bio; "" for nothing."""
    if about_tweet(event.type):
        tweet = reading(event)
        if text := tweet.shown.text or tweet.text:
            return text
    for name in _TEXTS:
        value = event.data.get(name)
        if isinstance(value, str) and value.strip():
            return decoded(value)
    name = person(event)
    return f"@{name}" if name else ""


def author(event: Event) -> str | None:
    """The author of the tweet, else the account of the event: lower case, without @."""
    for part in _parts(event.data):
        told = part.get("author")
        if isinstance(told, OBJECT):
            found = handle(told.get("username")) or handle(told.get("userName"))
            if found is not None:
                return found
    return account(event)


def account(event: Event) -> str | None:
    """The account whose monitor saw the event, lower case; None for a keyword monitor's."""
    return handle(event.username)


def conversation_id(event: Event) -> str | None:
    """The id of the tweet that the conversation began with, else of the one that is answered.

    None for a tweet that answers nobody: it begins a conversation.
    """
    own = tweet_id(event)
    for name in ("conversationId", "conversation_id", "inReplyToId"):
        for part in _parts(event.data):
            found = digits(part.get(name))
            if found is not None:
                return found if found != own else None
    return None


def is_sensitive(event: Event) -> bool:
    """Whether X marks the tweet of an event, or the one it quotes or reposts, as possibly sensitive."""
    return readings.marked_sensitive(event.data)


def person(event: Event) -> str:
    """The username of whom a new follower and their like are about, without @; "" for nobody."""
    told = event.data.get("user") or event.data.get("follower") or event.data.get("target")
    if told is None and event.type.startswith(("follower.", "following.")):  # no message: types
        told = event.data  # the person is the whole of it
    name = told.get("username") if isinstance(told, OBJECT) else None
    return name if isinstance(name, str) else ""


def holds_now(data: Any) -> bool | None:
    """Whether what a change of a profile is about (protected, unavailable) is so now; None where its data
    does not say."""
    if not isinstance(data, OBJECT):
        return None
    after = next((data[name] for name in _AFTER if name in data), None)
    if isinstance(after, str):
        word = after.strip().casefold()
        return None if not word else word not in _NOT_SO
    return after if isinstance(after, bool) else None


def change(event: Event, part: str) -> tuple[Any, Any]:
    """What a profile had and what it has now, under the names that the sources use; None for neither.
    part: of the profile, as "bio"."""
    data = event.data
    before = next((data[name] for name in _BEFORE if name in data), None)
    after = next((data[name] for name in (*_AFTER, part) if name in data), None)
    return _plain(before), _plain(after)


def rename(event: Event) -> tuple[str, str]:
    """The usernames that an account had and has, of the event that it changed: lower case, without @; ""
    for what is not told."""
    before, now = change(event, "username")
    return handle(before) or "", handle(now) or ""


def author_id(event: Event) -> str | None:
    """X's id of the author of the tweet, else of the account of the event; None where it is not told."""
    for part in _parts(event.data):
        told = part.get("author")
        if isinstance(told, OBJECT) and (handle(told.get("username")) or handle(told.get("userName"))):
            return digits(told.get("id"))
    return event.account_id


def said(event: Event, name: str) -> str:
    """A text of the data by its name, as the title of a space; "" for none."""
    value = event.data.get(name)
    return decoded(value) if isinstance(value, str) else ""


def space(event: Event) -> SpaceRef | None:
    """The Space that somebody began, of the event of that; None where it names none."""
    if event.type != SPACE_TYPE:
        return None
    for text in (said(event, "url"), said(event, "id")):
        with suppress(ValueError):
            return parse_space_ref(text)
    return None


def broadcast(event: Event) -> BroadcastRef | None:
    """The broadcast that somebody began, of the event of that; None where it names none."""
    if event.type != BROADCAST_TYPE:
        return None
    for text in (said(event, "url"), said(event, "id")):
        with suppress(ValueError):
            return parse_broadcast_ref(text)
    return None


def plain_values(event: Event) -> Iterator[tuple[str, str | int | float | bool]]:
    """Names and values of the data that can be shown as they are, for events of a type not known here."""
    for name, value in event.data.items():
        if isinstance(value, str | int | float | bool) and value != "":
            yield str(name), decoded(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    return decoded(value) if isinstance(value, str) else value


def _parts(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    inner = data.get("tweet")
    if isinstance(inner, OBJECT):
        yield inner
    yield data


def handle(value: object) -> str | None:
    """A username, lower case and without @; None for what is none."""
    found = _HANDLE.fullmatch(value) if isinstance(value, str) else None
    return found[1].lower() if found else None
