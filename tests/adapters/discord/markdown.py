"""An independent reading of Discord's markdown: what a text shows, and what in it does something."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Characters that do something when no backslash stands before them.
_ACTIVE = set("*_~`|[]<>")
_LINE_MARK = re.compile(r"(?m)^[ \t]*(?:#{1,3}|-#|[-+*]|\d+\.|>>>|>)(?:\s|$)")
_ADDRESS = re.compile(r"(?:https?|discord|steam)://", re.IGNORECASE)
_RAW_MENTION = re.compile(r"<@|@everyone|@here", re.IGNORECASE)


def shown(text: str) -> str:
    """What is read: backslashes before marks are gone."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def doings(text: str) -> Iterator[str]:
    """Everything in a text that Discord would not simply show."""
    hidden = re.sub(r"\\[^0-9A-Za-z\s]", "x", text)
    yield from (f"mark {c!r}" for c in hidden if c in _ACTIVE)
    yield from (f"line mark {m!r}" for m in _LINE_MARK.findall(hidden))
    yield from (f"address {m!r}" for m in _ADDRESS.findall(text))
    yield from (f"mention {m!r}" for m in _RAW_MENTION.findall(text))
