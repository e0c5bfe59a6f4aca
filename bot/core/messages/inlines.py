"""What a line of text is made of. Everything here is plain text: renderers escape all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Bold:
    """Emphasised plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Monospaced plain text: commands, ids, settings."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of ours. url: absolute http(s)."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class UserMention:
    """A person of the platform, shown by name; renderers never make it ping."""

    user: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ChannelMention:
    """A channel of the platform. name is the fallback where the platform draws no mention."""

    channel: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A moment, drawn in the reader's own timezone where the platform can. at: epoch seconds. zone: the
    IANA name of the one it is said in where words have to do, "" for UTC (`bot.core.chat.moments`)."""

    at: float
    relative: bool = False
    zone: str = ""


Inline: TypeAlias = str | Bold | Code | Link | UserMention | ChannelMention | Timestamp
"""A text may be a `Message`, which is spread into such parts when it is said."""
Line: TypeAlias = tuple[Inline, ...]


def line(*parts: Inline) -> Line:
    """A line of text from its parts, in order."""
    return parts
