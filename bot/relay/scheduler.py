"""The scheduler of one process: an asyncio task for each lane that has something to send.

Memory does not grow with the backlog: a lane that is idle is not here, only so many run, wait their
turn or wait for a moment, and those that do not fit are found again in the database.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from bot.relay.lanes import Idle, More, Rest, Until
from bot.relay.observing import RelayObserver

TASKS = 512
WAITING_LIMIT = 10_000
_PAGE = 500
# Seconds.
_AFTER_TROUBLE = 2.0


class AsyncioScheduler:
    """Implements `bot.core.ports.Scheduler`."""

    def __init__(
        self,
        drain: Callable[[str], Awaitable[Rest]],
        open_lanes: Callable[[str, int], Awaitable[Sequence[str]]],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        observer: RelayObserver,
        tasks: int = TASKS,
        waiting_limit: int = WAITING_LIMIT,
        sweep: float = 60.0,
    ) -> None:
        """open_lanes: a page of the lanes behind a name that have something to send.

        tasks: lanes drained at a time. sweep: seconds between looks for lanes that nobody woke.
        """
        self._drain = drain
        self._open_lanes = open_lanes
        self._clock = clock
        self._sleep = sleep
        self._observer = observer
        self._limit = tasks
        self._waiting_limit = waiting_limit
        self._sweep_every = sweep
        # Running lanes; True when one was woken meanwhile and has to be drained again.
        self._running: dict[str, bool] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._queue: dict[str, None] = {}
        self._later: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._missed = asyncio.Event()
        self._room = asyncio.Event()
        self._stopping = False

    def wake(self, lane: str) -> None:
        """The lane has, or may have, something to send."""
        if self._stopping:
            return
        if lane in self._running:
            self._running[lane] = True
        elif lane not in self._queue:
            if len(self._running) < self._limit:
                self._start(lane)
            elif len(self._queue) < self._waiting_limit:
                self._queue[lane] = None
            else:
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
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    @property
    def busy(self) -> int:
        """How many lanes are being drained or wait for a turn."""
        return len(self._running) + len(self._queue)

    async def _wake_open_lanes(self) -> None:
        after = ""
        while True:
            page = await self._open_lanes(after, _PAGE)
            for lane in page:
                while len(self._queue) >= self._waiting_limit and not self._stopping:
                    self._room.clear()
                    await self._room.wait()
                self.wake(lane)
            if len(page) < _PAGE or self._stopping:
                return
            after = page[-1]

    def _start(self, lane: str) -> None:
        self._running[lane] = False
        task = asyncio.create_task(self._run(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, lane: str) -> None:
        rest: Rest = Idle()
        try:
            rest = await self._drain(lane)
        except Exception as error:
            self._observer.trouble("lanes", error)
            rest = Until(self._clock() + _AFTER_TROUBLE)
        finally:
            again = self._running.pop(lane)
        if self._stopping:
            return
        if isinstance(rest, Until):
            self._wait(lane, rest.at)
        elif again or isinstance(rest, More):
            # To the end of the queue, so that a long lane takes turns with the others.
            self._queue[lane] = None
        self._fill()

    def _fill(self) -> None:
        while self._queue and len(self._running) < self._limit:
            lane = next(iter(self._queue))
            del self._queue[lane]
            self._start(lane)
        self._room.set()

    def _wait(self, lane: str, until: float) -> None:
        known = self._later.get(lane)
        if known is not None and known <= until:
            return
        if known is None and len(self._later) >= self._waiting_limit:
            return  # the sweep finds it
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
                self.wake(lane)
        self._set_timer()
