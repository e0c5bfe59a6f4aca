"""What a route lets pass, beyond accounts, keywords and event types: an ordered list of conditions.

They are asked in the order in which the manager wrote them, and the first that says no is the reason
that `relay why` and `relay preview` give. The answers are in `bot.core.routes.filtering`; here is the data.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Part: TypeAlias = Literal["media", "link", "poll"]
PARTS: tuple[Part, ...] = ("media", "link", "poll")


class Contains(msgspec.Struct, frozen=True):
    """The text contains one of these words or phrases, in any case."""

    words: tuple[str, ...]


class Quiet(msgspec.Struct, frozen=True):
    """The text contains none of these words or phrases, in any case."""

    words: tuple[str, ...]


class Matches(msgspec.Struct, frozen=True):
    """The text has a place that this regular expression matches (RE2: linear time)."""

    pattern: str


class Has(msgspec.Struct, frozen=True):
    """The tweet has every one of these parts."""

    parts: tuple[Part, ...]


class Lacks(msgspec.Struct, frozen=True):
    """The tweet has none of these parts."""

    parts: tuple[Part, ...]


class Languages(msgspec.Struct, frozen=True):
    """X says that the tweet is in one of these languages (two letters, lower case)."""

    codes: tuple[str, ...]


class MinFollowers(msgspec.Struct, frozen=True):
    """The author has at least so many followers."""

    followers: int


class NoReplies(msgspec.Struct, frozen=True):
    """The tweet is not a reply to somebody else; an author's own threads pass."""


class OfTweets(msgspec.Struct, frozen=True):
    """The event is what the monitor of one of these tweets reports, by their ids."""

    ids: tuple[str, ...]


Filter: TypeAlias = Contains | Quiet | Matches | Has | Lacks | Languages | MinFollowers | NoReplies | OfTweets
