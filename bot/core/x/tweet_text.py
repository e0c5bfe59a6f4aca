"""How long the text of a tweet is for X, which counts weights and not characters.

Source: X's public counting rules (configuration version 3). The text is NFC-normalised first. Latin
and most other alphabetic characters weigh 1; everything else, CJK and emoji included, weighs 2; an
emoji of several characters weighs 2 as a whole; a link weighs 23 however long it is.

The scan is linear in the length of the text: a message of 25,000 characters takes milliseconds.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import Final

from bot.core.text.emoji import sequence
from bot.core.x.links import find_links

POST_LIMIT: Final = 280
"""Weighted length of an ordinary post."""
NOTE_LIMIT: Final = 25_000
"""Weighted length of a long note."""
LINK_WEIGHT: Final = 23

# Characters of weight 1, as starts and (exclusive) ends in turn; all others weigh 2.
_LIGHT: Final = (0, 4352, 8192, 8206, 8208, 8224, 8242, 8248)
_MARKS: Final = 64
_HALF: Final = re.compile("[\ud800-\udfff]")
_LINE_END: Final = re.compile("\r\n|\r")


def weighted_length(text: str) -> int:
    """The length of `text` as X counts it."""
    normal = _LINE_END.sub("\n", text if _heaped(text) else unicodedata.normalize("NFC", text))
    total = 0
    position = 0
    for link in find_links(normal):
        total += _weight(normal[position : link.start]) + LINK_WEIGHT
        position = link.end
    return total + _weight(normal[position:])


def _heaped(text: str) -> bool:
    """Whether more marks stand on one letter than any language puts there.

    Normalising sorts the marks of a letter, in a time that grows with the square of their number; no
    letter with so many has a composed form that would make the text shorter.
    """
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > _MARKS:
            return True
    return False


def half_characters(text: str) -> bool:
    """Whether it holds halves of characters, which are no text and cannot be sent."""
    return _HALF.search(text) is not None


def fits(text: str, note: bool = False) -> bool:
    """Whether X takes the text: something is in it, and not too much. note: as a long note."""
    return 0 < weighted_length(text) <= (NOTE_LIMIT if note else POST_LIMIT)


def _weight(plain: str) -> int:
    """The weight of text without links."""
    total = 0
    position = 0
    for emoji in sequence().finditer(plain):
        total += _weigh_characters(plain[position : emoji.start()]) + 2
        position = emoji.end()
    return total + _weigh_characters(plain[position:])


def _weigh_characters(plain: str) -> int:
    if plain.isascii():
        return len(plain)
    return sum(1 if bisect_right(_LIGHT, ord(char)) % 2 else 2 for char in plain)
