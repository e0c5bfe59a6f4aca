"""The scheduler of one process: an asyncio task for each lane that has something to send.

Memory does not grow with the backlog: a lane that is idle is not here, only so many run, wait their
turn or wait for a moment, and those that do not fit are found again in the database. Of each of these
one tenant has only its share, and those that wait are taken in turns of the tenants, so that however many
lanes one has, the others' are drained beside them (`bot.relay.sending.fair_queue`).
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

from bot.core.clocks import Clock, Sleep
from bot.core.tasks import TaskSet
from bot.relay.observing import RelayObserver
from bot.relay.sending.fair_queue import FairQueue, TenantQuotas, tenant_of
from bot.relay.sending.lane_scheduler import Drain
from bot.relay.sending.lane_tenure import LaneTenure
from bot.relay.sending.lanes import Idle, More, Rest, Until
from bot.relay.sending.unremembered_lanes import UnrememberedLanes
from bot.storage.relay.deliveries import drained_as

TASKS = 512
WAITING_LIMIT = 10_000
_PAGE = 500
# Seconds.
_AFTER_TROUBLE = 2.0


OpenLanes: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The names behind one of so many lanes with something to send, in order."""


class AsyncioScheduler:
    """Implements `bot.relay.sending.lane_scheduler.LaneScheduler`."""

    def __init__(
        self,
        open_lanes: OpenLanes,
        *,
        clock: Clock,
        sleep: Sleep,
        observer: RelayObserver,
        tasks: int = TASKS,
        waiting_limit: int = WAITING_LIMIT,
        sweep: float = 60.0,
    ) -> None:
        """open_lanes: a page of the lanes behind a name that have something to send.

        tasks: lanes drained at a time. sweep: seconds between looks for lanes that nobody woke.
        """
        self._drain: Drain = _nobody
        self._open_lanes = open_lanes
        self._clock = clock
        self._sleep = sleep
        self._observer = observer
        self._sweep_every = sweep
        # Running lanes; True when one was woken meanwhile and has to be drained again.
        self._running: dict[str, bool] = {}
        self._places = TenantQuotas(tasks)
        self._tasks = TaskSet()
        self._queue = FairQueue(waiting_limit)
        self._unremembered = UnrememberedLanes()
        self._later: dict[str, float] = {}
        self._moments = TenantQuotas(waiting_limit)
        self._heap: list[tuple[float, str]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._missed = asyncio.Event()
        self._room = asyncio.Event()
        self._stopping = False

    shared = False

    @property
    def tenure(self) -> LaneTenure | None:
        """See `LaneScheduler`: all of them, while this process relays."""
        return None

    @property
    def ready(self) -> bool:
        """See `LaneScheduler`."""
        return not self._stopping

    def serve(self, drain: Drain) -> None:
        """See `LaneScheduler`."""
        self._drain = drain

    async def start(self) -> None:
        """See `LaneScheduler`: a lane that is woken is drained."""

    def wake(self, lane: str) -> None:
        """The lane has, or may have, something to send."""
        if self._stopping:
            return
        tenant = tenant_of(lane)
        if not self._offer(lane, tenant):
            self._unremembered.note(tenant)
            if self._queue.full:
                self._missed.set()

    async def run(self) -> None:
        """Find what is left from before, and from then on what did not fit, until stopped."""
        while not self._stopping:
            self._missed.clear()
            try:
                await self._wake_open_lanes()
            except Exception as error:
                # The database may be away; what is in it is still there when it returns.
                self._observer.trouble("lanes", error)
                await self._sleep(_AFTER_TROUBLE)
                continue
            if not self._stopping:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._sweep_every):
                        await self._missed.wait()

    def look(self) -> None:
        """Look for lanes now: another process may have filled some."""
        self._missed.set()

    def stop_looking(self) -> None:
        """Start no further lanes; `run` ends."""
        self._stopping = True
        self._missed.set()
        self._room.set()

    async def stop(self, grace: float) -> None:
        """Wait up to `grace` seconds for running lanes, then cancel them."""
        self.stop_looking()
        if self._timer is not None:
            self._timer.cancel()
        self._queue.clear()
        await self._tasks.close(grace)

    @property
    def busy(self) -> int:
        """How many lanes are being drained or wait for a turn."""
        return len(self._running) + len(self._queue)

    async def _wake_open_lanes(self) -> None:
        after = ""
        self._unremembered.begin()
        while not self._stopping:
            page = await self._open_lanes(after, _PAGE)
            for lane in page:
                while self._queue.full and not self._stopping:
                    self._room.clear()
                    await self._room.wait()
                self._take_in(lane)
            if len(page) < _PAGE:
                break
            after = page[-1]
        self._unremembered.end()
        self._look_for_unremembered()

    def _take_in(self, lane: str) -> None:
        """Wake a lane that was found in the database, when it is its turn and there is room for it."""
        tenant = tenant_of(lane)
        if self._unremembered.is_passed(tenant) or self._stopping:
            return
        if not self._offer(lane, tenant):
            self._unremembered.refuse(tenant)

    def _offer(self, lane: str, tenant: str) -> bool:
        """Have a lane drained now or in its turn; False when its tenant has no room for it."""
        lane = drained_as(lane)
        if lane in self._running:
            self._running[lane] = True
            return True
        if self._places.may_take(tenant) and not self._queue.of(tenant):
            self._start(lane, tenant)
            return True
        return self._queue.add(lane)

    def _look_for_unremembered(self) -> None:
        if any(self._queue.has_much_room(tenant) for tenant in self._unremembered):
            self._missed.set()

    def _start(self, lane: str, tenant: str) -> None:
        self._running[lane] = False
        self._places.take(tenant)
        self._tasks.start(self._run(lane, tenant))

    async def _run(self, lane: str, tenant: str) -> None:
        rest: Rest = Idle()
        failed = False
        try:
            rest = await self._drain(lane)
        except Exception as error:
            self._observer.trouble("lanes", error)
            rest, failed = Until(self._clock() + _AFTER_TROUBLE), True
        finally:
            again = self._running.pop(lane)
            self._places.give_back(tenant)
        if self._stopping:
            return
        if isinstance(rest, Until):
            self._wait(lane, rest.at)
        # Woken meanwhile: what it has to wait for may have changed, too.
        if isinstance(rest, More) or (again and not failed):
            self._queue_again(lane, tenant)
        self._fill()

    def _queue_again(self, lane: str, tenant: str) -> None:
        """To the end of its tenant's turns, so that a long lane takes turns with the others."""
        # Where some of the tenant's lanes do not fit, one that had its turn makes room for them.
        if tenant in self._unremembered or not self._queue.add(lane):
            self._unremembered.note(tenant)

    def _fill(self) -> None:
        while (lane := self._queue.take(self._places.may_take)) is not None:
            self._start(lane, tenant_of(lane))
        if self._unremembered:
            self._look_for_unremembered()
        self._room.set()

    def _wait(self, lane: str, until: float) -> None:
        known = self._later.get(lane)
        if known is not None and known <= until:
            return
        if known is None:
            if not self._moments.may_take(tenant_of(lane)):
                return  # the sweep finds it
            self._moments.take(tenant_of(lane))
        self._later[lane] = until
        heapq.heappush(self._heap, (until, lane))
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._heap and not self._stopping:
            seconds = max(0.0, self._heap[0][0] - self._clock())
            self._timer = asyncio.get_running_loop().call_later(seconds, self._ring)

    def _ring(self) -> None:
        now = self._clock()
        while self._heap and self._heap[0][0] <= now:
            until, lane = heapq.heappop(self._heap)
            if self._later.get(lane) == until:
                del self._later[lane]
                self._moments.give_back(tenant_of(lane))
                self.wake(lane)
        self._set_timer()


async def _nobody(_lane: str) -> Rest:
    """Before somebody serves."""
    return Idle()
