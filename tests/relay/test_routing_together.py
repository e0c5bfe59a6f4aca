"""Events that come one after another are routed together, and the first of them at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from bot.core.routes.tracing import Routing
from bot.relay.observing import Unobserved
from bot.relay.routing.router import GATHER
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from tests.relay.harness import TENANT, route, until
from tests.relay.routing_harness import SHARES, keys_of, small_router, store, store_many, unsending

# Longer than a test may take: what waits for this waits for ever.
_NEVER = 3600.0
# The numbers begin here, so that the tweets have ids of their own.
_FIRST = 10


class Batches(Unobserved):
    """How many events each batch had."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def routed(self, routings: Sequence[Routing]) -> None:
        """See `RelayObserver`."""
        self.sizes.append(len(routings))


@pytest.fixture
async def relay(database: Database) -> Relay:
    """A relay that is not running, so that nothing is sent."""
    relay = unsending(database)
    await relay.routes.add(route("r", "C1"), time.time())
    return relay


async def test_the_first_event_is_routed_at_once_and_the_next_ones_together(
    database: Database, relay: Relay
) -> None:
    batches = Batches()
    router = small_router(relay, database, observer=batches, gather=_NEVER, poll=_NEVER)
    running = asyncio.create_task(router.run(asyncio.sleep))
    await store(relay, _FIRST, data={"id": "1"})
    router.notify()
    await until(lambda: _is(router.position(), 1))
    for number in range(1, 6):
        await store(relay, _FIRST + number, data={"id": str(number + 1)})
        router.notify()
    # To stop it waits for nothing, and what gathered is there for the next one.
    router.stop()
    await running
    assert batches.sizes == [1]
    assert await router.position() == 1
    after = small_router(relay, database, observer=batches, gather=_NEVER, poll=_NEVER)
    running = asyncio.create_task(after.run(asyncio.sleep))
    await until(lambda: _is(after.position(), 6))
    after.stop()
    await running
    assert batches.sizes == [1, 5]
    assert await keys_of(database, "C1") == [f"t:{number}" for number in range(1, 7)]


async def test_what_came_while_events_gathered_is_routed_when_that_ends(
    database: Database, relay: Relay
) -> None:
    batches = Batches()
    router = small_router(relay, database, observer=batches, gather=0.05, poll=_NEVER)
    running = asyncio.create_task(router.run(asyncio.sleep))
    for number in range(1, 13):
        await store(relay, _FIRST + number, data={"id": str(number)})
        router.notify()
    await until(lambda: _is(router.position(), 12))
    router.stop()
    await running
    assert sum(batches.sizes) == 12
    assert await keys_of(database, "C1") == [f"t:{number}" for number in range(1, 13)]


async def test_a_backlog_waits_for_nothing_between_its_batches(database: Database, relay: Relay) -> None:
    batches = Batches()
    await store_many(database, TENANT, range(_FIRST, _FIRST + 3 * SHARES.events + 1))
    router = small_router(relay, database, observer=batches, gather=_NEVER, poll=_NEVER)
    running = asyncio.create_task(router.run(asyncio.sleep))
    await until(lambda: _is(router.position(), 3 * SHARES.events + 1))
    router.stop()
    await running
    assert sum(batches.sizes) == 3 * SHARES.events + 1


def test_nobody_waits_longer_than_a_tenth_of_a_second() -> None:
    assert 0 < GATHER <= 0.1


async def _is(position: object, wanted: int) -> bool:
    return await position == wanted  # type: ignore[misc, no-any-return] # of a router
