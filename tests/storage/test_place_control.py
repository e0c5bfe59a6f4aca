"""A place stops and goes on as a whole, on both databases; and what happened last is read for all."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.route import Route
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import PARKED
from bot.storage.relay.place_control import pause_place, resume_place
from bot.storage.relay.recent import recent_events, recent_outcomes
from bot.storage.relay.routes import Routes
from bot.storage.tables import deliveries, events

TENANT = TenantId("slack", "T1")
HERE, ELSEWHERE = Destination(TENANT, "C1"), Destination(TENANT, "C2")


async def put(database: Database, *states: str, place: Destination = HERE) -> None:
    async def work(connection: AsyncConnection) -> None:
        for number, state in enumerate(states):
            await connection.execute(
                insert(deliveries).values(
                    tenant=str(TENANT),
                    lane=str(place),
                    channel=place.channel,
                    kind="event",
                    dedup_key=f"e:{number}",
                    key=f"k{number}",
                    state=state,
                    created_at=time.time(),
                )
            )

    await database.write(work)


async def moments(database: Database) -> list[float]:
    async def work(connection: AsyncConnection) -> list[Any]:
        query = select(deliveries.c.not_before).order_by(deliveries.c.id)
        return [row.not_before for row in await connection.execute(query)]

    return await database.read(work)


async def test_the_first_that_waits_holds_up_what_is_behind_it(database: Database) -> None:
    await put(database, "sent", "sending", "waiting", "waiting")
    await put(database, "waiting", place=ELSEWHERE)
    assert await pause_place(database, HERE, "stop") == 0
    assert await moments(database) == [0.0, 0.0, PARKED, 0.0, 0.0]
    await resume_place(database, HERE)
    assert await moments(database) == [0.0] * 5


async def test_routes_with_other_places_go_on_there(database: Database) -> None:
    routes = Routes(database)
    await routes.add(Route(id="one", name="one", destination=HERE), 1.0)
    await routes.add(Route(id="two", name="two", destination=ELSEWHERE), 1.0)
    before = await routes.versions([str(TENANT)])
    assert await pause_place(database, HERE, "stop") == 1
    assert await routes.versions([str(TENANT)]) != before, "other processes notice"
    paused = {standing.route.name: standing.route.paused_reason for standing in await routes.list(TENANT)}
    assert paused == {"one": "stop", "two": None}
    assert await resume_place(database, HERE) == 1
    assert all(standing.route.paused_reason is None for standing in await routes.list(TENANT))


async def test_what_happened_last_is_read_newest_first_and_by_platform(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        for number in range(3):
            await connection.execute(
                insert(events).values(
                    tenant=str(TENANT),
                    identity=f"e:{number}",
                    body_hash=b"0" * 32,
                    type="tweet.new",
                    data="{}",
                    occurred_at=1.0,
                    received_at=float(number),
                    via="stream",
                )
            )

    await database.write(work)
    await put(database, "sent", "sent", "dead")
    assert [event.identity for event in await recent_events(database, 2)] == ["e:2", "e:1"]
    assert await recent_outcomes(database) == {"slack": {"sent": 2, "dead": 1}}
    assert await recent_outcomes(database, newest=1) == {"slack": {"dead": 1}}
