"""A clock that was ahead and is set right leaves moments behind that lie far in the future.

How long a message that was tried waits is stored as a moment, in epoch seconds. When the clock steps
back, such a moment would be waited for as long as the clock was wrong. Nobody knows then how much of
the wait was left, so it is over: at worst one message of a lane is tried once too early.
"""

from __future__ import annotations

import time

from bot.core.clocks import Clock, Monotonic
from bot.core.ports import Wake
from bot.jobs.periodic import JobScope, Periodic
from bot.storage.engine.database import Database
from bot.storage.relay.future_moments import last_receipt, let_go

# Seconds: between two looks, and a step that is more than what keeping clocks in time takes.
_LOOK = 0.25
_STEP = 2.0


class ClockSteps:
    """Notices that the clock went back, also while no process was running."""

    def __init__(
        self,
        db: Database,
        wake: Wake,
        *,
        clock: Clock,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        """wake: called for a lane whose wait is over. clock: epoch seconds; monotonic: never goes back."""
        self._db = db
        self._wake = wake
        self._clock = clock
        self._monotonic = monotonic
        # By how much the clock was ahead of the monotonic one at the last look.
        self._was_ahead: float | None = None

    def work(self) -> Periodic:
        """Look at the clock. While the database is away a step is still to be seen at the next look."""
        return Periodic("clock", _LOOK, self._look, JobScope.INSTALLATION, part="lanes")

    async def _look(self) -> None:
        if self._was_ahead is None:
            # Before this process: what was received last cannot lie ahead of now.
            drift = await last_receipt(self._db) - self._clock()
        else:
            drift = self._was_ahead - self._ahead()
        if drift > _STEP:
            await self._let_go(drift)
        self._was_ahead = self._ahead()

    def _ahead(self) -> float:
        return self._clock() - self._monotonic()

    async def _let_go(self, back: float) -> None:
        for lane in await let_go(self._db, self._clock(), back):
            self._wake(lane)
