"""Reads, now and then, the figures that nobody counts as they happen."""

from __future__ import annotations

import asyncio
import time

from bot.core.clocks import Clock
from bot.core.errors import BotError
from bot.observability.figures import BotMetrics
from bot.relay.ingest import Ingest
from bot.storage.engine.database import Database
from bot.storage.relay import silences
from bot.storage.relay.overview import overview

EVERY = 15.0
LAG_EVERY = 0.5


class Sampler:
    """Fills the gauges of one process. Run `standing` where the relay runs, `lag` everywhere."""

    def __init__(
        self,
        figures: BotMetrics,
        database: Database,
        ingest: Ingest,
        clock: Clock,
        *,
        every: float = EVERY,
    ) -> None:
        """clock: epoch seconds. every: seconds between two looks."""
        self._figures = figures
        self._database = database
        self._ingest = ingest
        self._clock = clock
        self._every = every

    async def standing(self) -> None:
        """What waits, what died, what catch-up and the streams do; until cancelled."""
        while True:
            try:
                await self.read()
            except BotError:
                # Said by the time of the last look; whoever stores meets the same and says why.
                self._figures.troubles.labels("figures").inc()
            await asyncio.sleep(self._every)

    async def read(self) -> None:
        """Look once. StorageUnavailable when the database does not answer."""
        figures = self._figures
        figures.catchup_age.set(self._ingest.timer.stalest() or 0.0)
        figures.streams_wanted.set(self._ingest.streams_wanted)
        now = self._clock()
        found = await overview(self._database, now)
        figures.backlog.set(found.backlog)
        figures.lanes_open.set(found.lanes)
        figures.oldest_waiting.set(0.0 if found.oldest is None else max(0.0, now - found.oldest))
        figures.dead_letters.set(found.dead)
        figures.paused_places.set(found.paused_places)
        figures.unrouted.set(found.unrouted)
        silent = await silences.counts(self._database)
        for cause in silences.CAUSES:
            figures.silences.labels(cause).set(silent[cause])
        shortest = self._ingest.watch.shortest
        figures.credits_last.set(float("inf") if shortest is None else shortest)
        figures.read_at.set(now)

    async def lag(self) -> None:
        """How late the event loop is with what it was to do at a moment; until cancelled."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(LAG_EVERY)
            self._figures.loop_lag.observe(max(0.0, time.monotonic() - began - LAG_EVERY))
