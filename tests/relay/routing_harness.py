"""Routing without sending: events put in by hand, and what the router made of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.relay.observing import RelayObserver, Unobserved
from bot.relay.receiving.delivery_body import read_body
from bot.relay.routing.expanding import new_delivery
from bot.relay.routing.planning import Scheduling
from bot.relay.routing.quota import Quota
from bot.relay.routing.route_indexes import RouteIndexes
from bot.relay.routing.router import Router
from bot.relay.schedule.deciding import RouteSchedules
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.intake.events import ORDER_LOCK, Events, NewEvent, store_events
from bot.storage.tables import deliveries
from tests.relay.conftest import make_relay
from tests.relay.harness import TENANT, RecordingMessenger, event_body


def unsending(database: Database) -> Relay:
    """A relay that routes when it is told to, and sends nothing."""
    relay = make_relay(database, RecordingMessenger())
    relay.scheduler.stop_looking()
    return relay


# Small, so that a flood is quickly made; the proportions are as usual.
SHARES = Quota(events=20, batch=40, turn=5, least=2, turns=8)


class Asleep:
    """A scheduler that sends nothing."""

    def wake(self, lane: str) -> None:
        """Nothing."""


def small_router(
    relay: Relay,
    database: Database,
    *,
    schedules: Scheduling | None = None,
    clock: Callable[[], float] = time.time,
    observer: RelayObserver | None = None,
    gather: float = 0.0,
    poll: float = 1.0,
) -> Router:
    """A router of its own over the relay's database, with small shares."""
    return Router(
        database,
        Events(database),
        RouteIndexes(relay.routes, relay.mutes, relay.names),
        Asleep(),
        schedules or RouteSchedules(database.dialect, new_delivery),
        relay.renaming,
        clock=clock,
        observer=observer or Unobserved(),
        gather=gather,
        poll=poll,
        quota=SHARES,
    )


async def store(relay: Relay, number: int, tenant: TenantId = TENANT, **changes: Any) -> None:
    """Store an event of a tenant, as if it came by catch-up."""
    changes.setdefault("occurredAt", time.time())
    body = read_body(event_body(number, **changes), time.time())
    assert body.event is not None
    await relay.intake.take_event(tenant, body.event, body.data, body.digest, "catchup")


async def store_many(db: Database, tenant: TenantId, numbers: Sequence[int]) -> None:
    """Store events of a tenant, all at once; the tweet of number 7 has the id 7."""
    now = time.time()
    new = [
        NewEvent(
            tenant=str(tenant),
            identity=f"e:{number}",
            digest=bytes(32),
            type="tweet.new",
            username="nasa",
            query=None,
            data=json.dumps({"id": str(number)}),
            occurred_at=now,
            received_at=now,
            via="catchup",
        )
        for number in numbers
    ]

    async def work(connection: AsyncConnection) -> None:
        await db.serialised(connection, ORDER_LOCK)
        await store_events(connection, new)

    await db.write(work)


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


async def keys_of(db: Database, channel: str) -> list[str]:
    """What was made for a channel, in order."""
    return [row.purpose for row in await rows(db) if row.channel == channel]
