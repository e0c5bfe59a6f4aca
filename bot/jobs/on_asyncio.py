"""Periodic work as tasks of asyncio: one way to wait, to stop, and to tell what became of a run."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence

from bot.core.clocks import Chance, Monotonic, Sleep
from bot.core.tasks import TaskSet
from bot.jobs.periodic import JobObserver, Periodic


class AsyncioJobs:
    """Implements `bot.jobs.periodic.Jobs`: each in a task of its own."""

    def __init__(
        self,
        work: Sequence[Periodic],
        *,
        sleep: Sleep,
        monotonic: Monotonic,
        random: Chance,
        observer: JobObserver,
        prefix: str = "job",
    ) -> None:
        """prefix: what the names of tasks begin with."""
        self._work = tuple(work)
        self._sleep = sleep
        self._monotonic = monotonic
        self._random = random
        self._observer = observer
        self._prefix = prefix
        self._soon = {one.name: asyncio.Event() for one in self._work}
        self._tasks = TaskSet()

    async def start(self) -> None:
        """See `Jobs`."""
        for one in self._work:
            self._tasks.start(self._go_on(one), f"{self._prefix}-{one.name}")

    async def stop(self) -> None:
        """See `Jobs`."""
        await self._tasks.close()

    def soon(self, name: str) -> None:
        """See `Jobs`."""
        self._soon[name].set()

    async def _go_on(self, one: Periodic) -> None:
        soon = self._soon[one.name]
        if one.delay:
            await self._rest(soon, one.delay)
        while True:
            soon.clear()
            await self._run(one)
            await self._rest(soon, one.pause(self._random))

    async def _run(self, one: Periodic) -> None:
        began = self._monotonic()
        failure: Exception | None = None
        try:
            await one.run()
        except Exception as error:
            failure = error
            if one.failed is not None:
                one.failed(error)
        part = "" if one.failed is not None else one.part or one.name
        self._observer.ran(one.name, part, self._monotonic() - began, failure)

    async def _rest(self, soon: asyncio.Event, seconds: float) -> None:
        """Until the time is over, or the work is asked for."""
        if math.isinf(seconds):
            await soon.wait()
            return
        timer = asyncio.ensure_future(self._sleep(seconds))
        # One that was cancelled is that of an earlier rest, and asks for nothing any more.
        timer.add_done_callback(lambda done: None if done.cancelled() else soon.set())
        try:
            await soon.wait()
        finally:
            timer.cancel()
