r"""What people mean by a pattern and RE2 reads otherwise. Pure, and linear in the pattern.

`{,2}` is plain text to RE2 and `{0,2}` to everybody else. Its `\d` and `\s` know ASCII alone: digits and
spaces of every script are folded to ASCII's in the pattern and in the text it is looked for in, which costs
no step (`\p{Nd}` would cost 268 of the 1,500 a pattern may have).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

_SLASHED: Final = re.compile(r"/(?P<inside>(?s:.+))/(?P<flags>[A-Za-z]{0,8})", re.ASCII)
_FLAGS: Final = "ims"
# JavaScript's flags that change nothing here: every character counts as one, and one match is enough.
_NEEDLESS: Final = "guy"
# \Q…\E, one escape, a class with what stands in it, or a repetition without its lower bound.
_PARTS: Final = re.compile(
    r"(?s)\\Q.*?(?:\\E|\Z)|\\.|(?P<most>\{,[0-9]{1,4}\})|\[\^?\]?(?:\[:\^?[a-z]{1,10}:\]|\\.|[^\]\\])*+\]?|."
)
# Classes and numbers of Unicode: who writes them means the characters as they are.
_EXACT: Final = re.compile(r"\\[xpP]")
_SPACES: Final = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
# The planes above hold ideographs and tags. A look at each of their characters would be most of a start.
_LAST_DIGIT: Final = 0x1FFFF
_ALIKE: Final = {
    **_SPACES,
    **{
        number: str(unicodedata.decimal(chr(number)))
        for number in range(0x80, _LAST_DIGIT + 1)
        if chr(number).isdecimal()
    },
}


def undelimited(pattern: str) -> str:
    """`/launch/i`, as other languages write it, in RE2's way; ValueError for a flag that has no such way."""
    slashed = _SLASHED.fullmatch(pattern)
    if slashed is None:
        return pattern
    unknown = next((flag for flag in slashed["flags"] if flag not in _FLAGS + _NEEDLESS), None)
    if unknown is not None:
        msg = f"the flag {unknown!r} behind /…/ is not known; i, m and s are"
        raise ValueError(msg)
    flags = "".join(flag for flag in _FLAGS if flag in slashed["flags"])
    inside = slashed["inside"].replace("\\/", "/")
    return f"(?{flags}){inside}" if flags else inside


def without_a_boundary(pattern: str) -> str:
    """The letter at which a `\\b` of the pattern sees no word begin or end; "" when there is none."""
    parts = [part[0] for part in _PARTS.finditer(pattern)]
    beside = (pair for pair in pairwise(parts) if not {"\\b", "\\B"}.isdisjoint(pair))
    return next((part for pair in beside for part in pair if _is_letter(part)), "")


def _is_letter(part: str) -> bool:
    """Whether it is a letter that RE2 takes for none."""
    return not part.isascii() and len(part) == 1 and unicodedata.category(part)[0] in "LMN"


def translated(pattern: str) -> str:
    """The pattern as RE2 is to read it."""
    read = _PARTS.sub(lambda part: f"{{0{part[0][1:]}" if part["most"] else part[0], pattern)
    return alike(read) if folds(pattern) else read


def folds(pattern: str) -> bool:
    """Whether the pattern is looked for in the folded text."""
    return _EXACT.search(pattern) is None


def alike(text: str) -> str:
    """The text with ASCII's digits and spaces for those of every script; as long as before."""
    return text if text.isascii() else text.translate(_ALIKE)
