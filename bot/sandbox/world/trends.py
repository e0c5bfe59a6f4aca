"""Trends of the 12 regions the API knows, made from the seed and the quarter of an hour."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

REFRESH_SECONDS = 900
LONGEST = 50


@dataclass(frozen=True, slots=True)
class TrendPlace:
    """A place with trends; ``code`` is empty for the whole world."""

    woeid: int
    name: str
    code: str = ""

    def json(self) -> dict[str, Any]:
        if not self.code:
            return {
                "name": self.name, "woeid": self.woeid, "country": None, "countryCode": None,
                "parentWoeid": None, "placeType": "Supername", "placeTypeCode": 19,
            }  # fmt: skip
        return {
            "name": self.name, "woeid": self.woeid, "country": self.name, "countryCode": self.code,
            "parentWoeid": 1, "placeType": "Country", "placeTypeCode": 12,
        }  # fmt: skip


REGIONS = (
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
