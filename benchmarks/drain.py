"""(b) Draining lanes into a messenger that takes everything at once.

Everything else is as in the bot: each message is marked `sending` on the disk before it is posted, its
card is made from the stored event, and it is settled on the disk before the lane's next one.
"""

from __future__ import annotations

import asyncio
import time
from functools import partial

import uvloop

from benchmarks import seeding
from benchmarks.databases import Databases, on_each, stopwatch
from benchmarks.figures import Figure, at_least
from benchmarks.options import Options
from benchmarks.profiling import profiled
from benchmarks.relay_parts import TENANT, NullMessenger, relay
from bot.observability.logs import configure
from bot.storage.engine.database import Database

_SECONDS = 120.0


def run(options: Options) -> list[Figure]:
    """Messages a second over many lanes, and over one, where nothing can be gathered."""
    configure("warning")
    return on_each(options.databases, partial(_measured, options))


def _measured(options: Options, databases: Databases) -> list[Figure]:
    scale = options.scale
    rounds = min(3, scale.rounds)
    many = _median([_round(options, databases, scale.lanes, scale.drained) for _ in range(rounds)])
    one = _round(options, databases, 1, max(10, scale.drained // 50))
    return [
        Figure(
            "drain",
            many.per_second,
            "messages/s",
            target=at_least(8000),
            notes=(f"{scale.drained:,} messages in {scale.lanes} lanes; {many.where}",),
        ),
        Figure(
            "drain: one lane",
            one.per_second,
            "messages/s",
            target=at_least(1500),
            notes=("a durable step between every two messages, none of it shared",),
        ),
    ]


class _Drained:
    """How quickly a backlog went. cpu: seconds of processor, of all threads and of the database's server."""

    def __init__(self, messages: int, seconds: float, cpu: float) -> None:
        self.per_second = messages / seconds
        self.where = (
            f"{cpu / messages * 1e6:.0f} processor µs a message, of {seconds / messages * 1e6:.0f} µs"
        )


def _median(rounds: list[_Drained]) -> _Drained:
    return sorted(rounds, key=lambda found: found.per_second)[len(rounds) // 2]


def _round(options: Options, databases: Databases, lanes: int, messages: int) -> _Drained:
    url = databases.new()
    seeding.add_backlog(url, str(TENANT), lanes, messages)
    title = f"drain of {lanes} lanes, {databases.kind}" if options.profile else None
    with profiled(title):
        loop = asyncio.run if options.loop == "asyncio" else uvloop.run
        return loop(_drain(url, databases.server, messages))


async def _drain(url: str, server: int | None, messages: int) -> _Drained:
    database = await Database.open(url)
    messenger = NullMessenger()
    running = relay(database, messenger)
    used, started = stopwatch(server), time.perf_counter()
    await running.start()
    async with asyncio.timeout(_SECONDS):
        # Reading the number is free for the lanes; an event would be one more task for them.
        while messenger.posted < messages:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.005)
        while await running.deliveries.backlog(limit=1):  # noqa: ASYNC110 - only the database knows
            await asyncio.sleep(0.002)
    seconds, spent = time.perf_counter() - started, used()
    await running.stop()
    await database.close()
    if messenger.posted != messages:
        raise RuntimeError(f"{messenger.posted} messages were posted instead of {messages}")
    return _Drained(messages, seconds, spent)
