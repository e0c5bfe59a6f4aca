"""Characters nobody sees that change how a text is read. Pure."""

from __future__ import annotations

from typing import Final

_REORDERING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH: Final = frozenset("\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff")
# Zero-width joiners make one emoji of several, and are letters' neighbours in many scripts.
_JOINERS: Final = frozenset("\u200c\u200d")
_TAGS: Final = range(0xE0000, 0xE0080)
_FLAG: Final = "\U0001f3f4"


def reorders(text: str) -> bool:
    """Whether a character in it can show the text in another order than it has."""
    return any(char in _REORDERING for char in text)


def hides(text: str) -> bool:
    """Whether it has characters without any width, other than those that join letters or emoji."""
    for position, char in enumerate(text):
        if char in _ZERO_WIDTH:
            return True
        if char in _JOINERS and not _joins(text, position):
            return True
        if ord(char) in _TAGS and _FLAG not in text[:position]:
            return True
    return False


def _joins(text: str, position: int) -> bool:
    """Whether a joiner stands between two characters that it can join."""
    around = text[position - 1 : position] + text[position + 1 : position + 2]
    return len(around) == 2 and not any(char.isascii() or char in _JOINERS for char in around)
