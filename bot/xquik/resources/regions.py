"""Places with trends: twelve that people ask for by many names, and any other by its name at Xquik.

WOEIDs are Yahoo's "where on earth" ids, as the Xquik documentation lists them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

import msgspec

from bot.core.errors import UsageError
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.xquik.models import TrendLocation


class Region(msgspec.Struct, frozen=True):
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


_LONGEST_WOEID: Final = 10
_BY_NAME: Final = {
    _fold(name): region
    for region in REGIONS
    for name in (region.name, region.code, str(region.woeid), *region.aliases)
}


def known_region(text: str) -> Region | None:
    """The region somebody means, None for none of the twelve."""
    return _BY_NAME.get(_fold(text))


def country_asked(text: str) -> str | None:
    """A country as Xquik knows it: the code of one that people call by many names, else what was written."""
    region = known_region(text)
    return region.code if region is not None and region is not REGIONS[0] else text.strip() or None


class PlaceAsked(msgspec.Struct, frozen=True):
    """A place as Xquik is asked for it: by its WOEID, or (None) by its name, with its country where two share
    a name."""

    name: str
    woeid: int | None = None
    country: str | None = None

    @property
    def query(self) -> dict[str, str | int | None]:
        """As parameters of a request."""
        if self.woeid is not None:
            return {"woeid": self.woeid}
        return {"location": self.name, "country": self.country}

    @property
    def key(self) -> str:
        """What tells it from other places."""
        return str(self.woeid) if self.woeid is not None else _fold(f"{self.name}, {self.country or ''}")


WORLDWIDE: Final = PlaceAsked(REGIONS[0].name, REGIONS[0].woeid)


def place_asked(text: str, known: Iterable[TrendLocation] = ()) -> PlaceAsked:
    """The place somebody means: a region, one of those that are known, a WOEID, or a name ("Valencia, Spain")
    that Xquik knows or not."""
    region = known_region(text)
    if region is not None:
        return PlaceAsked(region.name, region.woeid)
    wanted = _fold(text)
    for one in known:
        if wanted == _fold(one.full_name):
            return PlaceAsked(one.full_name, one.woeid)
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= _LONGEST_WOEID:
        return PlaceAsked(wanted, int(wanted))
    name, _, country = text.partition(",")
    return PlaceAsked(name.strip(), country=country_asked(country))


def find_region(text: str) -> Region:
    """The region somebody means; UsageError that lists the choices otherwise."""
    region = known_region(text)
    if region is None:
        raise no_such_place()
    return region


def no_such_place() -> UsageError:
    """That X has no trends for a place, and for which it has."""
    known = tuple(msg("{region} ({code})", region=one.name, code=one.code) for one in REGIONS)
    return UsageError(
        msg("X has no trends for that place."),
        option="region",
        example="trends show region:US",  # no message: a command
        remedy=msg(
            "Choose one of: {names}; or find others with `trends places`.",
            names=Joined(known, JoinedBy.COMMA),
        ),
    )
