"""A row that cannot be read any more costs that row, is said with its reason, and stops nothing else."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Busy
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.receiving.delivery_body import read_body
from bot.relay.sending.outbox import Outbox
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.tables import deliveries, events, routes
from tests.relay.conftest import RelayHarness, make_relay
from tests.relay.harness import (
    OTHER,
    TENANT,
    RecordingMessenger,
    deliver,
    event_body,
    make_hook,
    route,
    until,
)

ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
BROKEN = '{"id": "1", "text": "cut in the mid'


async def store(relay: Relay, tenant: TenantId, number: int) -> None:
    """Store an event as catch-up does."""
    body = read_body(event_body(number), time.time())
    assert body.event is not None
    await relay.intake.take_event(tenant, body.event, body.data, body.digest, "catchup")


async def damage(db: Database, position: int) -> None:
    """Cut the JSON of the event that was stored at that position, from 0."""

    async def work(connection: AsyncConnection) -> None:
        found = await connection.execute(select(events.c.id).order_by(events.c.id))
        one = found.scalars().all()[position]
        await connection.execute(update(events).where(events.c.id == one).values(data=BROKEN))

    await db.write(work)


async def dead(db: Database) -> list[str]:
    """The reasons of the dead letters."""

    async def work(connection: AsyncConnection) -> list[str]:
        query = select(deliveries.c.error).where(deliveries.c.state == "dead")
        return [str(why) for why in (await connection.execute(query)).scalars()]

    return await db.read(work)


async def quiet(relay: Relay) -> None:
    """Until everything stored is routed and nothing is open."""

    async def done() -> bool:
        routed = await relay.router.position() == await relay.events.newest()
        return routed and not await relay.deliveries.backlog()

    await until(done)


async def test_an_event_damaged_before_it_was_routed_is_a_dead_letter_and_the_router_goes_on(
    database: Database,
) -> None:
    messenger = RecordingMessenger()
    relay = make_relay(database, messenger, poll=0.05)
    await relay.routes.add(route("a", "C1", accounts=("nasa",)), time.time())
    await relay.routes.add(route("b", "9001", OTHER), time.time())
    for number in range(3):
        await store(relay, TENANT, number)
    await store(relay, OTHER, 7)
    await damage(database, 1)
    await relay.start()
    await quiet(relay)
    assert messenger.texts("C1") == ["Tweet number 0", "Tweet number 2"]
    assert messenger.texts("9001") == ["Tweet number 7"]
    (why,) = await dead(database)
    assert "damaged" in why
    await relay.stop(grace=1.0)


@ONE_DATABASE
async def test_an_event_damaged_while_it_waits_is_a_dead_letter_and_its_lane_goes_on(
    database: Database,
) -> None:
    messenger = RecordingMessenger()
    for channel in ("C1", "C2"):
        messenger.answers[channel] = [Busy(0.3, "slow down")]
    relay = make_relay(database, messenger)
    await relay.routes.add(route("a", "C1"), time.time())
    await relay.routes.add(route("b", "C2"), time.time())
    await relay.start()
    for number in range(3):
        await store(relay, TENANT, number)
    await until(lambda: len(messenger.calls) == 2)
    await damage(database, 0)
    await quiet(relay)
    assert messenger.texts("C1") == messenger.texts("C2") == ["Tweet number 1", "Tweet number 2"]
    assert ["damaged" in why for why in await dead(database)] == [True, True]
    assert len(messenger.calls) == 6  # nothing was tried in circles
    await relay.stop(grace=1.0)


@ONE_DATABASE
async def test_a_damaged_event_is_shown_to_whoever_asks_for_it(database: Database) -> None:
    relay = make_relay(database, RecordingMessenger())
    await store(relay, TENANT, 1)
    await damage(database, 0)
    (found,) = await relay.events.recent(TENANT, 5)
    assert (found.type, found.username, dict(found.data)) == ("tweet.new", "nasa", {})


def _queueing(
    outbox: Outbox, place: Destination, dedup_key: str
) -> Callable[[AsyncConnection], Awaitable[str]]:
    return lambda connection: outbox(connection, place, DedupKey(dedup_key), Card(dedup_key))


@ONE_DATABASE
async def test_a_card_that_cannot_be_read_is_a_dead_letter_and_its_lane_goes_on(house: RelayHarness) -> None:
    place, outbox = Destination(TENANT, "C1"), Outbox(time.time)
    for dedup_key in ("p:1", "p:2"):
        await house.db.write(_queueing(outbox, place, dedup_key))

    async def cut(connection: AsyncConnection) -> None:
        first = deliveries.c.dedup_key == "p:1"
        await connection.execute(update(deliveries).where(first).values(card='{"title": "cut'))

    await house.db.write(cut)
    house.relay.wake(str(place))
    await until(lambda: len(house.messenger.posted) == 1)
    await house.quiet()
    assert house.messenger.posted[0].card.title == "p:2"
    (why,) = await dead(house.db)
    assert "card cannot be read" in why


@ONE_DATABASE
@pytest.mark.parametrize("column", ["accounts", "keywords", "events", "settings"])
async def test_a_damaged_route_is_paused_with_the_reason_and_the_others_go_on(
    house: RelayHarness, column: str
) -> None:
    await house.routes(route("broken", "C1"), route("well", "C2"))

    async def cut(connection: AsyncConnection) -> None:
        named = routes.c.name == "broken"
        await connection.execute(update(routes).where(named).values({column: '["nas'}))

    await house.db.write(cut)
    path = await make_hook(house.relay, TENANT, "hook-one")
    assert (await deliver(house.client, path, event_body(1))).status_code == 200
    await house.quiet()
    assert house.messenger.texts("C2") == ["Tweet number 1"]
    assert house.messenger.texts("C1") == []
    found = await house.relay.routes.named(TENANT, "broken")
    assert found is not None and found.paused_reason
