"""What the tests of places, threads, marks and outages share: events as tweets, and lanes made due."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination
from bot.storage.tables import deliveries
from tests.relay.conftest import RelayHarness
from tests.relay.harness import TENANT, deliver, event_body, make_hook

PLACE = Destination(TENANT, "C1")


async def tweet(house: RelayHarness, number: int, *, kind: str = "tweet.new", **data: Any) -> None:
    """Deliver an event about the tweet of that number, by @nasa unless its data says otherwise."""
    path = await make_hook(house.relay, TENANT, "hook-one")
    content = {"id": str(number), "text": f"Tweet number {number}", **data}
    body = event_body(int(time.time_ns() % 10**9), eventType=kind, data=content)
    assert (await deliver(house.client, path, body)).status_code == 200


async def rows(house: RelayHarness, kind: str | None = None) -> list[Row[Any]]:
    """The deliveries of that kind, in order."""

    async def work(connection: AsyncConnection) -> list[Row[Any]]:
        query = select(deliveries).order_by(deliveries.c.id)
        if kind is not None:
            query = query.where(deliveries.c.kind == kind)
        return list((await connection.execute(query)).all())

    return await house.db.read(work)


async def change(house: RelayHarness, kind: str, **values: Any) -> None:
    """Set columns of all deliveries of a kind, as a process that was killed would have left them."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(update(deliveries).where(deliveries.c.kind == kind).values(**values))

    await house.db.write(work)


async def hasten(house: RelayHarness) -> None:
    """Let what waits for a moment be due now."""

    async def work(connection: AsyncConnection) -> None:
        due = deliveries.c.not_before.between(1, time.time() + 3600)
        await connection.execute(update(deliveries).where(due).values(not_before=0.0))

    await house.db.write(work)
    for lane in await house.relay.deliveries.open_lanes("", 100):
        house.relay.scheduler.wake(lane)
