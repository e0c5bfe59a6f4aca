"""Finds what other processes put into the outbox: they cannot wake the lanes of the one that relays."""

from __future__ import annotations

from bot.jobs.periodic import JobScope, Periodic
from bot.relay.sending.lane_scheduler import LaneScheduler
from bot.storage.engine.database import Database
from bot.storage.relay.queued import newest, queued_behind

OUTCOME_SECONDS = 1.0


class QueuedOutcomes:
    """Looks for them by their id, at the price of what is new, however many lanes stand or wait."""

    def __init__(self, database: Database, scheduler: LaneScheduler) -> None:
        self._database = database
        self._scheduler = scheduler
        self._upto: int | None = None

    def work(self) -> Periodic:
        """While the database is away, what is in it is still there when it returns."""
        return Periodic("outcomes", OUTCOME_SECONDS, self._look, JobScope.INSTALLATION, part="lanes")

    async def _look(self) -> None:
        if self._upto is None:
            self._upto = await newest(self._database)
            self._scheduler.look()
        found = await queued_behind(self._database, self._upto)
        self._upto = found.upto
        for lane in found.lanes:
            self._scheduler.wake(lane)
        if found.more:
            self._scheduler.look()


def every_lane(scheduler: LaneScheduler) -> Periodic:
    """The same by a look at all lanes that have something to send."""

    async def look() -> None:
        scheduler.look()

    return Periodic("outcomes", OUTCOME_SECONDS, look, JobScope.INSTALLATION, part="lanes")
