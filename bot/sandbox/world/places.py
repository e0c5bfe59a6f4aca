"""Where posts are written: somewhere that people say they live, so that a search by place finds something."""

from __future__ import annotations

import hashlib
import math
import unicodedata
import zlib
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.records import Post
from bot.sandbox.world.people import PersonOfX

_KILOMETRES: Final = 6_371.0
"""The radius of the Earth."""
_ONE_IN: Final = 3
"""Of so many posts by somebody who says where they live one names the place."""


@dataclass(frozen=True, slots=True)
class PlaceOfX:
    """A city. longitude, latitude: degrees."""

    id: str
    name: str
    country: str
    code: str
    longitude: float
    latitude: float

    @property
    def full_name(self) -> str:
        """The city with its country."""
        return f"{self.name}, {self.country}"

    def distance(self, longitude: float, latitude: float) -> float:
        """Kilometres from a point."""
        here, there = math.radians(self.latitude), math.radians(latitude)
        turned = math.radians(longitude - self.longitude)
        cosine = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(turned)
        return math.acos(max(-1.0, min(1.0, cosine))) * _KILOMETRES

    def within(self, west: float, south: float, east: float, north: float) -> bool:
        """Whether a box holds it."""
        return west <= self.longitude <= east and south <= self.latitude <= north


_PLACES: Final = {
    place.name: place
    for place in (
        PlaceOfX("3078869807f9dd36", "Berlin", "Germany", "DE", 13.40, 52.52),
        PlaceOfX("682c5a667856ef42", "İstanbul", "Türkiye", "TR", 28.98, 41.01),
        PlaceOfX("68e019afec7d0ba5", "São Paulo", "Brazil", "BR", -46.63, -23.55),
        PlaceOfX("6fd60c09f4f5ee37", "Tokyo", "Japan", "JP", 139.69, 35.69),
        PlaceOfX("5cf2bc9f1d4a2d20", "Lagos", "Nigeria", "NG", 3.38, 6.52),
        PlaceOfX("8f9664a8ccd89e5c", "Toronto", "Canada", "CA", -79.38, 43.65),
        PlaceOfX("206c436ce43a43a3", "Madrid", "Spain", "ES", -3.70, 40.42),
        PlaceOfX("1b8680cd52a711cb", "Mumbai", "India", "IN", 72.88, 19.08),
        PlaceOfX("09f6a7707f18e0b1", "Paris", "France", "FR", 2.35, 48.86),
        PlaceOfX("457b4814b4240d87", "London", "United Kingdom", "GB", -0.13, 51.51),
        PlaceOfX("3ea6bd8fdfb4bd6a", "México", "Mexico", "MX", -99.13, 19.43),
        PlaceOfX("5d838f7a011f4a2d", "San Francisco", "United States", "US", -122.42, 37.77),
        PlaceOfX("1ee47d8b3c7a9a31", "Lisboa", "Portugal", "PT", -9.14, 38.72),
        PlaceOfX("59e4de38b9a08e2c", "İzmir", "Türkiye", "TR", 27.14, 38.42),
        PlaceOfX("75b3bd5d9c0f1a44", "Accra", "Ghana", "GH", -0.19, 5.60),
    )
}


@dataclass(frozen=True, slots=True)
class CountryOfX:
    """A country that cities lie in."""

    name: str
    code: str

    @property
    def id(self) -> str:
        """As the ids of cities, of the same form."""
        return hashlib.blake2b(self.code.encode(), digest_size=8).hexdigest()


_COUNTRIES: Final = {place.code: CountryOfX(place.country, place.code) for place in _PLACES.values()}


def holds(wanted: str, place: PlaceOfX) -> bool:
    """Whether a place is that of an id, or lies in it."""
    return wanted in (place.id, _COUNTRIES[place.code].id)


def places_like(text: str) -> list[dict[str, Any]]:
    """The places whose names have these words, however they are accented: whole names first, cities before
    countries."""
    wanted = _plain(text)
    every: list[PlaceOfX | CountryOfX] = [*_PLACES.values(), *_COUNTRIES.values()]
    found = [
        one for one in every if wanted in _plain(one.full_name if isinstance(one, PlaceOfX) else one.name)
    ]
    found.sort(key=lambda one: (_plain(one.name) != wanted, isinstance(one, CountryOfX), one.name))
    return [_found_json(one) for one in found]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.strip().casefold().replace("ı", "i"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _found_json(place: PlaceOfX | CountryOfX) -> dict[str, Any]:
    if isinstance(place, CountryOfX):
        return {**_country_json(place), "containedWithin": []}
    within = _COUNTRIES[place.code]
    return {
        **place_json(place),
        "attributes": {},
        "centroid": [place.longitude, place.latitude],
        "containedWithin": [_country_json(within)],
    }


def _country_json(country: CountryOfX) -> dict[str, Any]:
    return {
        "id": country.id,
        "name": country.name,
        "fullName": country.name,
        "country": country.name,
        "countryCode": country.code,
        "placeType": "country",
        "attributes": {},
    }


def place_of(post: Post, author: PersonOfX) -> PlaceOfX | None:
    """Where a post says that it was written; None for most."""
    place = _PLACES.get(author.location)
    return place if place is not None and zlib.crc32(f"{post.id}~".encode()) % _ONE_IN == 0 else None


def place_json(place: PlaceOfX) -> dict[str, Any]:
    """A ``TweetPlace``."""
    return {
        "id": place.id,
        "name": place.name,
        "fullName": place.full_name,
        "country": place.country,
        "countryCode": place.code,
        "placeType": "city",
    }
