"""Regular expressions that people write, by RE2: their time is linear in the text and their memory is
bounded, so that no pattern and no tweet can hold up the others. The only module that imports it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

# Bytes a compiled pattern may take, and characters it may have.
_MEMORY = 1 << 20
LONGEST = 500


class PatternError(ValueError):
    """The pattern cannot be used; the message says why, for the person who wrote it."""


def check(pattern: str) -> None:
    """Raise PatternError for what `found` could not use."""
    if len(pattern) > LONGEST:
        msg = f"it has {len(pattern)} characters; {LONGEST} fit"
        raise PatternError(msg)
    _compiled(pattern)


def found(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere in the text. PatternError for one that `check` refuses."""
    return bool(_compiled(pattern).search(text))


@lru_cache(maxsize=2_000)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else "it is not a regular expression"
        text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise PatternError(text) from None
