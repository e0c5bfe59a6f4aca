"""The twelve regions that trends are kept for, found by name, code or WOEID.

WOEIDs are Yahoo's "where on earth" ids, as the Xquik documentation lists them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.core.errors import UsageError
from bot.core.messages.message import Joined, JoinedBy, msg


@dataclass(frozen=True, slots=True)
class Region:
    """One region. name: a message; code: its ISO 3166 code, or "global"; aliases: other names people type."""

    name: str
    code: str
    woeid: int
    aliases: tuple[str, ...] = ()


_AMERICA = ("usa", "america", "united states of america", "états-unis")  # no message: what people type
_BRITAIN = ("uk", "great britain", "britain", "england")  # no message: what people type
REGIONS: Final = (
    Region(msg("Worldwide"), "global", 1, ("world", "all", "everywhere", "ww")),
    Region(msg("United States"), "US", 23424977, _AMERICA),
    Region(msg("United Kingdom"), "GB", 23424975, _BRITAIN),
    Region(msg("Türkiye"), "TR", 23424969, ("turkey",)),
    Region(msg("Spain"), "ES", 23424950, ("españa",)),
    Region(msg("Germany"), "DE", 23424829, ("deutschland",)),
    Region(msg("France"), "FR", 23424819),
    Region(msg("Japan"), "JP", 23424856, ("日本", "nippon")),
    Region(msg("India"), "IN", 23424848, ("भारत", "bharat")),
    Region(msg("Brazil"), "BR", 23424768, ("brasil",)),
    Region(msg("Canada"), "CA", 23424775),
    Region(msg("Mexico"), "MX", 23424900, ("méxico",)),
)


def _fold(text: str) -> str:
    """Lower case without accents, and single spaces: "TÜRKİYE" and "turkiye" meet."""
    parts = unicodedata.normalize("NFKD", text.replace("ı", "i")).casefold()
    letters = "".join(char for char in parts if unicodedata.category(char) != "Mn" or char > "\u0900")
    return " ".join(letters.replace("-", " ").replace("_", " ").split())


_BY_NAME: Final = {
    _fold(name): region
    for region in REGIONS
    for name in (region.name, region.code, str(region.woeid), *region.aliases)
}


def known_region(text: str) -> Region | None:
    """The region somebody means, None for none of the twelve."""
    return _BY_NAME.get(_fold(text))


def find_region(text: str) -> Region:
    """The region somebody means; UsageError that lists the choices otherwise."""
    region = known_region(text)
    if region is None:
        known = tuple(msg("{region} ({code})", region=one.name, code=one.code) for one in REGIONS)
        raise UsageError(
            msg("Trends are not kept for that region."),
            option="region",
            example="trends show region:US",  # no message: a command
            remedy=msg("Choose one of: {names}.", names=Joined(known, JoinedBy.COMMA)),
        )
    return region
