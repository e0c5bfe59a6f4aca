"""Routing without sending: events put in by hand, and what the router made of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ids import TenantId
from bot.relay.delivery_body import read_body
from bot.relay.service import Relay
from bot.storage.database import Database
from bot.storage.tables import deliveries
from tests.relay.conftest import make_relay
from tests.relay.house import TENANT, RecordingMessenger, event_body


def unsending(database: Database) -> Relay:
    """A relay that routes when it is told to, and sends nothing."""
    relay = make_relay(database, RecordingMessenger())
    relay.scheduler.stop_looking()
    return relay


async def store(relay: Relay, number: int, tenant: TenantId = TENANT, **changes: Any) -> None:
    """Store an event of a tenant, as if it came by catch-up."""
    changes.setdefault("occurredAt", time.time())
    body = read_body(event_body(number, **changes), time.time())
    assert body.event is not None
    await relay.intake.take_event(tenant, body.event, body.data, body.digest, "catchup")


async def route_all(relay: Relay) -> int:
    """Let the router go on until it has nothing to do; how many batches that took."""
    batches = 0
    while await relay.router.route_batch():
        batches += 1
    return batches


async def rows(db: Database) -> Sequence[Row[Any]]:
    """Every delivery, in order."""

    async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
        return (await connection.execute(select(deliveries).order_by(deliveries.c.id))).all()

    return await db.read(work)


async def purposes(db: Database, channel: str) -> list[str]:
    """What was made for a channel, in order."""
    return [row.purpose for row in await rows(db) if row.channel == channel]
