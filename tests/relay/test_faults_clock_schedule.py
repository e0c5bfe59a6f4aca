"""A clock that was ahead for a while, and what routes with a schedule made of it meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.routes.schedule import Burst, Schedule
from bot.storage.engine.database import Database
from bot.storage.relay.future_moments import let_go
from bot.storage.tables import deliveries, held
from tests.conftest import ManualClock
from tests.relay.test_schedules import ScheduleHarness

AHEAD = 10 * 86_400.0


@pytest.fixture
def harness(database: Database, clock: ManualClock) -> ScheduleHarness:
    return ScheduleHarness(database, clock)


async def _waits(harness: ScheduleHarness) -> list[float]:
    """Seconds from now until each message that waits may be sent, and each held event is due."""

    async def work(connection: AsyncConnection) -> list[Any]:
        sent = select(deliveries.c.not_before.label("at")).order_by(deliveries.c.id)
        kept = select(held.c.due_at.label("at")).order_by(held.c.id)
        return [*await connection.execute(sent), *await connection.execute(kept)]

    return [max(0.0, row.at - harness.clock()) for row in await harness.db.read(work)]


async def test_the_pace_of_an_hour_is_not_waited_for_until_the_wrong_clock_comes(
    harness: ScheduleHarness,
) -> None:
    route = await harness.route(Schedule(per_hour=60))
    harness.clock.advance(AHEAD)
    await harness.arrive(route, 3)
    harness.clock.advance(-AHEAD)
    await let_go(harness.db, harness.clock(), AHEAD)
    await harness.arrive(route, 1)
    assert await _waits(harness) == pytest.approx([0, 60, 120, 180], abs=1)


async def test_a_second_look_does_not_take_the_time_twice(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(per_hour=60))
    harness.clock.advance(AHEAD)
    await harness.arrive(route, 3)
    harness.clock.advance(-AHEAD)
    for _ in range(3):
        await let_go(harness.db, harness.clock(), AHEAD)
    assert await _waits(harness) == pytest.approx([0, 60, 120], abs=1)


async def test_a_burst_that_began_in_the_future_is_over(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(burst=Burst(2, 60)))
    harness.clock.advance(AHEAD)
    await harness.arrive(route, 4)
    harness.clock.advance(-AHEAD)
    await harness.arrive(route, 2)
    assert (await _waits(harness))[:4] == [0, 0, 0, 0], "two of the burst, and two after it"
    await let_go(harness.db, harness.clock(), AHEAD)
    assert max(await _waits(harness)) <= 60


async def test_what_keeps_to_its_hour_by_the_right_clock_stays_as_it_is(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(per_hour=1))
    await harness.arrive(route, 3)
    await let_go(harness.db, harness.clock(), 30.0)
    assert await _waits(harness) == pytest.approx([0, 3600, 7200], abs=1)
