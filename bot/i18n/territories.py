"""Countries by the names that CLDR has for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.core.text.sameness import folded

_CODE = 2  # letters; what is longer are parts of the world


def country_named(name: str) -> str | None:
    """The ISO 3166 code of a country by its English name, in whatever case: "PT" for Portugal; None where
    there is no such country."""
    return _by_name().get(folded(name.strip()))


@cache
def _by_name() -> Mapping[str, str]:
    from babel import Locale

    territories = Locale("en").territories
    return {folded(name): code for code, name in territories.items() if len(code) == _CODE and code.isalpha()}
