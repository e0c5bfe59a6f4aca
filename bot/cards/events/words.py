"""What an event is called, whom it is about and where it stands on X: what every look of it says."""

from __future__ import annotations

import re

from bot.core.messages.message import Message, msg
from bot.core.routes.event_readings import about_tweet, reading, tweet_id
from bot.core.routes.event_words import OF_TWO, kind_words
from bot.core.routes.events import DELETED_TYPE, Event
from bot.core.text.shortening import shorten

_SEARCH = 40  # characters of a search
# What X allows as a name; anything else must not become part of an address.
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,20}\Z", re.ASCII)


def source(event: Event) -> str:
    """The monitor that saw it, as "@nasa" or “a search”; "" where none is named."""
    if event.username:
        return f"@{event.username}"
    return search_words(event.query) if event.query else ""


def search_words(query: str) -> str:
    """A search, as cards that everybody reads name it: its beginning is enough to know it by."""
    return f"“{shorten(query, _SEARCH)}”"


def now_called(before: str, after: str) -> Message:
    """That a username changed, in words."""
    return msg("@{before} is now @{after}", before=before, after=after)


def headline(event: Event, who: str) -> Message:
    """What it is called with who it is about: "New tweet: @nasa". Of following and being followed, which are
    about two, a sentence: "@nasa has a new follower". who: "" for nobody."""
    if not who:
        return kind_words(event.type)
    if event.type in OF_TWO:
        return OF_TWO[event.type](who)
    return msg("{what}: {who}", what=kind_words(event.type), who=who)


def author_of(event: Event) -> str:
    """The username of whoever wrote the tweet, else the watched account; "" when neither is a name."""
    author = reading(event).author if about_tweet(event.type) and tweet_id(event) else None
    written = author.username if author is not None else ""
    return next((name for name in (written, event.username or "") if _USERNAME.match(name)), "")


def event_url(event: Event) -> str | None:
    """Where it is on X, made of a checked name and an id and of nothing else: the tweet, or the profile
    where there is no tweet or it is deleted.

    None for an event that has neither.
    """
    name = author_of(event)
    gone = event.type in (DELETED_TYPE, "post.deleted")
    identity = tweet_id(event) if about_tweet(event.type) and not gone else None
    if identity is not None:
        return f"https://x.com/{name or 'i'}/status/{identity}"
    return f"https://x.com/{name}" if name else None
