"""(c) What claiming costs when a million messages wait, against a thousand.

The same lanes, the same number of them, claimed in turns on two databases. The time is that of the
statements alone: with the commit in it, the disk would hide a difference.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from statistics import median

from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks import seeding
from benchmarks.databases import Databases, on_each
from benchmarks.figures import Figure, ratio_at_most
from benchmarks.options import Options
from benchmarks.relay_parts import TENANT
from bot.core.routes.deliveries import DeliveryState
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import Deliveries
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.lane_steps import NotDue, Settlement, claim, settle

_LANES = 100
# Lanes of one claim.
_GROUP = 25


@dataclass(frozen=True, slots=True)
class Side:
    """One database and the seconds that each claim took there."""

    database: Database
    lanes: int
    claims: list[float]
    lookups: list[float]


def run(options: Options) -> list[Figure]:
    """The two claims, and the two looks for lanes with something to send."""
    return on_each(options.databases, partial(_measured, options))


def _measured(options: Options, databases: Databases) -> list[Figure]:
    scale = options.scale
    # As many on both sides, so that a lane is all that is longer.
    lanes, urls = min(_LANES, scale.small_backlog), []
    for backlog in (scale.small_backlog, scale.large_backlog):
        urls.append(url := databases.new())
        seeding.add_backlog(url, str(TENANT), lanes, backlog)
    small, large = asyncio.run(measure(urls, lanes, max(4, scale.calls // 10)))
    against = f"at {scale.small_backlog:,}"
    return [
        Figure(
            f"claim of {_GROUP} lanes at {scale.large_backlog:,}",
            median(large.claims) * 1000,
            "ms",
            median(small.claims) * 1000,
            against,
            ratio_at_most(1.5),
        ),
        Figure(
            f"finding {_LANES} open lanes at {scale.large_backlog:,}",
            median(large.lookups) * 1000,
            "ms",
            median(small.lookups) * 1000,
            against,
        ),
    ]


async def measure(urls: list[str], lanes: int, rounds: int) -> list[Side]:
    """What claims took on each database, in turns; three quarters of the rounds count."""
    sides = [Side(await Database.open(url), lanes, [], []) for url in urls]
    for turn in range(rounds):
        for side in sides:
            await _round(side, turn)
    for side in sides:
        # The first ones read the file and prepare the statements.
        del side.claims[: rounds // 4]
        del side.lookups[: rounds // 4]
        await side.database.close()
    return sides


async def _round(side: Side, turn: int) -> None:
    names = [f"{TENANT}/C{(turn * _GROUP + i) % side.lanes}" for i in range(min(_GROUP, side.lanes))]
    now = time.time()

    async def work(connection: AsyncConnection) -> tuple[float, dict[str, Claimed | NotDue]]:
        started = time.perf_counter()
        heads = await claim(connection, side.database.dialect, names, now)
        seconds = time.perf_counter() - started
        # Not taken: the backlog stays as it is.
        back = [
            Settlement(head.id, DeliveryState.WAITING, now)
            for head in heads.values()
            if isinstance(head, Claimed)
        ]
        await settle(connection, back)
        return seconds, heads

    seconds, heads = await side.database.write(work)
    side.claims.append(seconds)
    if not all(isinstance(head, Claimed) for head in heads.values()) or not heads:
        raise RuntimeError("a lane had nothing to claim")
    started = time.perf_counter()
    await Deliveries(side.database).open_lanes("", 500)
    side.lookups.append(time.perf_counter() - started)
