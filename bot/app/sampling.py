"""Reads, now and then, the figures that nobody counts as they happen."""

from __future__ import annotations

import time

from bot.core.clocks import Clock, Monotonic
from bot.core.errors import BotError
from bot.jobs.periodic import JobScope, Periodic
from bot.observability.figures import BotMetrics
from bot.observability.loggers import log
from bot.relay.ingest import Ingest
from bot.storage.engine.database import Database
from bot.storage.relay import silences
from bot.storage.relay.overview import overview

EVERY = 15.0
LAG_EVERY = 0.5


class LoopLag:
    """How late the event loop is with what it was to do at a moment."""

    def __init__(self, figures: BotMetrics, monotonic: Monotonic = time.monotonic) -> None:
        self._figures = figures
        self._monotonic = monotonic
        self._due: float | None = None

    def work(self) -> Periodic:
        """Each run should begin when the one before said."""
        return Periodic("lag", LAG_EVERY, self._look, JobScope.PROCESS)

    async def _look(self) -> None:
        now = self._monotonic()
        if self._due is not None:
            self._figures.loop_lag.observe(max(0.0, now - self._due))
        self._due = now + LAG_EVERY


class Sampler:
    """Fills the gauges of the process that relays."""

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

    def work(self) -> Periodic:
        """What waits, what died, what catch-up and the streams do."""
        return Periodic("figures", self._every, self.read, JobScope.INSTALLATION, failed=self._unread)

    def _unread(self, error: Exception) -> None:
        """Said by the time of the last look; whoever stores meets the same and says why."""
        self._figures.troubles.labels("figures").inc()
        if not isinstance(error, BotError):
            log("bot").error("the figures could not be read", exc_info=error)

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
