"""Several processes, one key: whatever they do and whenever one dies, together they keep to its windows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.asker import OURSELVES, Asker
from bot.core.errors import RateLimited, StorageUnavailable
from bot.core.shares import Allotted, HeldBack, Missed, Portion, Pressed, Share, Wish
from bot.storage.places.request_shares import shared
from bot.xquik.limits import RateLimiter, RateLimits, Window
from tests.xquik.server import FakeTime

LEASE = 10.0
ANN, BEN = Asker("a/ann"), Asker("a/ben")


class Board:
    """The table of shares without a database: the same decisions, on a clock that is set."""

    def __init__(self, time: FakeTime) -> None:
        self.time = time
        self.rows: dict[tuple[str, str], Any] = {}
        self.desks: list[Desk] = []
        self.away = False
        self.asked = 0


class Desk:
    """Where one process asks. Implements `SharedWindows`. deaf: hears nothing of the others."""

    lease = LEASE

    def __init__(self, board: Board, name: str, *, deaf: bool = False) -> None:
        self.board = board
        self.name = name
        self.deaf = deaf
        self.told: tuple[Pressed, HeldBack, Missed] | None = None
        board.desks.append(self)

    def tell(self, pressed: Pressed, held: HeldBack, missed: Missed) -> None:
        self.told = (pressed, held, missed)

    async def ask(self, bucket: str, wishes: Mapping[str, Wish]) -> Allotted:
        return self._ask(bucket, wishes, LEASE)

    async def leave(self, bucket: str, wishes: Mapping[str, Wish]) -> None:
        self._ask(bucket, wishes, 0.0)

    async def hold(self, bucket: str, group: str, seconds: float) -> None:
        if self.board.away:
            raise StorageUnavailable("away")
        for desk in self.board.desks:
            if desk is not self and desk.told is not None and not desk.deaf:
                desk.told[1](bucket, group, seconds)

    def _ask(self, bucket: str, wishes: Mapping[str, Wish], lease: float) -> Allotted:
        board, now = self.board, self.board.time.now
        if board.away:
            raise StorageUnavailable("away")
        board.asked += 1
        shares: dict[str, Share] = {}
        lacking: dict[str, Share] = {}
        for name, wish in wishes.items():
            others = [
                row
                for (process, window), row in board.rows.items()
                if window == name and process != self.name and row.ends_at > now
            ]
            share = shares[name] = shared(wish, others, now)
            lacks = share.unmet
            if lacks.total or lacks.people:
                lacking[name] = Share(Portion(), share.holders, lacks)
            board.rows[self.name, name] = SimpleNamespace(
                total=share.part.total,
                people=share.part.people,
                lacks_total=lacks.total,
                lacks_people=lacks.people,
                leased_until=now + lease,
                ends_at=now + lease + wish.seconds,
                by_person=json.dumps(dict(wish.by_person)),
            )
        for desk in board.desks:
            if lacking and desk is not self and desk.told is not None and not desk.deaf:
                desk.told[0](bucket, lacking)
        return Allotted(shares, {})


class Processes:
    """Some, on one clock; done: the moment of every request that was let through, and whether a person's."""

    def __init__(self, limits: RateLimits, number: int, *, deaf: bool = False) -> None:
        self.time = FakeTime()
        self.board = Board(self.time)
        self.limits = limits
        self.deaf = deaf
        self.made = 0
        self.gates = [self.new() for _ in range(number)]
        self.done: list[tuple[float, Asker]] = []

    def new(self) -> RateLimiter:
        self.made += 1
        desk = Desk(self.board, f"p{self.made}", deaf=self.deaf)
        return RateLimiter(self.limits, clock=self.time.clock, sleep=self.time.sleep, shared=desk)

    async def one(self, at: int, asker: Asker = OURSELVES) -> bool:
        """Whether a request of that process went through."""
        try:
            await self.gates[at].acquire("key", "write", asker)
        except RateLimited:
            return False
        self.done.append((self.time.now, asker))
        await self.settled()
        return True

    async def settled(self) -> None:
        """What processes do beside that."""
        for gate in self.gates:
            await asyncio.gather(*gate._tasks._tasks)

    async def many(self, at: int, asker: Asker = OURSELVES) -> int:
        """How many went through before one was refused."""
        number = 0
        while await self.one(at, asker):
            number += 1
        return number

    def most(self, window: Window, asker: Asker | None = None, *, people: bool = False) -> int:
        """The most that began within any window."""
        moments = [
            when
            for when, who in self.done
            if who == asker or (asker is None and (who.is_person or not people))
        ]
        return max(
            (sum(1 for other in moments if when <= other < when + window.seconds) for when in moments),
            default=0,
        )


WRITES = Window(120, 60.0)
LIMITS = RateLimits(write=(WRITES,))


async def test_one_that_is_alone_has_all_of_it() -> None:
    run = Processes(LIMITS, 1)
    assert await run.many(0) == 120
    assert run.board.asked < 30


async def test_one_that_is_busy_has_nearly_all_beside_others_that_are_not() -> None:
    run = Processes(LIMITS, 3)
    assert await run.one(1) and await run.one(2)
    assert await run.many(0) >= 110
    assert run.most(WRITES) <= 120


async def test_who_comes_later_gets_an_equal_share_in_time() -> None:
    run = Processes(RateLimits(write=(Window(60, 1.0),)), 2)
    for _ in range(60):
        await run.one(0)
    run.time.now += 1.0
    counts = [0, 0]
    until = run.time.now + 10.0

    async def busy(at: int) -> None:
        while run.time.now < until:
            counts[at] += await run.one(at)

    await asyncio.gather(busy(0), busy(1))
    assert run.most(Window(60, 1.0)) <= 60
    assert min(counts) > 0.5 * max(counts), counts


async def test_what_one_had_that_died_comes_back_after_its_lease_and_the_window() -> None:
    run = Processes(LIMITS, 2)
    for _ in range(100):
        assert await run.one(0)
    run.gates[0] = run.new()
    assert await run.many(1) <= 20
    run.time.now += LEASE + 60.0
    assert await run.many(1) == 120
    assert run.most(WRITES) <= 120


async def test_who_leaves_keeps_only_what_was_used() -> None:
    run = Processes(LIMITS, 2)
    for _ in range(3):
        assert await run.one(0)
    await run.gates[0].aclose()
    assert await run.many(1) == 117
    run.time.now += 60.0
    assert await run.many(1) == 120
    assert run.most(WRITES) <= 120


async def test_people_of_all_processes_leave_the_reserve_to_what_was_confirmed() -> None:
    run = Processes(LIMITS, 3)
    for at in (0, 1, 2):
        for person in range(12):
            await run.many(at, Asker(f"a/{person}"))
    assert 80 <= run.most(WRITES, people=True) <= 90
    run.done = [(when, who) for when, who in run.done if when > run.time.now - 60.0]
    of_people = len(run.done)
    assert await run.many(2) >= 120 - of_people - 6
    assert run.most(WRITES) <= 120


async def test_one_person_has_one_share_in_all_processes_together() -> None:
    run = Processes(LIMITS, 3)
    for _ in range(10):
        for at in (0, 1, 2):
            await run.many(at, ANN)
    assert 15 <= run.most(WRITES, ANN) <= 30
    assert await run.one(1, BEN)


async def test_a_refusal_says_for_how_long_and_counts_nothing() -> None:
    run = Processes(LIMITS, 2)
    await run.many(0)
    with pytest.raises(RateLimited) as refused:
        await run.gates[1].acquire("key", "write")
    assert 0 < (refused.value.retry_after or 0) <= 60.0
    assert sum(run.time.slept) < 10


async def test_a_rare_request_asks_for_nothing_most_of_the_time() -> None:
    run = Processes(RateLimits(read=(Window(300, 1.0),)), 1)
    for _ in range(100):
        await run.gates[0].acquire("key", "read")
        run.time.now += 0.5
        await run.settled()
    assert run.board.asked <= 12  # in 50 seconds


async def test_while_nobody_can_say_each_goes_on_with_its_own_share() -> None:
    run = Processes(LIMITS, 3)
    assert await run.one(0)
    run.board.away = True
    counts = [await run.many(at) for at in (0, 1, 2)]
    assert all(0 < count <= 8 for count in counts)
    run.board.away = False
    run.time.now += 60.0
    assert await run.many(0) >= 100
    assert run.most(WRITES) <= 120


async def test_a_mistake_in_what_is_asked_is_told_and_asked_no_more_often(
    caplog: pytest.LogCaptureFixture,
) -> None:
    run = Processes(LIMITS, 1)
    asked = 0

    def wrong(*_: object) -> Allotted:
        nonlocal asked
        asked += 1
        raise LookupError

    run.board.desks[0]._ask = wrong  # type: ignore[assignment]
    for _ in range(4):
        await run.gates[0].acquire("key", "write")
    assert asked == 1
    await asyncio.sleep(0)
    assert "LookupError" in caplog.text


async def test_a_429_that_one_sees_holds_all() -> None:
    run = Processes(LIMITS, 2)
    assert await run.one(0) and await run.one(1)
    run.gates[0].hold("key", "write", 30.0)
    await run.settled()
    for at in (0, 1):
        with pytest.raises(RateLimited) as refused:
            await run.gates[at].acquire("key", "write")
        assert refused.value.retry_after == pytest.approx(30.0, abs=1)


@given(
    deaf=st.booleans(),
    steps=st.lists(
        st.tuples(
            st.sampled_from(["one", "many", "die", "leave", "wait", "away"]),
            st.integers(0, 2),
            st.sampled_from([OURSELVES, ANN, BEN]),
            st.floats(0.0, 40.0),
        ),
        max_size=40,
    ),
)
def test_together_they_keep_to_the_window_whatever_happens(deaf: bool, steps: list[Any]) -> None:
    """Also where none hears the others. A process that is alone for want of the database is not in it."""
    window = Window(24, 20.0)
    limits = RateLimits(write=(window,), share=0.5)

    async def go() -> None:
        run = Processes(limits, 3, deaf=deaf)
        for what, at, asker, seconds in steps:
            match what:
                case "one":
                    await run.one(at, asker)
                case "many":
                    await run.many(at, asker)
                case "die":
                    run.gates[at] = run.new()
                case "leave":
                    await run.gates[at].aclose()
                    run.gates[at] = run.new()
                case "wait":
                    run.time.now += seconds
                case _:
                    for gate in run.gates:
                        gate._missed()
        assert run.most(window) <= window.limit
        assert run.most(window, people=True) <= limits.of_all_people(window)
        for person in (ANN, BEN):
            # Whoever has any part at all may do one thing.
            assert run.most(window, person) <= limits.of_a_person(window) + 3

    asyncio.run(go())
