"""Several items or sentences in one text; of many items the first few, and how many more there are. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages.message import Argument, Joined, JoinedBy, msg, nmsg


def first_few(items: Sequence[Argument], most: int) -> Joined:
    """ "a, b, c" or, of more than `most`, "a, b and 3 more"."""
    first = Joined(tuple(items[:most]), JoinedBy.COMMA)
    if len(items) <= most:
        return first
    return Joined((first, nmsg("{n} more", "{n} more", n=len(items) - most)))


def sentence(text: str) -> str:
    """A text with a full stop behind it, where it has no end of its own."""
    return text if text.endswith((".", "!", "?")) else msg("{text}.", text=text)


def sentences(*parts: str) -> str:
    """Sentences behind one another, without those that are ""."""
    said = ""
    for part in filter(None, parts):
        said = msg("{first} {second}", first=said, second=part) if said else part
    return said
