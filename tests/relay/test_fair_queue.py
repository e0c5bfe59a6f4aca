"""Lanes are drained in turns of their tenants: one tenant's many lanes leave room for the others'."""

from __future__ import annotations

import asyncio
import bisect
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.relay.observing import Unobserved
from bot.relay.sending.fair_queue import FairQueue, TenantQuotas, tenant_of
from bot.relay.sending.lanes import Idle, More, Rest, Until
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.relay.sending.unremembered_lanes import UnrememberedLanes
from tests.relay.harness import until


def lanes_of(tenant: str, count: int) -> list[str]:
    """Lanes of a tenant, in the order of their names."""
    return [f"{tenant}/C{number:04}" for number in range(count)]


class QueueHarness:
    """Lanes with messages, drained one message a turn when the test says so. clock: epoch seconds."""

    def __init__(self) -> None:
        self.messages: Counter[str] = Counter()
        self.drained: list[str] = []
        self.held: dict[str, asyncio.Future[None]] = {}
        self.holding = ""
        self.until: dict[str, float] = {}
        self.now = 1000.0
        self.looks = 0

    def clock(self) -> float:
        """The moment that the test has set."""
        return self.now

    async def drain(self, lane: str) -> Rest:
        """One message; while its tenant is held, not before it is let go."""
        if tenant_of(lane) == self.holding:
            let_go = self.held[lane] = asyncio.get_running_loop().create_future()
            await let_go
            del self.held[lane]
        await asyncio.sleep(0)
        if self.until.get(lane, 0.0) > self.now:
            return Until(self.until[lane])
        if not self.messages[lane]:
            return Idle()
        self.messages[lane] -= 1
        self.drained.append(lane)
        return More() if self.messages[lane] else Idle()

    async def open_lanes(self, after: str, limit: int) -> Sequence[str]:
        """A page of the lanes that have something to send."""
        self.looks += after == ""
        names = sorted(lane for lane, count in self.messages.items() if count)
        begin = bisect.bisect_right(names, after)
        return names[begin : begin + limit]

    def fill(self, lanes: Sequence[str], messages: int = 1) -> None:
        """Give each of the lanes messages."""
        self.messages.update(dict.fromkeys(lanes, messages))

    def open(self) -> int:
        """How many messages are left."""
        return sum(self.messages.values())


@pytest.fixture
def harness() -> QueueHarness:
    """See `QueueHarness`."""
    return QueueHarness()


@pytest.fixture
async def scheduler(harness: QueueHarness) -> AsyncIterator[AsyncioScheduler]:
    """Eight lanes at a time, sixteen waiting; nobody looks by itself within the test."""
    made = AsyncioScheduler(
        harness.open_lanes,
        clock=harness.clock,
        sleep=asyncio.sleep,
        observer=Unobserved(),
        tasks=8,
        waiting_limit=16,
        sweep=3600.0,
    )
    made.serve(harness.drain)
    yield made
    await made.stop(0.1)


async def test_lanes_that_hang_leave_places_for_the_lanes_of_others(
    harness: QueueHarness, scheduler: AsyncioScheduler
) -> None:
    harness.holding = "slack:A"
    mine, theirs = lanes_of("slack:A", 20), lanes_of("slack:B", 3)
    harness.fill([*mine, *theirs])
    for lane in mine:
        scheduler.wake(lane)
    await until(lambda: len(harness.held) == 6)
    for lane in theirs:
        scheduler.wake(lane)
    await until(lambda: harness.drained == theirs)
    assert len(harness.held) == 6


async def test_waiting_lanes_are_taken_in_turns_of_their_tenants(
    harness: QueueHarness, scheduler: AsyncioScheduler
) -> None:
    harness.holding = "slack:A"
    mine = lanes_of("slack:A", 14)
    theirs = [lanes_of(f"slack:{name}", 5)[4] for name in "BCDE"]
    harness.fill(mine)
    harness.fill(theirs, 2)
    for lane in (*mine, *theirs):
        scheduler.wake(lane)
    await until(lambda: len(harness.held) == 6 and len(harness.drained) == 8)
    harness.holding = ""
    for hang in list(harness.held.values()):
        hang.set_result(None)
    await until(lambda: not harness.open())
    assert set(harness.drained[:8]) == set(theirs)


async def test_a_flood_of_lanes_pushes_out_nobody_elses_and_is_not_forgotten_either(
    harness: QueueHarness, scheduler: AsyncioScheduler
) -> None:
    harness.holding = "slack:A"
    mine, theirs = lanes_of("slack:A", 200), lanes_of("slack:B", 4)
    harness.fill([*mine, *theirs])
    for lane in (*mine, *theirs):
        scheduler.wake(lane)
    assert scheduler.busy <= 24
    await until(lambda: len(harness.drained) == 4)
    assert harness.drained == theirs
    harness.holding = ""
    looking = asyncio.create_task(scheduler.run())
    for hang in list(harness.held.values()):
        hang.set_result(None)
    await until(lambda: not harness.open())
    assert sorted(harness.drained[4:]) == mine
    scheduler.stop_looking()
    await looking


async def test_of_more_long_lanes_than_are_remembered_each_has_its_turns(
    harness: QueueHarness, scheduler: AsyncioScheduler
) -> None:
    mine = lanes_of("slack:A", 60)
    harness.fill(mine, 20)
    looking = asyncio.create_task(scheduler.run())
    await until(lambda: len(harness.drained) >= 600)
    assert set(harness.drained) == set(mine)
    await until(lambda: not harness.open())
    scheduler.stop_looking()
    await looking
    assert scheduler.busy == 0


async def test_lanes_that_wait_for_a_moment_leave_room_for_those_of_others(
    harness: QueueHarness, scheduler: AsyncioScheduler
) -> None:
    mine, theirs = lanes_of("slack:A", 40), lanes_of("slack:B", 2)
    harness.fill([*mine, *theirs])
    harness.until = dict.fromkeys(mine, 5000.0) | dict.fromkeys(theirs, 1000.05)
    for lane in (*mine, *theirs):
        scheduler.wake(lane)
        await asyncio.sleep(0.001)
    harness.now = 1000.1
    await until(lambda: sorted(harness.drained) == theirs)


async def test_a_lane_that_is_woken_while_it_is_drained_is_drained_again(
    harness: QueueHarness, scheduler: AsyncioScheduler
) -> None:
    (lane,) = lanes_of("slack:A", 1)
    harness.holding = "slack:A"
    scheduler.wake(lane)
    await until(lambda: harness.held)
    harness.fill([lane])
    scheduler.wake(lane)
    harness.holding = ""
    harness.held[lane].set_result(None)
    await until(lambda: harness.drained == [lane])


NAMES = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(st.tuples(NAMES, st.integers(0, 30)), max_size=80), st.integers(4, 20))
def test_turns_are_bounded_leave_room_and_go_round(added: list[tuple[str, int]], limit: int) -> None:
    turns = FairQueue(limit)
    for tenant, number in added:
        turns.add(f"{tenant}/C{number}")
        assert len(turns) <= limit and sum(turns.of(name) for name in "abcd") == len(turns)
    alone = {tenant for tenant, _ in added}
    if len(alone) == 1:
        assert len(turns) < limit
    waiting = {name: turns.of(name) for name in alone if turns.of(name)}
    taken = [tenant_of(lane) for lane in iter(lambda: turns.take(lambda _: True), None)]
    assert Counter(taken) == waiting and len(turns) == 0
    assert set(taken[: len(waiting)]) == set(waiting)


def test_nobody_is_handed_out_who_may_not_have_more() -> None:
    turns = FairQueue(10)
    for lane in ("a/1", "b/1", "a/1", "a/2"):
        assert turns.add(lane)
    assert turns.take(lambda tenant: tenant == "b") == "b/1"
    assert turns.take(lambda tenant: tenant == "b") is None
    assert turns.of("a") == 2 and turns.has_much_room("a") and not turns.full
    turns.clear()
    assert len(turns) == 0


def test_a_share_leaves_something_for_who_comes_next() -> None:
    shares = TenantQuotas(8)
    for tenant, most in (("a", 6), ("b", 1), ("c", 1)):
        for _ in range(most):
            assert shares.may_take(tenant)
            shares.take(tenant)
    assert not any(map(shares.may_take, "abcd"))
    shares.give_back("a")
    assert shares.may_take("d") and not shares.may_take("a")


def test_a_look_goes_on_where_the_one_before_it_ended_and_begins_anew_at_the_end() -> None:
    left = UnrememberedLanes()
    looks = []
    for room in (2, 2, 2, 9):
        left.begin()
        taken: list[str] = []
        for lane in "vwxyz":
            if left.is_passed("a"):
                continue
            if len(taken) < room:
                taken.append(lane)
            else:
                left.refuse("a")
        left.end()
        looks.append("".join(taken))
    assert looks == ["vw", "xy", "z", "vwxyz"] and len(left) == 0
