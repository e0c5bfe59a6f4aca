"""No interleaving of confirmations, charges, refunds and crashes passes a limit, on both databases.

Two processes on one database, as many confirmations at once as a step says. A plain model counts what was
taken; after each step what is stored is what it says, and no budget was passed by anything that was admitted.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.chat.ids import TenantId
from bot.core.commands.budgets import Budget, BudgetReached, BudgetScope, Period, Spend
from bot.storage.engine.database import Database
from bot.storage.places.budgets import Budgets
from tests import fuzzing
from tests.conftest import ManualClock, PostgresServer
from tests.storage.test_budgets import NOON

HERE = TenantId("discord", "1")
PEOPLE, CHANNELS, ROUTES = ("ada", "bob"), ("c1", "c2"), ("", "r1")
AMOUNTS = st.integers(1, 60)
BUDGETS = st.lists(
    st.builds(
        Budget,
        st.just(BudgetScope.PLACE),
        st.just(""),
        st.sampled_from(Period),
        st.integers(50, 300),
    )
    | st.builds(
        Budget,
        st.just(BudgetScope.PERSON),
        st.sampled_from(PEOPLE),
        st.sampled_from(Period),
        st.integers(20, 200),
    )
    | st.builds(
        Budget,
        st.just(BudgetScope.CHANNEL),
        st.sampled_from(CHANNELS),
        st.sampled_from(Period),
        st.integers(20, 200),
    )
    | st.builds(
        Budget, st.just(BudgetScope.ROUTE), st.just("r1"), st.sampled_from(Period), st.integers(20, 400)
    ),
    max_size=5,
    unique_by=lambda one: (one.scope, one.subject, one.period),
)


@dataclass(frozen=True)
class Confirm:
    """Somebody confirms: what it may cost; hourly: for as long as it runs."""

    person: str
    channel: str
    route: str
    credits: int
    hourly: int


@dataclass(frozen=True)
class Step:
    """confirms: at the same time, in two processes. settles: the n-th that was taken is charged a part of
    what was reserved (tenths), or nothing (a refund), or its process died (None). hours: pass afterwards.
    crash: a process comes back anew. ends: a monitor stops."""

    confirms: tuple[Confirm, ...]
    settles: tuple[tuple[int, int | None], ...]
    hours: int
    crash: bool
    ends: bool


CONFIRMS = st.builds(
    Confirm,
    st.sampled_from(PEOPLE),
    st.sampled_from(CHANNELS),
    st.sampled_from(ROUTES),
    AMOUNTS,
    st.sampled_from((0, 0, 0, 1, 3)),
)
STEPS = st.lists(
    st.builds(
        Step,
        st.lists(CONFIRMS, max_size=6).map(tuple),
        st.lists(st.tuples(st.integers(0, 20), st.sampled_from((None, 0, 5, 10))), max_size=4).map(tuple),
        st.integers(0, 9),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@dataclass
class Taken:
    """What was admitted, as the model has it."""

    spend: Spend
    at: float
    cost: int
    ended: float | None = None
    settled: bool = False


@dataclass
class Model:
    """What the database should say, by the plainest means."""

    taken: list[Taken] = field(default_factory=list)

    def total(self, budget: Budget, now: float) -> int:
        """What of a budget is spoken for."""
        begin, end = budget.period.bounds(now, "")
        found = 0
        for one in self.taken:
            if not one.spend.falls_under(budget):
                continue
            if one.spend.hourly:
                until = end if one.ended is None else min(one.ended, end)
                hours = max(0, -int(-(until - max(one.at, begin)) // 3600))
                found += one.spend.hourly * hours
            elif one.at >= begin:
                found += one.cost
        return found


async def _open(url: str, clock: ManualClock) -> tuple[Database, Budgets]:
    database = await Database.open(url)
    return database, Budgets(database, clock)


async def _played(url: str, limits: list[Budget], steps: list[Step]) -> None:
    clock = ManualClock(NOON)
    first, second = await _open(url, clock), await _open(url, clock)
    processes, model, number = [first, second], Model(), 0
    try:
        for limit in limits:
            await processes[0][1].put(HERE, limit, "ada")
        for step in steps:
            number = await _confirmed(processes, model, step, limits, clock(), number)
            _none_passed(model, limits, clock())
            await _settled(processes, model, step, clock())
            if step.crash:
                await processes[1][0].close()
                processes[1] = await _open(url, clock)
            clock.advance(3600.0 * step.hours)
            for use in await processes[number % 2][1].standing(HERE):
                assert use.total == model.total(use.budget, clock()), (use, step)
    finally:
        for database, _ in processes:
            await database.close()


async def _confirmed(
    processes: list[tuple[Database, Budgets]],
    model: Model,
    step: Step,
    limits: list[Budget],
    now: float,
    number: int,
) -> int:
    spends = [
        Spend(
            f"s{number + place}",
            HERE,
            one.person,
            one.channel,
            "x",
            0 if one.hourly else one.credits,
            one.hourly,
            one.route,
        )
        for place, one in enumerate(step.confirms)
    ]

    async def confirm(place: int, spend: Spend) -> bool:
        try:
            await processes[place % 2][1].reserve(spend)
        except BudgetReached:
            return False
        return True

    before = {limit: model.total(limit, now) for limit in limits}
    taken = await asyncio.gather(*(confirm(place, one) for place, one in enumerate(spends)))
    for spend, was_taken in zip(spends, taken, strict=True):
        if was_taken:
            model.taken.append(Taken(spend, now, spend.credits))
        else:
            # It was refused for a reason: with all that was admitted beside it, it would have passed one.
            over = Model(
                [*model.taken, *_others(spends, taken, spend, now), Taken(spend, now, spend.credits)]
            )
            assert any(
                spend.falls_under(limit) and over.total(limit, now) > limit.credits for limit in limits
            ), (spend, before)
    return number + len(spends)


def _others(spends: list[Spend], taken: list[bool], but: Spend, now: float) -> list[Taken]:
    place = spends.index(but)
    later = list(zip(spends, taken, strict=True))[place + 1 :]
    return [Taken(one, now, one.credits) for one, was_taken in later if was_taken]


def _none_passed(model: Model, limits: list[Budget], now: float) -> None:
    for limit in limits:
        assert model.total(limit, now) <= limit.credits, limit


async def _settled(processes: list[tuple[Database, Budgets]], model: Model, step: Step, now: float) -> None:
    work: list[Any] = []
    for which, tenths in step.settles:
        if not model.taken or tenths is None:
            continue  # its process died before it knew: what was reserved goes on counting
        one = model.taken[which % len(model.taken)]
        if one.spend.hourly or one.settled:
            continue
        one.cost, one.settled = one.spend.credits * tenths // 10, True
        work.append(processes[which % 2][1].settle(one.spend.id, one.cost))
    await asyncio.gather(*work)
    budgets, database = processes[0][1], processes[0][0]
    running = [one for one in model.taken if one.spend.hourly and one.ended is None]
    for one in running:
        await database.write(partial(budgets.began_in, id=one.spend.id, monitors=[one.spend.id]))
    if step.ends and running:
        ended = running[0]
        ended.ended = now
        await budgets.running(HERE, {one.spend.id: one.spend.hourly for one in running[1:]})


COMMON: Any = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@settings(max_examples=fuzzing.examples(30), **COMMON)
@given(limits=BUDGETS, steps=STEPS)
def test_no_interleaving_passes_a_limit_on_sqlite(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, limits: list[Budget], steps: list[Step]
) -> None:
    path = tmp_path_factory.mktemp("budgets") / "bot.db"
    shutil.copyfile(sqlite_template, path)
    asyncio.run(_played(f"sqlite:///{path}", limits, steps))


@settings(max_examples=fuzzing.examples(15), **COMMON)
@given(limits=BUDGETS, steps=STEPS)
def test_no_interleaving_passes_a_limit_on_postgresql(
    postgres: PostgresServer, limits: list[Budget], steps: list[Step]
) -> None:
    try:
        asyncio.run(_played(postgres.shared, limits, steps))
    finally:
        postgres.empty()
