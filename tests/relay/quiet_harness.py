"""A relay that only looks why places are quiet, and what it said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.core.chat.cards import Card
from bot.relay.watching.rounds import WatchSchedule
from bot.sandbox.server import RunningSandbox
from bot.storage.engine.database import Database
from tests.relay.ingest_harness import IngestHarness, ingest_harness, slower

QUICK = WatchSchedule(every=0.05)
QUIET, LATE, ON = "It is quiet here", "Tweets come late here", "Back to normal here"
NASA = "Nothing comes from @nasa"  # where something else comes


@asynccontextmanager
async def watching(
    database: Database, sandbox: RunningSandbox, **options: Any
) -> AsyncIterator[IngestHarness]:
    """Nothing is fetched; the watch alone looks, all the time."""
    pace = slower(every=1e6)
    async with ingest_harness(database, sandbox, schedule=pace, watch_schedule=QUICK, **options) as house:
        yield house


def said(house: IngestHarness, channel: str = "C1") -> list[str]:
    """The titles of what was said in a channel."""
    return [one.card.title for one in house.messenger.posted if one.to.channel == channel]


def card(house: IngestHarness, number: int = -1, channel: str = "C1") -> Card:
    return [one.card for one in house.messenger.posted if one.to.channel == channel][number]


def told(house: IngestHarness) -> list[str]:
    return [one.title for _, one in house.messenger.told]
