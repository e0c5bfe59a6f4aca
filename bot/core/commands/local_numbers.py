"""The numbers that a place gives to what Xquik names by ids of its own: #1, #2, #3. Pure.

A number alone is an id of Xquik; with # before it, it is a number of the place.
"""

from __future__ import annotations

import re
from typing import Final

from bot.core.text.invisible import without_unseen
from bot.core.text.numerals import ascii_digits

# A # as Latin, Chinese and Japanese keyboards write it, and small.
_WRITTEN: Final = re.compile(r"[#\uff03\ufe5f] {0,2}([0-9]{1,9})", re.ASCII)
_LONGEST: Final = 40  # characters, marks that nobody sees among them


def local_number(text: str) -> int | None:
    """The number in `#3` (in the digits of any script), None for anything else."""
    if len(text) > _LONGEST or not ("#" in text or "\uff03" in text or "\ufe5f" in text):
        return None
    found = _WRITTEN.fullmatch(ascii_digits(without_unseen(text).strip()))
    return int(found[1]) if found and int(found[1]) > 0 else None


def number_in_digits(text: str) -> int | None:
    """The number that somebody may have meant by digits alone (of any script), None for anything else."""
    return local_number(f"#{text.strip()}") if len(text) <= _LONGEST else None


def written(number: int) -> str:
    """How a number of the place is written."""
    return f"#{number}"
