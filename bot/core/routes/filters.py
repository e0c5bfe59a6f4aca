"""What a route lets pass, beyond accounts, keywords and event types: an ordered list of conditions.

They are asked in the order in which the manager wrote them, and the first that says no is the reason
that `relay why` and `relay preview` give. The answers are in `bot.core.routes.filtering`; here is the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Part: TypeAlias = Literal["media", "link", "poll"]
PARTS: tuple[Part, ...] = ("media", "link", "poll")


@dataclass(frozen=True, slots=True)
class Contains:
    """The text contains one of these words or phrases, in any case."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """The text contains none of these words or phrases, in any case."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """The text has a place that this regular expression matches (RE2: linear time)."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Has:
    """The tweet has every one of these parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Lacks:
    """The tweet has none of these parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Languages:
    """X says that the tweet is in one of these languages (two letters, lower case)."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinFollowers:
    """The author has at least so many followers."""

    followers: int


@dataclass(frozen=True, slots=True)
class NoReplies:
    """The tweet is not a reply to somebody else; an author's own threads pass."""


@dataclass(frozen=True, slots=True)
class OfTweets:
    """The event is what the monitor of one of these tweets reports, by their ids."""

    ids: tuple[str, ...]


Filter: TypeAlias = Contains | Quiet | Matches | Has | Lacks | Languages | MinFollowers | NoReplies | OfTweets
