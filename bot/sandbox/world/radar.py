"""Radar items of the seven sources, each with the metadata its source has."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.sandbox.world import headlines
from bot.sandbox.world.snowflake import iso

SOURCES = ("github", "google_trends", "hacker_news", "polymarket", "reddit", "trustmrr", "wikipedia")
CATEGORIES = ("general", "tech", "dev", "science", "culture", "politics", "business", "entertainment")
REGIONS = ("global", "US", "GB", "TR", "ES", "DE", "FR", "JP", "IN", "BR", "CA", "MX")
SLOT_SECONDS = 1_800
"""Each source has a new item in every region each half hour."""

_CATEGORY = {
    "github": "dev", "google_trends": "general", "hacker_news": "tech", "polymarket": "politics",
    "reddit": "culture", "trustmrr": "business", "wikipedia": "science",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RadarEntry:
    """``id`` grows with time; ``body`` is the item as the API shows it."""

    id: int
    score: float
    source: str
    category: str
    region: str
    published_at: float
    body: dict[str, Any]


def _metadata(source: str, rng: random.Random) -> dict[str, Any]:
    match source:
        case "github":
            return {"starsToday": rng.randint(40, 3_000)}
        case "google_trends":
            return {"approxTraffic": rng.randint(2, 90) * 10_000}
        case "hacker_news":
            return {"points": rng.randint(30, 900), "numberComments": rng.randint(3, 600)}
        case "polymarket":
            return {"volume24hr": round(rng.uniform(2_000, 900_000), 2)}
        case "reddit":
            ups = rng.randint(100, 40_000)
            return {
                "author": f"redditor_{rng.randint(1, 99)}", "subreddit": "todayilearned",
                "sourceFormat": "html",
                "score": ups, "upvoteRatio": 0.94, "estimatedUpvotes": ups, "estimatedDownvotes": ups // 16,
                "numberComments": rng.randint(5, 2_000),
            }  # fmt: skip
        case "trustmrr":
            mrr = rng.randint(800, 60_000)
            return {
                "mrr": mrr, "growthPercent": rng.randint(2, 140), "last30Days": mrr + rng.randint(0, 900),
                "total": mrr * 14, "customers": rng.randint(9, 900), "onSale": False,
                "activeSubscriptions": rng.randint(9, 900),
            }  # fmt: skip
        case _:
            return {"views": rng.randint(20_000, 900_000)}


def _fact(source: str, metadata: dict[str, Any]) -> str:
    """The figure that a source leads with."""
    match source:
        case "github":
            return f"{metadata['starsToday']:,} stars today"
        case "google_trends":
            return f"{metadata['approxTraffic']:,} searches"
        case "hacker_news":
            return f"{metadata['points']:,} points and {metadata['numberComments']:,} comments"
        case "polymarket":
            return f"{metadata['volume24hr']:,.0f} dollars traded in a day"
        case "reddit":
            return f"{metadata['score']:,} upvotes in r/{metadata['subreddit']}"
        case "trustmrr":
            return f"{metadata['mrr']:,} dollars a month from {metadata['customers']:,} customers"
        case _:
            return f"{metadata['views']:,} views"


@lru_cache(maxsize=20_000)
def _item(source: str, slot: int, seed: int, region: str) -> RadarEntry:
    rng = random.Random(f"radar:{seed}:{source}:{slot}:{region}")
    published = slot * SLOT_SECONDS + rng.randint(0, SLOT_SECONDS - 60)
    place = slot * len(REGIONS) + REGIONS.index(region)
    number = slot * len(SOURCES) * len(REGIONS) + SOURCES.index(source) * len(REGIONS) + REGIONS.index(region)
    category = _CATEGORY[source] if rng.random() < 0.6 else rng.choice(CATEGORIES)
    score = rng.randint(20, 990)
    metadata = _metadata(source, rng)
    where = "worldwide" if region == "global" else f"in {region}"
    moment = datetime.fromtimestamp(published, UTC)
    body = {
        "id": str(number),
        "sourceId": f"{source}_{region}_{slot}",
        "title": headlines.title(source, place, seed),
        "description": f"{_fact(source, metadata)}, seen {where} on {moment.day} {moment:%B at %H:%M} UTC.",
        "url": f"https://example.com/{source}/{region}/{slot}",
        "score": score,
        "category": category,
        "source": source,
        "region": region,
        "language": "en",
        "metadata": metadata,
        "publishedAt": iso(published),
        "createdAt": iso(published + 45),
    }
    return RadarEntry(number, score, source, category, region, published, body)


def items_between(
    start: float, end: float, seed: int, region: str, sources: Sequence[str] = SOURCES
) -> list[RadarEntry]:
    """What was published in ``region`` from ``start`` to ``end`` (epoch seconds), best score first."""
    slots = range(int(start // SLOT_SECONDS), int(end // SLOT_SECONDS) + 1)
    found = [_item(source, slot, seed, region) for slot in slots for source in sources]
    fresh = [item for item in found if start <= item.published_at <= end]
    return sorted(fresh, key=lambda item: (-item.score, -item.id))
