"""A long text as the parts of a thread: by X's weighted length, at the ends of sentences. Pure.

A part ends behind a sentence or a line, where that leaves no part too long; else between words, and in a
word that fits into no part between characters as people see them. A link stays whole. Three dashes, alone in
a line or between spaces, end a part where the author wants it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bot.core.text.graphemes import boundary
from bot.core.x.tweet_text import POST_LIMIT, weighted_length

MOST_PARTS: Final = 25
"""Parts of one thread."""
BREAK: Final = "---"
"""What ends a part."""
_ENDS: Final = frozenset(".!?…。！？؟।")
# Behind these no space is needed.
_UNSPACED: Final = frozenset("。！？")
_CLOSING: Final = frozenset("\"'”’»)]』」")


def joined(parts: Iterable[str]) -> str:
    """The text that splits into these parts again."""
    return f"\n{BREAK}\n".join(parts)


def split(text: str, limit: int = POST_LIMIT) -> tuple[str, ...]:
    """The parts, in order, none of which is empty or longer than the limit. limit: weighted."""
    found: list[str] = []
    for section in _sections(text):
        found.extend(_joined(_pieces(section, limit), limit))
    return tuple(found)


def _sections(text: str) -> Iterator[str]:
    kept: list[str] = []
    for line in text.split("\n"):
        # Where a text is typed in one line, the dashes stand between spaces.
        first, *others = f" {line} ".split(f" {BREAK} ")
        kept.append(first.strip())
        for other in others:
            yield "\n".join(kept)
            kept = [other.strip()]
    yield "\n".join(kept)


def _joined(pieces: Iterator[str], limit: int) -> Iterator[str]:
    """As many pieces in a part as fit."""
    part = ""
    for piece in pieces:
        if part and weighted_length((part + piece).strip()) > limit:
            if part.strip():
                yield part.strip()
            part = ""
        part += piece
    if part.strip():
        yield part.strip()


def _pieces(text: str, limit: int) -> Iterator[str]:
    """What a part may end behind, each short enough for one."""
    for sentence in _sentences(text):
        if weighted_length(sentence.strip()) <= limit:
            yield sentence
            continue
        for word in _words(sentence):
            yield from _cut(word, limit)


def _sentences(text: str) -> Iterator[str]:
    """Sentences and lines, each with the space behind it."""
    begun, at = 0, 0
    while at < len(text):
        char = text[at]
        at += 1
        if char != "\n":
            if char not in _ENDS:
                continue
            while at < len(text) and (text[at] in _ENDS or text[at] in _CLOSING):
                at += 1
            if at < len(text) and not text[at].isspace() and char not in _UNSPACED:
                continue  # 3.5, x.com
        while at < len(text) and text[at].isspace():
            at += 1
        yield text[begun:at]
        begun = at
    if begun < len(text):
        yield text[begun:]


def _words(sentence: str) -> Iterator[str]:
    begun, spaced = 0, False
    for at, char in enumerate(sentence):
        if spaced and not char.isspace():
            yield sentence[begun:at]
            begun = at
        spaced = char.isspace()
    yield sentence[begun:]


def _cut(word: str, limit: int) -> Iterator[str]:
    """A word, in pieces where no part takes it."""
    while weighted_length(word.strip()) > limit:
        # No character weighs more than 2, so half of the limit always fits.
        at = boundary(word, limit // 2) or limit // 2
        yield word[:at]
        word = word[at:]
    yield word
