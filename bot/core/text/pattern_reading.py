r"""What people mean by a pattern and RE2 reads otherwise. Pure, and linear in the pattern.

`{,2}` is plain text to RE2 and `{0,2}` to everybody else. Its `\d` and `\s` know ASCII alone: digits and
spaces of every script are folded to ASCII's in the pattern and in the text it is looked for in, which costs
no step (`\p{Nd}` would cost 268 of the 1,500 a pattern may have). For `\w` every other character that is no
letter is moved behind all letters, again in the pattern and in the text, so that the letters of every script
are one range (`[\p{L}\p{M}\p{N}_]` would cost 1,380 steps and this 13).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from bot.core.messages.message import msg

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
_WORD_ESCAPE: Final = re.compile(r"(?s)\\.")
_RANGE_BEYOND: Final = re.compile(r"[^\x00-\x7f]-|-[^\x00-\x7f]")
_FIRST_MOVED: Final = 0xF0000  # behind all letters: private use, with room for each of the signs
# Format characters, signs, spaces and punctuation but "_" and its like; what makes an emoji of a character.
_APART: Final = frozenset(
    ("Cc", "Cf", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs")
)
_OF_EMOJI: Final = frozenset((*range(0xFE00, 0xFE10), 0x20E3))
_LETTERS: Final = r"\w\x{80}-\x{EFFFF}"
_NO_LETTERS: Final = r"\x{00}-/:-@\[-\^`\{-\x{7F}\x{F0000}-\x{10FFFF}"


@cache
def _alike() -> dict[int, str]:
    return {
        **_SPACES,
        **{
            number: str(unicodedata.decimal(chr(number)))
            for number in range(0x80, _LAST_DIGIT + 1)
            if chr(number).isdecimal()
        },
    }


@cache
def _moved() -> dict[int, int]:
    return {
        number: _FIRST_MOVED + number
        for number in range(0x80, 0x20000)
        if unicodedata.category(chr(number)) in _APART or number in _OF_EMOJI
    }


def undelimited(pattern: str) -> str:
    """`/launch/i`, as other languages write it, in RE2's way; ValueError for a flag that has no such way."""
    slashed = _SLASHED.fullmatch(pattern)
    if slashed is None:
        return pattern
    unknown = next((flag for flag in slashed["flags"] if flag not in _FLAGS + _NEEDLESS), None)
    if unknown is not None:
        raise ValueError(
            msg("the flag {unknown} behind /…/ is not known; i, m and s are", unknown=repr(unknown))
        )
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


def translated(pattern: str, *, words: bool = False) -> str:
    """The pattern as RE2 is to read it. words: `\\w` knows every script, in a text that `apart` has read."""
    read = _PARTS.sub(lambda part: f"{{0{part[0][1:]}" if part["most"] else part[0], pattern)
    if words:
        return _PARTS.sub(lambda part: _with_letters(part[0]), apart(alike(read)))
    return alike(read) if folds(pattern) else read


@lru_cache(maxsize=512)
def has_words(pattern: str) -> bool:
    """Whether `\\w` or `\\W` stands in the pattern, and letters can be told from the rest by `apart`. Not
    beside a range like [À-ÿ], whose ends would move."""
    parts = [part[0] for part in _PARTS.finditer(pattern)]
    classes = [part for part in parts if part[0] == "[" and len(part) > 1]
    found = any(part in ("\\w", "\\W") for part in parts)
    found = found or any({"\\w", "\\W"} & set(_WORD_ESCAPE.findall(part)) for part in classes)
    return found and folds(pattern) and not any(_RANGE_BEYOND.search(part) for part in classes)


def apart(text: str) -> str:
    """The text with all that is no letter, mark or number moved behind those; as long as before."""
    return text if text.isascii() else text.translate(_moved())


def _with_letters(part: str) -> str:
    if part == "\\w":
        return f"[{_LETTERS}]"
    if part == "\\W":
        return f"[^{_LETTERS}]"
    if part[0] != "[" or len(part) == 1:
        return part
    inside = {"\\w": _LETTERS, "\\W": _NO_LETTERS}
    return _WORD_ESCAPE.sub(lambda escape: inside.get(escape[0], escape[0]), part)


def folds(pattern: str) -> bool:
    """Whether the pattern is looked for in the folded text."""
    return _EXACT.search(pattern) is None


def alike(text: str) -> str:
    """The text with ASCII's digits and spaces for those of every script; as long as before."""
    return text if text.isascii() else text.translate(_alike())
