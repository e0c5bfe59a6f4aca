"""Cells as files hold them: no formula, nothing that a format cannot hold. Pure.

What stands in a cell is written by strangers, and a spreadsheet takes text that begins like a formula for one
(CSV injection, OWASP). Such a text gets an apostrophe in front, which spreadsheets read as "this is text".
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Final, TypeAlias

Cell: TypeAlias = str | int | float | bool | datetime | tuple[str, ...] | None
"""As `bot.core.commands.listing.Cell`."""

LONGEST: Final = 32_767
"""UTF-16 units that a cell of Excel holds."""
CUT: Final = "…"
_EXACT: Final = 10**15
"""From here on a spreadsheet rounds the digits of a number."""
# What begins a formula, also in full width as Excel takes it.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What a reader may skip before it looks for one.
_SKIPPED: Final = " \u00a0\ufeff\u200b"
_BREAKS: Final = ("\t", "\r", "\n")
# What XML 1.0 has no way to say, and lone surrogates, which UTF-8 has none for.
_UNSAYABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def sayable(text: str) -> str:
    """The text with U+FFFD for each character that XML or UTF-8 cannot hold. Line ends stay."""
    return _UNSAYABLE.sub("\ufffd", text)


def neutral(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    dangerous = text.startswith(_BREAKS) or text.lstrip(_SKIPPED).startswith(_FORMULA)
    return f"'{text}" if dangerous else text


def plain(cell: Cell) -> str | int | float | bool | list[str] | None:
    """A cell as JSON has it: a moment in ISO 8601 with its offset, what is no finite number as a word,
    several texts as a list.

    ValueError for a moment without a zone.
    """
    match cell:
        case datetime():
            if cell.tzinfo is None:
                raise ValueError("a moment in a file has its zone")
            return cell.isoformat()
        case str():
            return sayable(cell)
        case tuple():
            return [sayable(text) for text in cell]
        case float() if not math.isfinite(cell):
            return str(cell)
        case _:
            return cell


def tabled(cell: Cell) -> str | int | float | bool | None:
    """A cell as spreadsheets have it: `plain`, without formulas; a number whose digits would be rounded is
    a text."""
    value = plain(cell)
    if isinstance(value, list):
        return neutral(" ".join(value))
    if isinstance(value, str):
        return neutral(value) if isinstance(cell, str) else value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT:
        return str(value)
    return value


def cut_cell(cell: Cell, most: int) -> Cell:
    """A text of at most so many UTF-16 units, with … where it was cut; anything else as it is. most: 1 or
    more."""
    if not isinstance(cell, str) or len(cell) * 2 <= most:
        return cell
    units = cell.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * most:
        return cell
    return units[: 2 * (most - 1)].decode("utf-16-le", "ignore") + CUT
