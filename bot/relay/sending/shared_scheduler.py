"""The scheduler of several processes: a job for each lane that has something to send, which any of them does.

Beneath are procrastinate's jobs (`bot.jobs.keyed_jobs`), which give a lane to one process at a time, and a
lock of the lane (`bot.storage.engine.lane_locks`), which makes that certain: a job may be taken from a
process that said nothing for a while, and the process may go on all the same.

The queue remembers only so many lanes, and of each tenant its share; the rest is found again in the database,
by the process that routes. That one also finds what nobody woke and what a process left behind that ended.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Protocol, TypeAlias

import msgspec

from bot.core.clocks import Chance, Clock, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.tasks import TaskSet
from bot.jobs.keyed_jobs import Wanted
from bot.jobs.shared_worker import WorkOn
from bot.relay.gathering import Gatherer, TakeItems
from bot.relay.observing import RelayObserver
from bot.relay.sending.fair_queue import TenantQuotas, tenant_of
from bot.relay.sending.lane_scheduler import Drain
from bot.relay.sending.lane_tenure import LaneTenure
from bot.relay.sending.lanes import Idle, More, Rest, Until
from bot.storage.relay.deliveries import drained_as

CONCURRENCY = 512
_PAGE = 500
_WAITING_LIMIT = 10_000
# Turns of a lane in one job, while there is room for others beside it.
_TURNS = 20


class SharedTimes(msgspec.Struct, frozen=True):
    """Seconds. sweep: between looks for lanes that nobody woke; sooner: where some did not fit; moment: at
    least. dead: between looks for jobs whose process died. busy: until a lane comes back that another
    process, or its tenant's other lanes, leave no place. trouble: after something failed. stay: a wait that
    is worth no other job. remembered: the longest wait that a job stands for; the sweep finds what is due
    later."""

    sweep: float = 15.0
    sooner: float = 1.0
    moment: float = 0.1
    dead: float = 10.0
    busy: float = 3.0
    trouble: float = 2.0
    stay: float = 5.0
    remembered: float = 120.0


class DueLane(msgspec.Struct, frozen=True):
    """A lane with something to send. at: from when its first message may go, epoch seconds."""

    lane: str
    at: float


DueLanes: TypeAlias = Callable[[str, int], Awaitable[Sequence[DueLane]]]
"""The lanes behind one of so many with something to send, in order of their names."""


class SharedJobs(Protocol):
    """`bot.jobs.keyed_jobs.KeyedJobs`."""

    async def put(
        self, queue: str, wanted: Sequence[Wanted], *, unless_running: bool = False
    ) -> Collection[str]: ...

    async def finish_dead(self) -> Mapping[str, Sequence[Wanted]]: ...

    async def close(self) -> None: ...


class LaneWorker(Protocol):
    """`bot.jobs.shared_worker.SharedWorker`."""

    @property
    def ready(self) -> bool: ...

    def start(self) -> None: ...

    def refresh(self) -> None: ...

    def stop_fetching(self) -> None: ...

    async def stop(self, grace: float) -> None: ...


class Locks(LaneTenure, Protocol):
    """`bot.storage.engine.lane_locks.LaneLocks`."""

    async def take(self, lane: str) -> bool: ...

    async def give_back(self, lane: str) -> None: ...

    async def close(self) -> None: ...


MakeWorker: TypeAlias = Callable[[WorkOn], LaneWorker]
"""What does the work, given what is done for a lane."""
ServesPlatform: TypeAlias = Callable[[str], bool]
"""Whether a platform, by its name, is connected here."""


class SharedScheduler:
    """Implements `bot.relay.sending.lane_scheduler.LaneScheduler`."""

    def __init__(
        self,
        jobs: SharedJobs,
        make_worker: MakeWorker,
        locks: Locks,
        due_lanes: DueLanes,
        serves: ServesPlatform,
        *,
        clock: Clock,
        sleep: Sleep,
        random: Chance,
        observer: RelayObserver,
        concurrency: int = CONCURRENCY,
        times: SharedTimes | None = None,
    ) -> None:
        """concurrency: of the worker."""
        self._jobs = jobs
        self._locks = locks
        self._due_lanes = due_lanes
        self._serves = serves
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._observer = observer
        self._times = times or SharedTimes()
        self._drain: Drain = _nobody
        self._places = TenantQuotas(concurrency)
        # As many as one tenant alone may have.
        self._crowded = concurrency - concurrency // 4
        self._worker = make_worker(self._work)
        self._running: set[str] = set()
        # What comes while one statement is under way goes with the next.
        self._puts: Gatherer[Wanted, bool] = Gatherer(
            self._put_group, name="relay-wakes", group_limit=_PAGE, waiting_limit=_WAITING_LIMIT
        )
        self._tasks = TaskSet()
        self._missed = asyncio.Event()
        self._full = False
        # How many of a tenant's due lanes the next look passes, as they had their turn.
        self._passed: dict[str, int] = {}
        self._stopping = False

    shared = True

    @property
    def tenure(self) -> LaneTenure:
        """See `LaneScheduler`."""
        return self._locks

    @property
    def ready(self) -> bool:
        """See `LaneScheduler`."""
        return self._worker.ready

    @property
    def busy(self) -> int:
        """See `LaneScheduler`: of this process."""
        return len(self._running) + self._puts.busy

    def serve(self, drain: Drain) -> None:
        """See `LaneScheduler`."""
        self._drain = drain

    def wake(self, lane: str) -> None:
        """See `Scheduler`. Call it once what is to be sent is committed: another process may begin at
        once."""
        self._put(_wanted(lane, None))

    def look(self) -> None:
        """See `LaneScheduler`. A platform may be connected here that was not."""
        self._worker.refresh()
        self._missed.set()

    async def start(self) -> None:
        """See `LaneScheduler`."""
        self._worker.start()
        self._tasks.start(self._bury(), "relay-dead-jobs")

    async def run(self) -> None:
        """See `LaneScheduler`: by the process that routes, for all."""
        while not self._stopping:
            self._missed.clear()
            self._full = False
            pause = self._times.sweep
            try:
                if await self._put_due_lanes():
                    pause = self._times.sooner
            except Exception as error:
                # The database may be away; what is in it is still there when it returns.
                self._observer.trouble("lanes", error)
                pause = self._times.trouble
            if not self._stopping:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._missed.wait()
                await self._sleep(self._times.sooner if self._full else self._times.moment)

    def stop_looking(self) -> None:
        """See `LaneScheduler`."""
        self._stopping = True
        self._missed.set()
        self._worker.stop_fetching()

    async def stop(self, grace: float) -> None:
        """See `LaneScheduler`. What was cut off, and what was woken a moment ago, is left to the others at
        once."""
        self.stop_looking()
        await self._worker.stop(grace)
        await self._tasks.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._times.trouble):
                await self._puts.drained()
        await self._locks.close()
        await self._jobs.close()

    async def _work(self, lane: str) -> None:
        """One job. What comes next of the lane stands in the queue before it ends: a process that dies loses
        neither."""
        tenant = tenant_of(lane)
        if lane in self._running or not self._places.may_take(tenant):
            await _ended(self._next(lane, self._later(self._times.busy)))
            return
        self._running.add(lane)
        self._places.take(tenant)
        rest: Rest = More()  # where it is cut off, somebody else goes on at once
        try:
            rest = await self._held(lane)
        except Exception as error:
            self._observer.trouble("lanes", error)
            rest = Until(self._clock() + self._times.trouble)
        finally:
            self._running.discard(lane)
            self._places.give_back(tenant)
            following = self._next(lane, rest)
        await _ended(following)

    async def _held(self, lane: str) -> Rest:
        """Drain it under its lock, where nobody else has that."""
        if not await self._locks.take(lane):
            return self._later(self._times.busy)
        try:
            return await self._turns(lane)
        finally:
            await self._locks.give_back(lane)

    async def _turns(self, lane: str) -> Rest:
        """Turns of one lane, one after another while that is in nobody's way."""
        rest: Rest = Idle()
        for _ in range(_TURNS):
            rest = await self._drain(lane)
            wait = rest.at - self._clock() if isinstance(rest, Until) else 0.0
            stays = isinstance(rest, More) or (isinstance(rest, Until) and wait <= self._times.stay)
            if not stays or self._stopping or len(self._running) > self._crowded:
                break
            if wait > 0:
                await self._sleep(wait)
        return rest

    def _later(self, seconds: float) -> Until:
        return Until(self._clock() + seconds * (0.5 + self._random()))

    def _next(self, lane: str, rest: Rest) -> asyncio.Future[bool] | None:
        """Put what comes next of a lane, where that is soon."""
        if isinstance(rest, More):
            return self._put(_wanted(lane, None))
        if isinstance(rest, Until) and rest.at - self._clock() <= self._times.remembered:
            return self._put(_wanted(lane, rest.at))
        return None

    def _put(self, wanted: Wanted) -> asyncio.Future[bool] | None:
        """Put it with what comes at the same time. What cannot be put is found by the next look."""
        try:
            putting = self._puts.put(wanted)
        except StorageUnavailable:  # too many wait
            self._missed.set()
            return None
        putting.add_done_callback(self._was_put)
        return putting

    def _was_put(self, putting: asyncio.Future[bool]) -> None:
        if putting.cancelled():
            return
        error = putting.exception()
        if error is not None:
            self._observer.trouble("lanes", error)
        elif not putting.result():
            self._full = True
        else:
            return
        self._missed.set()

    async def _put_group(self, take: TakeItems[Wanted]) -> list[bool]:
        items = take()
        left = await self._put_all(items)
        return [one.key not in left for one in items]

    async def _put_all(self, wanted: Sequence[Wanted], *, unless_running: bool = False) -> set[str]:
        """The lanes that did not fit."""
        left: set[str] = set()
        for platform, mine in _by_platform(wanted).items():
            left |= set(await self._jobs.put(platform, mine, unless_running=unless_running))
        return left

    async def _put_due_lanes(self) -> bool:
        """Put every lane that is due; whether some did not fit.

        The next look passes what was taken in by this one, so that those at the end of a tenant's names have
        their turn too."""
        seen: Counter[str] = Counter()
        refused: dict[str, int] = {}
        after = ""
        while not self._stopping:
            page = await self._due_lanes(after, _PAGE)
            now, tried = self._clock(), dict[str, int]()
            for one in page:
                tenant = tenant_of(one.lane)
                if one.at <= now and self._serves(one.lane.partition(":")[0]) and tenant not in refused:
                    seen[tenant] += 1
                    if seen[tenant] > self._passed.get(tenant, 0):
                        tried[drained_as(one.lane)] = seen[tenant]
            left = await self._put_all([_wanted(lane, None) for lane in tried], unless_running=True)
            for lane, place in tried.items():
                if lane in left:
                    refused.setdefault(tenant_of(lane), place - 1)
            if len(page) < _PAGE:
                break
            after = page[-1].lane
        partly = bool(refused or self._passed)
        self._passed = refused
        return partly

    async def _bury(self) -> None:
        """Finish the jobs of processes that died, and have their lanes drained by another."""
        while not self._stopping:
            try:
                for platform, dead in (await self._jobs.finish_dead()).items():
                    await self._jobs.put(platform, dead)
            except Exception as error:
                self._observer.trouble("lanes", error)
            await self._sleep(self._times.dead * (0.5 + self._random()))


async def _ended(following: asyncio.Future[bool] | None) -> None:
    if following is not None:
        await asyncio.wait({following})


def _wanted(lane: str, at: float | None) -> Wanted:
    return Wanted(drained_as(lane), tenant_of(lane), at)


def _by_platform(wanted: Sequence[Wanted]) -> dict[str, list[Wanted]]:
    found: dict[str, list[Wanted]] = {}
    for one in wanted:
        found.setdefault(one.key.partition(":")[0], []).append(one)
    return found


async def _nobody(_lane: str) -> Rest:
    """Before somebody serves."""
    return Idle()
