"""The plural categories of a language (CLDR's: one, two, few …), by which browsers choose a form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from bot.i18n.languages import PSEUDO, SOURCE

OTHER: Final = "other"
"""The category that every language has; where no whole number is of it, the largest one stands for it."""
_ENGLISH: Final = {"one": 1, OTHER: 2}
_TRIED: Final = (*range(201), 1_000, 1_000_000)


@cache
def numbers_of(tag: str) -> Mapping[str, int]:
    """A number of each category, to ask a catalogue for its form with. tag: as of `bot.i18n.languages`."""
    if tag in (SOURCE, PSEUDO):
        return _ENGLISH
    from babel import Locale

    category_of = Locale.parse(tag, sep="-").plural_form
    found: dict[str, int] = {}
    for number in _TRIED:
        found.setdefault(category_of(number), number)
    found.setdefault(OTHER, _TRIED[-1])
    return found
