"""When which tenant is caught up with: at the start, when it appears, after a gap, and now and then.

Which tenants there are is read elsewhere (`Ingest`). Each has a moment of its own at which it is due next,
and waits longer after a failure; so tenants spread by themselves, and the trouble of one is only its own.
At most `concurrency` run at a time, each for a bounded while.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from bot.core.chat.ids import TenantId
from bot.core.clocks import Chance, Monotonic
from bot.core.errors import BotError, KeyRejected, OutOfCredits
from bot.core.tasks import TaskSet
from bot.jobs.periodic import WHEN_ASKED, JobScope, Periodic, WorkSoon
from bot.relay.fetching.catchup import CONCURRENCY, CatchUp, Report
from bot.relay.observing import RelayObserver
from bot.storage.intake.watermarks import Member, Watermarks

CATCH_UP = "catchup"


class WatchesHooks(Protocol):
    """What `HookWatch` does."""

    async def look(self, member: Member) -> bool:
        """Whether deliveries had stopped."""


class CatchUpIntervals(msgspec.Struct, frozen=True):
    """Seconds. every: between two runs of a tenant, more or less by a tenth. look: until a new
    tenant or key is noticed. grace: see `CatchUp.run`. longest: of one run; it goes on where it got to.
    """

    every: float = 300.0
    look: float = 5.0
    grace: float = 20.0
    longest: float = 120.0
    first_backoff: float = 15.0
    longest_backoff: float = 3600.0
    without_credits: float = 600.0
    concurrency: int = CONCURRENCY


@dataclass(slots=True)
class _Turn:
    """A tenant's place in the order. number: of its newest entry; older ones in the heap are void.

    good_at: when its events were last compared to the end, or when it joined; monotonic.
    """

    member: Member
    number: int = 0
    failures: int = 0
    good_at: float = 0.0
    running: bool = False
    again: bool = False


class CatchUpTimer:
    """Runs catch-up for every tenant that has a key and a route."""

    def __init__(
        self,
        catchup: CatchUp,
        marks: Watermarks,
        watch: WatchesHooks | None,
        *,
        schedule: CatchUpIntervals,
        monotonic: Monotonic,
        random: Chance,
        observer: RelayObserver,
        work_soon: WorkSoon,
    ) -> None:
        """watch: looks after webhooks; None where events come by stream. monotonic: seconds from any
        start, never going back. random: uniform in [0, 1). work_soon: has the work run before its turn."""
        self._catchup = catchup
        self._marks = marks
        self._watch = watch
        self._schedule = schedule
        self._monotonic = monotonic
        self._random = random
        self._observer = observer
        self._turns: dict[TenantId, _Turn] = {}
        self._heap: list[tuple[float, int, TenantId]] = []
        self._numbers = 0
        self._tasks = TaskSet()
        self._work_soon = work_soon

    def work(self) -> Periodic:
        """Begin what is due, and rest until the next is."""
        return Periodic(CATCH_UP, self._pause, self._start_due, JobScope.INSTALLATION)

    async def close(self) -> None:
        """Cancel what is under way; it is repeated by the next start."""
        await self._tasks.close()

    def soon(self, tenant: TenantId) -> None:
        """There may be a gap: compare as soon as there is a place."""
        turn = self._turns.get(tenant)
        if turn is None:
            return
        if turn.running:
            turn.again = True
        else:
            self._plan(tenant, turn, 0.0)

    def renew(self, members: Iterable[Member]) -> None:
        """Take in new tenants and new keys; let go of those who left. members: all that there are now."""
        present = {member.tenant: member for member in members}
        for tenant in self._turns.keys() - present.keys():
            del self._turns[tenant]
        for tenant, member in present.items():
            turn = self._turns.get(tenant)
            if turn is None:
                turn = self._turns[tenant] = _Turn(member, good_at=self._monotonic())
                self._plan(tenant, turn, 0.0)
            elif turn.member.key_at != member.key_at:
                turn.failures = 0
                self._plan(tenant, turn, 0.0)
            turn.member = member

    def _plan(self, tenant: TenantId, turn: _Turn, delay: float) -> None:
        self._numbers += 1
        turn.number = self._numbers
        heapq.heappush(self._heap, (self._monotonic() + delay, turn.number, tenant))
        self._work_soon()

    def _pause(self) -> float:
        """Seconds until the first is due, where time alone can bring a start about."""
        if not self._heap or len(self._tasks) >= self._schedule.concurrency:
            return WHEN_ASKED
        return max(0.0, self._heap[0][0] - self._monotonic())

    async def _start_due(self) -> None:
        now = self._monotonic()
        while self._heap and len(self._tasks) < self._schedule.concurrency and self._heap[0][0] <= now:
            _, number, tenant = heapq.heappop(self._heap)
            turn = self._turns.get(tenant)
            if turn is None or turn.number != number:
                continue
            if turn.running:
                turn.again = True
            elif not turn.member.refused:
                turn.running = True
                task = self._tasks.start(self._serve(tenant, turn), "relay-catchup")
                # After the set has let go of it.
                task.add_done_callback(lambda _: self._work_soon())

    async def _serve(self, tenant: TenantId, turn: _Turn) -> None:
        turn.again = False
        delay = await self._attempt(tenant, turn)
        turn.running = False
        if self._turns.get(tenant) is turn and delay is not None:
            self._plan(tenant, turn, 0.0 if turn.again else delay)

    async def _attempt(self, tenant: TenantId, turn: _Turn) -> float | None:
        """One run of a tenant; seconds until the next, None for none before the key changes."""
        try:
            async with asyncio.timeout(self._schedule.longest):
                member = await self._marks.member(tenant)
                if member is None:
                    return self._schedule.every  # it has just left; if not for good, it goes on then
                turn.member = member
                if member.refused:
                    return None
                grace = 0.0 if await self._had_stopped(member) else self._schedule.grace
                report = await self._catchup.run(member, grace=grace)
        except KeyRejected:
            return await self._give_up(turn)
        except BotError as error:
            return self._backoff(turn, error)
        except TimeoutError:
            return self._backoff(turn, None)
        except Exception as error:
            self._observer.trouble("catchup", error)
            return self._backoff(turn, None)
        turn.failures = 0
        turn.good_at = self._monotonic()
        self._observer.compared(report.stored, report.skipped)
        return self._after(report)

    def stalest(self) -> float | None:
        """Seconds since the last good comparison of the tenant that waits longest for one; None without
        tenants. One whose key Xquik refused is waited for by nobody."""
        now = self._monotonic()
        return max((now - t.good_at for t in self._turns.values() if not t.member.refused), default=None)

    async def _had_stopped(self, member: Member) -> bool:
        """Whether webhooks had stopped. When nobody can say, events are compared all the same."""
        if self._watch is None:
            return False
        try:
            return await self._watch.look(member)
        except KeyRejected:
            raise
        except BotError:
            return False

    async def _give_up(self, turn: _Turn) -> float | None:
        try:
            await self._catchup.refused(turn.member)
        except Exception as error:
            self._observer.trouble("catchup", error)
            return self._backoff(turn, None)
        return None

    def _after(self, report: Report) -> float:
        if report.more:
            return 0.0
        if report.young:
            return self._schedule.grace
        return self._schedule.every * (0.9 + 0.2 * self._random())

    def _backoff(self, turn: _Turn, error: BotError | None) -> float:
        turn.failures += 1
        self._observer.compared(0, 0, ok=False)
        schedule = self._schedule
        own = min(schedule.longest_backoff, schedule.first_backoff * 2.0 ** min(turn.failures - 1, 16))
        asked = (error.retry_after if error is not None else None) or 0.0
        least = schedule.without_credits if isinstance(error, OutOfCredits) else 0.0
        return max(own, asked, least) * (1.0 + 0.2 * self._random())
