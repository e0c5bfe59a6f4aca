"""The shared scheduler as a process has it, on a real PostgreSQL; several of them stand for several
processes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from msgspec.structs import replace

from bot.jobs.keyed_jobs import JobLimits, KeyedJobs
from bot.jobs.shared_worker import SharedWorker, WorkOn
from bot.relay.observing import Unobserved
from bot.relay.sending.lane_scheduler import Drain
from bot.relay.sending.shared_scheduler import DueLane, SharedScheduler, SharedTimes
from bot.storage.engine.addresses import address, connecting
from bot.storage.engine.lane_locks import LaneLocks
from bot.storage.relay.deliveries import Deliveries
from tests.jobs.shared_harness import QUICK, Told

PROMPT = SharedTimes(sweep=3600.0, sooner=0.05, moment=0.01, dead=0.2, busy=0.1, trouble=0.1, stay=0.0)
OpenLanes = Callable[[str, int], Awaitable[Sequence[str]]]


class Recording(Unobserved):
    """Keeps what was told as trouble."""

    def __init__(self) -> None:
        self.troubles: list[str] = []

    def trouble(self, where: str, error: BaseException) -> None:
        self.troubles.append(repr(error))


async def none_open(_after: str, _limit: int) -> Sequence[str]:
    """Nothing is to be found."""
    return ()


def scheduler_of(
    url: str,
    open_lanes: OpenLanes = none_open,
    *,
    platforms: Sequence[str] = ("slack", "discord"),
    concurrency: int = 8,
    limits: JobLimits | None = None,
    times: SharedTimes = PROMPT,
    observer: Recording | None = None,
    look: float = 0.1,
) -> SharedScheduler:
    """One that has not been started."""
    jobs = KeyedJobs(connecting(address(url)), limits)
    watch = observer or Recording()

    def worker(work: WorkOn) -> SharedWorker:
        return SharedWorker(
            jobs,
            lambda: platforms,
            work,
            concurrency=concurrency,
            monotonic=time.monotonic,
            sleep=asyncio.sleep,
            observer=Told(),
            times=replace(QUICK, look=look),
        )

    async def due(after: str, limit: int) -> Sequence[DueLane]:
        return [DueLane(lane, 0.0) for lane in await open_lanes(after, limit)]

    return SharedScheduler(
        jobs,
        worker,
        LaneLocks(address(url), clock=time.time),
        due,
        lambda name: name in platforms,
        clock=time.time,
        sleep=asyncio.sleep,
        random=random.random,
        observer=watch,
        concurrency=concurrency,
        times=times,
    )


def of_deliveries(deliveries: Deliveries) -> OpenLanes:
    """What is due in the outbox."""

    async def due(after: str, limit: int) -> Sequence[str]:
        return [lane for lane, at in await deliveries.due_lanes(after, limit) if at <= time.time()]

    return due


@asynccontextmanager
async def draining(scheduler: SharedScheduler, drain: Drain) -> AsyncIterator[SharedScheduler]:
    """It runs until the end."""
    scheduler.serve(drain)
    await scheduler.start()
    try:
        yield scheduler
    finally:
        await scheduler.stop(1.0)
