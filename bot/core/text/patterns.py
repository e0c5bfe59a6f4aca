"""Regular expressions that people write, by RE2: their time is linear in the text and their memory is
bounded, so that no pattern and no tweet can hold up the others. The only module that imports it.

Linear is not quick: against a text made for it, RE2 follows every way through a pattern at once, at some
10 ns for each step of the pattern and character of the text. So both are bounded here.
"""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import Any

import re2

from bot.core.messages.message import msg
from bot.core.text import pattern_reading

# Characters of a pattern, and steps it is written out to: a few characters can stand for many thousands.
LONGEST = 500
LARGEST = 1_500
# Characters of a text in which it is looked for.
LOOKED_AT = 4_000
# Bytes that a compiled pattern may take, and how many are kept.
_MEMORY = 1 << 17
_KEPT = 1_000


class PatternError(ValueError):
    """The pattern cannot be used; the message says why, for the person who wrote it."""


def check(pattern: str) -> None:
    """Raise PatternError for what `found` could not use."""
    if len(pattern) > LONGEST:
        raise PatternError(
            msg("it has {count} characters; the limit is {longest}", count=len(pattern), longest=LONGEST)
        )
    if letter := pattern_reading.without_a_boundary(pattern):
        raise PatternError(
            msg(
                "\\b knows only ASCII letters and sees no word boundary at {letter}; leave it out",
                letter=repr(letter),
            )
        )
    _compiled(pattern)


def found(pattern: str, text: str) -> bool:
    """Whether the pattern matches in the first `LOOKED_AT` characters of the text.

    PatternError for one that `check` refuses.
    """
    looked_at = text[:LOOKED_AT]
    if pattern_reading.folds(pattern):
        looked_at = pattern_reading.alike(looked_at)
    made, words = _compiled(pattern)
    return bool(made.search(pattern_reading.apart(looked_at) if words else looked_at))


def steps(pattern: str) -> int:
    """How much work the pattern is for each character, at worst. PatternError as in `check`."""
    return int(_compiled(pattern)[0].programsize)


@lru_cache(maxsize=_KEPT)
def _compiled(pattern: str) -> tuple[Any, bool]:
    """The pattern for RE2, and whether its `\\w` knows every script. One that would be too large so, as few
    are, is read as RE2 does: routes of earlier versions have some."""
    if pattern_reading.has_words(pattern):
        with contextlib.suppress(PatternError):
            return _made(pattern, words=True), True
    return _made(pattern, words=False), False


def _made(pattern: str, *, words: bool) -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        made = re2.compile(pattern_reading.translated(pattern, words=words), options)
    except re2.error as error:
        said = error.args[0] if error.args else msg("it is not a regular expression")
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        raise PatternError(text) from None
    if made.programsize > LARGEST:
        raise PatternError(
            msg(
                "written out it has {programsize} steps; {largest} is the limit: repeat less",
                programsize=made.programsize,
                largest=LARGEST,
            )
        )
    return made
