"""When two texts are the same to who reads them: people's words against the texts of X. Pure.

Compared is the folded form: compatibility forms, case (Turkish dotted and dotless i alike), apostrophes,
quotes, dashes, white space and line ends are one, and what nobody sees is gone. Words are looked for as
whole words: `art` is not in "Starting". `art*`, `*art` and `*art*` also find longer words that begin with
it, end with it or have it inside. Scripts that are written without spaces have no word ends that could be
seen, so there a word is found wherever it stands; an emoji is a word of its own.

To find a word is one search by the interpreter in a text that is folded and marked once, so the time is
linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from bot.core.text.emoji import SUBDIVISION_FLAGS
from bot.core.text.invisible import without_unseen
from bot.core.text.unicode_sets import (
    IDEOGRAPHIC,
    PICTOGRAPHIC,
    SYLLABIC,
    UNSPACED,
    character_class,
    marks,
    without,
)

PART: Final = "*"
# Stands on both sides of a word; no folded text has it.
_EDGE: Final = "\x00"
_LINE_ENDS: Final = re.compile("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("’‘‛ʼʻʹ′`´＇՚׳ꞌ", "'"),
        **dict.fromkeys("“”„‟«»″״＂〝〞〟", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
        "〜": "~",
        # An emoji is one with and without the selector of its form; joiners only help to draw letters.
        **dict.fromkeys("\ufe0e\ufe0f\u200b\u200c"),
    }
)
_JOINER: Final = "\u200d"
_DOT: Final = "i\u0307"
_PICTURES: Final = character_class(PICTOGRAPHIC)
_TONES: Final = "\U0001f3fb-\U0001f3ff"
_PICTURE: Final = f"[{_PICTURES}][{_TONES}]?"
_NO_SPACES: Final = f"{UNSPACED} {IDEOGRAPHIC} {SYLLABIC}"
_ASCII_WORDS: Final = re.compile(r"\w+", re.ASCII)


@cache
def _stray_joiner() -> re.Pattern[str]:
    return re.compile(f"(?<![{_PICTURES}{_TONES}])\u200d|\u200d(?![{_PICTURES}])")


@cache
def _words() -> re.Pattern[str]:
    return re.compile(
        f"{'|'.join(SUBDIVISION_FLAGS)}|{_PICTURE}(?:\u200d{_PICTURE})*|[\U0001f1e6-\U0001f1ff]{{2}}"
        rf"|(?:[^\W{character_class(_NO_SPACES)}]|[{character_class(without(marks(), _NO_SPACES))}])+"
    )


# More marks on one letter than any language has: to put them in order would take a time that grows with
# the square of their number.
_HEAP: Final = 65


@cache
def _heap() -> re.Pattern[str]:
    return re.compile(f"[{character_class(marks())}]{{{_HEAP}}}")


def folded(text: str) -> str:
    """The form in which texts are compared."""
    plain = without_unseen(_LINE_ENDS.sub(" ", text)).replace(_EDGE, "")
    if not plain.isascii():
        return _folded(plain)
    return " ".join(plain.replace("`", "'").lower().split())


def same(one: str, other: str) -> bool:
    """Whether two texts are the same to who reads them."""
    return folded(one) == folded(other)


def contains(text: str, word: str) -> bool:
    """Whether a word or phrase stands in the text. word: as a person writes it, with `*` for parts."""
    return _needle(word) in _marked(text)


def blank_word(word: str) -> bool:
    """Whether it is no word at all: nothing in it is seen, or nothing but `*`."""
    return not folded(word).strip(f"{PART} ")


def _folded(text: str) -> str:
    alike = text.translate(_ALIKE)
    if len(alike) >= _HEAP and _heap().search(alike):
        plain = alike.casefold()
    else:
        # Once more after the case: some letters are composed of others then.
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", alike).casefold())
    plain = plain.replace(_DOT, "i").replace("ı", "i")
    if _JOINER in plain:
        plain = _stray_joiner().sub("", plain)
    return " ".join(plain.split())


@lru_cache(maxsize=8)
def _marked(text: str) -> str:
    """The folded text with an edge on both sides of each word. An event is asked about by many routes in
    turn, and its text may be long."""
    plain = folded(text)
    words = _ASCII_WORDS if plain.isascii() else _words()
    return words.sub(rf"{_EDGE}\g<0>{_EDGE}", plain)


@lru_cache(maxsize=20_000)
def _needle(word: str) -> str:
    plain = folded(word)
    bare = plain.strip(PART).strip() or plain
    found = _marked.__wrapped__(bare)
    if bare == plain:
        return found
    if plain.startswith(PART):
        found = found.removeprefix(_EDGE)
    return found.removesuffix(_EDGE) if plain.endswith(PART) else found
