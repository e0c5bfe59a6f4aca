"""Trends of countries and some of their towns, made from the seed and the quarter of an hour."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

REFRESH_SECONDS = 900
LONGEST = 50


@dataclass(frozen=True, slots=True)
class TrendPlace:
    """A place with trends; ``code`` is empty for the whole world, ``country`` for all but towns."""

    woeid: int
    name: str
    code: str = ""
    country: str = ""

    @property
    def kind(self) -> str:
        """As X names it, in lower case."""
        return "town" if self.country else "country" if self.code else "supername"

    def json(self) -> dict[str, Any]:
        if self.country:
            above = next(one.woeid for one in COUNTRIES if one.code == self.code)
            return {
                "name": self.name, "woeid": self.woeid, "country": self.country, "countryCode": self.code,
                "parentWoeid": above, "placeType": "Town", "placeTypeCode": 7,
            }  # fmt: skip
        if not self.code:
            return {
                "name": self.name, "woeid": self.woeid, "country": None, "countryCode": None,
                "parentWoeid": None, "placeType": "Supername", "placeTypeCode": 19,
            }  # fmt: skip
        return {
            "name": self.name, "woeid": self.woeid, "country": self.name, "countryCode": self.code,
            "parentWoeid": 1, "placeType": "Country", "placeTypeCode": 12,
        }  # fmt: skip


COUNTRIES = (
    TrendPlace(1, "Worldwide"),
    TrendPlace(23424977, "United States", "US"),
    TrendPlace(23424975, "United Kingdom", "GB"),
    TrendPlace(23424969, "Turkey", "TR"),
    TrendPlace(23424950, "Spain", "ES"),
    TrendPlace(23424829, "Germany", "DE"),
    TrendPlace(23424819, "France", "FR"),
    TrendPlace(23424856, "Japan", "JP"),
    TrendPlace(23424848, "India", "IN"),
    TrendPlace(23424768, "Brazil", "BR"),
    TrendPlace(23424775, "Canada", "CA"),
    TrendPlace(23424900, "Mexico", "MX"),
)
TOWNS = (
    TrendPlace(2459115, "New York", "US", "United States"),
    TrendPlace(2442047, "Los Angeles", "US", "United States"),
    TrendPlace(2379574, "Chicago", "US", "United States"),
    TrendPlace(2364559, "Birmingham", "US", "United States"),
    TrendPlace(44418, "London", "GB", "United Kingdom"),
    TrendPlace(28218, "Manchester", "GB", "United Kingdom"),
    TrendPlace(12723, "Birmingham", "GB", "United Kingdom"),
    TrendPlace(2344116, "Istanbul", "TR", "Turkey"),
    TrendPlace(2343732, "Ankara", "TR", "Turkey"),
    TrendPlace(2344117, "Izmir", "TR", "Turkey"),
    TrendPlace(766273, "Madrid", "ES", "Spain"),
    TrendPlace(753692, "Barcelona", "ES", "Spain"),
    TrendPlace(638242, "Berlin", "DE", "Germany"),
    TrendPlace(676757, "Munich", "DE", "Germany"),
    TrendPlace(615702, "Paris", "FR", "France"),
    TrendPlace(609125, "Lyon", "FR", "France"),
    TrendPlace(1118370, "Tokyo", "JP", "Japan"),
    TrendPlace(15015370, "Osaka", "JP", "Japan"),
    TrendPlace(2295411, "Mumbai", "IN", "India"),
    TrendPlace(20070458, "Delhi", "IN", "India"),
    TrendPlace(455827, "São Paulo", "BR", "Brazil"),
    TrendPlace(455825, "Rio de Janeiro", "BR", "Brazil"),
    TrendPlace(4118, "Toronto", "CA", "Canada"),
    TrendPlace(116545, "Mexico City", "MX", "Mexico"),
)
REGIONS = (*COUNTRIES, *TOWNS)
BY_WOEID = {region.woeid: region for region in REGIONS}

_LOCAL = {
    "US": ["#SundayScaries", "Super Bowl", "Yellowstone", "#NYCMarathon"],
    "GB": ["#BakeOff", "Premier League", "Heathrow", "#TubeStrike"],
    "TR": ["#Süperlig", "İstanbul", "Kapadokya", "#Çay"],
    "ES": ["#LaLiga", "Madrid", "Sagrada Familia", "#Feriado"],
    "DE": ["#Tatort", "Bundesliga", "Deutsche Bahn", "#Feierabend"],
    "FR": ["#TopChef", "Ligue 1", "Tour Eiffel", "#Grève"],
    "JP": ["#桜", "東京", "ポケモン", "#月曜日"],
    "IN": ["#IPL", "Diwali", "Bengaluru", "#ISRO"],
    "BR": ["#BBB", "Flamengo", "Carnaval", "#Sextou"],
    "CA": ["#HockeyNight", "Toronto", "Maple Leafs", "#Banff"],
    "MX": ["#LigaMX", "CDMX", "Día de Muertos", "#Tacos"],
}
_GLOBAL = [
    "#AI", "#Python", "Artemis", "#OpenSource", "Starship", "#Giveaway", "Aurora", "#WebDev",
    "Champions League", "#Photography", "Nobel Prize", "#Caturday", "Rust", "#MondayMotivation",
    "PostgreSQL", "#SpaceX", "Eclipse", "#Eurovision", "Studio Ghibli", "#ClimateAction", "Linux",
    "#TechNews", "Olympics", "#BookTok", "Formula 1", "#Gaming", "James Webb", "#Coffee", "Oscars",
    "#Art", "Quantum", "#Music", "World Cup", "#Startups", "Comet", "#Cinema", "Northern Lights",
    "#DataScience", "Mars", "#Travel", "Chess", "#Marathon", "Cassini", "#DevOps", "Ocean", "#Jazz",
]  # fmt: skip


def trends_of(region: TrendPlace, count: int, now: float, seed: int) -> list[dict[str, Any]]:
    """The first ``count`` (at most 50) trends of ``region``; they change every 15 minutes."""
    rng = random.Random(f"trends:{seed}:{region.woeid}:{int(now // REFRESH_SECONDS)}")
    names = list(_GLOBAL)
    rng.shuffle(names)
    local = list(_LOCAL.get(region.code, []))
    rng.shuffle(local)
    for position, name in enumerate(local):
        names.insert(position * 2, name)
    volume = rng.randint(600_000, 2_400_000)
    result = []
    for rank, name in enumerate(names[: min(count, LONGEST)], start=1):
        volume = int(volume * rng.uniform(0.82, 0.97))
        result.append(
            {
                "name": name,
                "description": f"{region.name}: talked about today",
                "query": quote(name),
                "promotedContent": None,
                "rank": rank,
                "tweetVolume": None if rng.random() < 0.15 else volume,
                "url": f"https://x.com/search?q={quote(name)}",
            }
        )
    return result


ARCHIVE_STEP = 300
_ARCHIVED = 60 * 86_400


def archive_start(now: float) -> float:
    """When the first list of the archive was made: there is one every five minutes, for 60 days."""
    return float((now - _ARCHIVED) // ARCHIVE_STEP * ARCHIVE_STEP)


def stored_between(start: float, end: float) -> float | None:
    """When the first list from ``start`` (inclusive) to ``end`` was made, within the archive."""
    at = float(-(-start // ARCHIVE_STEP) * ARCHIVE_STEP)
    return at if at < end else None


def named(location: str | None, country: str | None) -> list[TrendPlace]:
    """The places of that name, or of that country alone. country: by name or code, in any case."""
    of = (country or "").strip().lower()
    found = [
        one for one in REGIONS if not of or of in {one.code.lower(), one.name.lower(), one.country.lower()}
    ]
    if location:
        return [one for one in found if one.name.lower() == location.strip().lower()]
    return [one for one in found if not one.country]
