"""Where a text may be cut: between two characters as people see them, never inside one. Pure.

The rules of Unicode's extended grapheme clusters (UAX 29), read backwards from a position: what is asked is
only whether two neighbours belong together. Where they are less sure, they keep more together.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from bot.core.text.unicode_sets import PICTOGRAPHIC, characters, marks

_JOINER: Final = "\u200d"
_PREPENDED: Final = characters(
    "600-605 6DD 70F 890-891 8E2 D4E 110BD 110CD 111C2-111C3 1193F 11941 11A3A 11A84-11A89"
)
# Viramas and their like, which bind the next letter to the one before.
_LINKERS: Final = characters(
    "94D 9CD ACD B4D C4D D4D 1039 17D2 1A60 1B44 1BAB A9C0 AAF6 "  # no message: code points
    "10A3F 11133 1193E 11A47 11A99"
)
_LEADING: Final = characters("1100-115F A960-A97C")
_VOWELS: Final = characters("1160-11A7 D7B0-D7C6")
_TRAILING: Final = characters("11A8-11FF D7CB-D7FB")  # no message: code points
_FIRST_SYLLABLE, _LAST_SYLLABLE, _WITH_TRAILING = 0xAC00, 0xD7A3, 28
_FIRST_REGIONAL, _LAST_REGIONAL = "\U0001f1e6", "\U0001f1ff"
# Characters of one cluster that are looked back at; more on one letter is no language, and is cut.
_LONGEST: Final = 64


# Marks, joiners, tones, tags, selectors, and what else extends the character before it.
@cache
def _extends() -> frozenset[str]:
    more = "200C-200D 1F3FB-1F3FF E0020-E007F E0100-E01EF FE00-FE0F FF9E-FF9F E33 EB3"  # no message: data
    return characters(f"{marks()} {more}")


@cache
def _pictures() -> frozenset[str]:
    return characters(PICTOGRAPHIC)


def boundary(text: str, limit: int) -> int:
    """The last place at or before `limit` where the text may be cut.

    Where a single heap of marks has no such place near, it is `limit` itself.
    """
    if limit >= len(text):
        return len(text)
    for position in range(limit, max(0, limit - _LONGEST), -1):
        if not _together(text, position):
            return position
    return 0 if limit <= _LONGEST and _one_cluster_fits(text, limit) else max(0, limit)


def _one_cluster_fits(text: str, limit: int) -> bool:
    """Whether what begins the text ends soon behind the limit: then nothing of it is better than a part."""
    return any(not _together(text, position) for position in range(limit + 1, min(len(text), _LONGEST) + 1))


def _together(text: str, position: int) -> bool:
    """Whether the characters on both sides of a position are one to who reads them."""
    if position <= 0 or position >= len(text):
        return False
    before, after = text[position - 1], text[position]
    if before == "\r":
        return after == "\n"
    if _is_control(before) or _is_control(after):
        return False
    if after in _extends() or before in _PREPENDED:
        return True
    return (
        _hangul(before, after)
        or (before == _JOINER and after in _pictures() and _pictured(text, position - 1))
        or _linked(text, position)
        or _half_flag(text, position)
    )


def _is_control(char: str) -> bool:
    if char in _extends() or char in _PREPENDED:
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")


def _hangul(before: str, after: str) -> bool:
    if before in _LEADING:
        return after in _LEADING or after in _VOWELS or _syllable(after)
    if before in _VOWELS or (_syllable(before) and (ord(before) - _FIRST_SYLLABLE) % _WITH_TRAILING == 0):
        return after in _VOWELS or after in _TRAILING
    return (before in _TRAILING or _syllable(before)) and after in _TRAILING


def _syllable(char: str) -> bool:
    return _FIRST_SYLLABLE <= ord(char) <= _LAST_SYLLABLE


def _pictured(text: str, joiner: int) -> bool:
    """Whether an emoji stands before the joiner, with or without tone and selector."""
    position = joiner - 1
    while position > max(0, joiner - _LONGEST) and text[position] in _extends() and text[position] != _JOINER:
        position -= 1
    return position >= 0 and text[position] in _pictures()


def _linked(text: str, position: int) -> bool:
    """Whether a virama binds the letter at the position to the one before."""
    if unicodedata.category(text[position]) != "Lo":
        return False
    back = position - 1
    while back > max(0, position - _LONGEST) and text[back] in _extends():
        if text[back] in _LINKERS:
            return True
        back -= 1
    return False


def _half_flag(text: str, position: int) -> bool:
    """Whether both sides are the halves of one flag: an odd number of such letters stands before."""
    if not _FIRST_REGIONAL <= text[position] <= _LAST_REGIONAL:
        return False
    back = position
    while back > 0 and _FIRST_REGIONAL <= text[back - 1] <= _LAST_REGIONAL:
        back -= 1
    return (position - back) % 2 == 1
