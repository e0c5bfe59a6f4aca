"""A tenant, or a route, goes away while its messages are on their way: nobody else notices."""

from __future__ import annotations

import asyncio
import time

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.places.tenants import StoredTenants
from bot.storage.tables import deliveries, metadata
from tests.relay.conftest import RelayHarness
from tests.relay.harness import OTHER, TENANT, deliver, event_body, make_hook, route, until

WAITING = 5


class Held:
    """A platform that is about to take a message, until a test lets it."""

    def __init__(self, house: RelayHarness, channel: str) -> None:
        self.release = asyncio.Event()
        self.reached = asyncio.Event()
        house.messenger.answers[channel] = [self._hold]

    async def _hold(self, *_: object) -> None:
        self.reached.set()
        await self.release.wait()


async def count(db: Database, tenant: TenantId) -> int:
    """How many rows of any table are a tenant's."""

    async def work(connection: AsyncConnection) -> int:
        found = 0
        for table in metadata.sorted_tables:
            if "tenant" in table.c:
                query = select(func.count()).where(table.c.tenant == str(tenant))
                found += (await connection.execute(query)).scalar_one()
        return found

    return await db.read(work)


async def ends(db: Database) -> list[tuple[str, str | None]]:
    """State and error of each delivery in Slack, in order."""

    async def work(connection: AsyncConnection) -> list[tuple[str, str | None]]:
        query = select(deliveries.c.state, deliveries.c.error).where(deliveries.c.tenant == str(TENANT))
        return [(row.state, row.error) for row in await connection.execute(query.order_by(deliveries.c.id))]

    return await db.read(work)


async def flowing(house: RelayHarness) -> tuple[str, str, Held]:
    """Two tenants with events, the first of TENANT's being posted; the hooks' paths."""
    registry = StoredTenants(house.db, time.time)
    for tenant in (TENANT, OTHER):
        await registry.ensure(tenant)
    await house.routes(route("r", "C1"), route("r", "9001", OTHER))
    mine = await make_hook(house.relay, TENANT, "hook-one")
    theirs = await make_hook(house.relay, OTHER, "hook-two")
    held = Held(house, "C1")
    for number in range(WAITING):
        await deliver(house.client, mine, event_body(number))
    await held.reached.wait()
    await until(lambda: _all_routed(house))
    return mine, theirs, held


async def test_a_tenant_erased_while_its_messages_are_sent_leaves_nothing_and_stops_nobody(
    house: RelayHarness,
) -> None:
    mine, theirs, held = await flowing(house)
    await StoredTenants(house.db, time.time).erase(TENANT)
    # Its hook is in memory for a while yet, and Xquik does not know.
    answers = await asyncio.gather(
        *(deliver(house.client, mine, event_body(100 + n)) for n in range(3)),
        *(deliver(house.client, theirs, event_body(200 + n)) for n in range(3)),
    )
    assert [answer.status_code for answer in answers[3:]] == [200] * 3
    held.release.set()
    await until(lambda: len(house.messenger.texts("9001")) == 3)
    await until(lambda: house.messenger.texts("C1"))
    await house.quiet()
    assert house.messenger.texts("9001") == [f"Tweet number {200 + n}" for n in range(3)]
    assert house.messenger.texts("C1") == ["Tweet number 0"]
    assert len([1 for place, _ in house.messenger.calls if place.tenant == TENANT]) == 1


async def test_of_an_erased_tenant_nothing_is_stored_any_more(house: RelayHarness) -> None:
    mine, _, held = await flowing(house)
    await StoredTenants(house.db, time.time).erase(TENANT)
    house.relay.keys.forget("hook-one")
    assert (await deliver(house.client, mine, event_body(100))).status_code == 404
    held.release.set()
    await until(lambda: house.messenger.texts("C1"))
    # The lane's next step finds nothing: neither the message that was just posted, nor one behind it.
    await until(lambda: house.relay.scheduler.busy == 0)
    assert await count(house.db, TENANT) == 0
    assert len(house.messenger.posted) == 1


async def test_what_waits_for_a_route_that_is_removed_is_a_dead_letter_that_says_so(
    house: RelayHarness,
) -> None:
    _, theirs, held = await flowing(house)
    (there,) = await house.relay.routes.of_tenant(TENANT)
    assert await house.relay.remove(there)
    assert (await deliver(house.client, theirs, event_body(200))).status_code == 200
    held.release.set()
    await house.quiet()
    assert house.messenger.texts("C1") == ["Tweet number 0"]
    assert house.messenger.texts("9001") == ["Tweet number 200"]
    assert await ends(house.db) == [("sent", None)] + [("dead", "the route was removed")] * (WAITING - 1)


async def _all_routed(house: RelayHarness) -> bool:
    return len(await ends(house.db)) == WAITING
