"""Characters that nobody sees, in one list for everything: what is shown of a text, what is warned of,
and what is no text at all. Pure.

A character of the list is legitimate where its script or emoji needs it: a joiner in Persian, Hindi or
a family of emoji, the selector that makes a heart red. There it is left as it is. Anywhere else it is
unseen: taken out of texts that are not ours, and shown by its number in a text that is to be posted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from bot.core.messages.message import Joined, JoinedBy, nmsg
from bot.core.text.emoji import SUBDIVISION_FLAGS
from bot.core.text.unicode_sets import (
    BLANK,
    CONTROL,
    DEFAULT_IGNORABLE,
    FORMAT,
    IDEOGRAPHIC,
    JOINED,
    PICTOGRAPHIC,
    REORDERING,
    UNSPACED,
    character_class,
    characters,
)

_LISTED: Final = character_class(CONTROL, DEFAULT_IGNORABLE, FORMAT, BLANK)
# A run of them, or a whole flag made of tags, or a run of Braille with something in it.
_RUNS: Final = re.compile(
    f"(?P<flag>{'|'.join(SUBDIVISION_FLAGS)})"
    f"|(?P<braille>\u2800*[\u2801-\u28ff][\u2800-\u28ff]*)"
    f"|(?P<run>[{_LISTED}]+)"
)
_LISTED_ONE: Final = re.compile(f"[{_LISTED}]")
_VISIBLE: Final = re.compile(f"[^\\s{_LISTED}]")
_REORDERS: Final = re.compile(f"[{character_class(REORDERING)}]")

_PICTURED: Final = characters(PICTOGRAPHIC)
_JOINED: Final = characters(JOINED)
_UNSPACED: Final = characters(UNSPACED)
_TONES: Final = characters("1F3FB-1F3FF")
_KEYS: Final = frozenset("0123456789#*")
_JOINER, _NON_JOINER, _BREAK = "\u200d", "\u200c", "\u200b"
_AS_TEXT, _AS_EMOJI = "\ufe0e", "\ufe0f"
_KEYCAP = "\u20e3"
_ENDS: Final = frozenset({*_TONES, _AS_EMOJI})
_MONGOLIAN: Final = characters("1820-18AA")
_MONGOLIAN_SELECTORS: Final = characters("180B-180F")
_SELECTORS: Final = characters("FE00-FE0F E0100-E01EF")
# So many alike in a row are told by their number.
_RUN: Final = 4
_NAMED: Final = 6  # kinds of characters that are told


@cache
def _ideographic() -> re.Pattern[str]:
    return re.compile(f"[{character_class(IDEOGRAPHIC)}]")


def blank(text: str) -> bool:
    """Whether there is nothing to be seen in it."""
    return _VISIBLE.search(text) is None


def without_unseen(text: str) -> str:
    """The text without what nobody sees; tabs and line feeds stay."""
    return text if text.isascii() and text.isprintable() else _each(text, lambda _char, _count: "")


def marked(text: str) -> str:
    """The text with each unseen character shown by its number: "pay⟨U+200B⟩pal", "⟨90 × U+3164⟩".

    It holds nothing that `without_unseen` takes out.
    """
    return _each(text, _mark)


def unseen(text: str) -> Counter[str]:
    """How often each character stands in it that nobody sees."""
    found: Counter[str] = Counter()

    def count(char: str, times: int) -> str:
        found[char] += times
        return ""

    _each(text, count)
    return found


def only_unseen(text: str) -> str:
    """The numbers of its characters, as "U+3164, U+200B", where it is made of unseen ones and white space;
    nothing for other texts, and where it is empty or white space alone."""
    if not blank(text):
        return ""
    kinds = [number(char) for char in unseen(text)]
    if len(kinds) <= _NAMED:
        return ", ".join(kinds)
    named = Joined(tuple(kinds[:_NAMED]), JoinedBy.COMMA)
    more = len(kinds) - _NAMED
    return nmsg("{kinds}, {n} other kind", "{kinds}, {n} other kinds", n=more, kinds=named)


def reorders(text: str) -> bool:
    """Whether a character in it can show the text in another order than it has."""
    return _REORDERS.search(text) is not None


def number(char: str) -> str:
    """A character by its number, as "U+3164"."""
    return f"U+{ord(char):04X}"


def _mark(char: str, times: int) -> str:
    return f"⟨{times} × {number(char)}⟩" if times >= _RUN else f"⟨{number(char)}⟩" * times


def _each(text: str, write: Callable[[str, int], str]) -> str:
    """The text with `write(character, how often in a row)` in place of what is unseen."""

    def rewrite(match: re.Match[str]) -> str:
        if match.lastgroup != "run":
            return match[0]
        return "".join(char if lawful else write(char, times) for char, times, lawful in _told(text, match))

    return _RUNS.sub(rewrite, text)


def _told(text: str, match: re.Match[str]) -> Iterator[tuple[str, int, bool]]:
    """The characters of a run, equal neighbours as one, and whether each is legitimate where it is."""
    start, end = match.span()
    position = start
    while position < end:
        char = text[position]
        if _lawful(text, position):
            yield char, 1, True
            position += 1
            continue
        last = position + 1
        while last < end and text[last] == char:
            last += 1
        yield char, last - position, False
        position = last


def _lawful(text: str, position: int) -> bool:
    """Whether the script or the emoji around it needs the character."""
    char, before, after = text[position], text[position - 1 : position], text[position + 1 : position + 2]
    if not before or not _lawful_before(text, position - 1):
        return False
    if char in _SELECTORS:
        return _selects(char, before, after)
    if char == _JOINER and after in _PICTURED and (before in _PICTURED or before in _ENDS):
        return True
    if char in (_JOINER, _NON_JOINER):
        return before in _JOINED and _written(before)
    if char == _BREAK:
        return before in _UNSPACED and after in _UNSPACED
    return char in _MONGOLIAN_SELECTORS and before in _MONGOLIAN


def _lawful_before(text: str, position: int) -> bool:
    """Whether the character before can bear one at all: it is seen, or the selector of an emoji."""
    char = text[position]
    if char == _AS_EMOJI:
        return text[position - 1 : position] in _PICTURED
    return _LISTED_ONE.match(char) is None


def _selects(char: str, before: str, after: str) -> bool:
    """Whether a variation selector chooses between forms that there are."""
    if char in (_AS_TEXT, _AS_EMOJI):
        return before in _PICTURED or (before in _KEYS and after == _KEYCAP)
    return _ideographic().match(before) is not None


def _written(char: str) -> bool:
    """Whether it is a letter, or a mark on one."""
    return unicodedata.category(char)[0] in "LM"
