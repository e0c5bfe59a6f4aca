"""What a line of text is made of, a figure among it. All of it is plain text, which renderers escape."""

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


class Figure(str):
    """A figure is a number as a language says it, with its value behind it, for what aligns or sorts. Put
    together with other text it is text like any."""

    __slots__ = ("value",)

    value: float

    def __new__(cls, words: str, value: float) -> Figure:
        """words: the number as people read it."""
        made = super().__new__(cls, words)
        made.value = value
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return Figure, (str(self), self.value)


Inline: TypeAlias = str | Bold | Code | Link | UserMention | ChannelMention | Timestamp
"""A text may be a `Message`, which is spread into such parts when it is said; one that is a number alone
becomes a `Figure`."""
Line: TypeAlias = tuple[Inline, ...]


def line(*parts: Inline) -> Line:
    """A line of text from its parts, in order."""
    return parts
