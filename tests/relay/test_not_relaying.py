"""A process without the role `relay` fills lanes and drains none: that is for the one that has it."""

from __future__ import annotations

import asyncio
import time

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.sending.outbox import enqueue_card
from bot.storage.engine.database import Database
from tests.relay.conftest import make_relay
from tests.relay.harness import TENANT, RecordingMessenger, until

PLACE = Destination(TENANT, "C1")


async def test_waking_a_lane_where_no_relay_runs_sends_nothing(sqlite_url: str) -> None:
    web, relaying = await Database.open(sqlite_url), await Database.open(sqlite_url)
    here, there = RecordingMessenger(), RecordingMessenger()
    idle, relay = make_relay(web, here), make_relay(relaying, there)

    async def queue(connection: AsyncConnection) -> str:
        return await enqueue_card(connection, PLACE, DedupKey("p:1"), Card("done", ()), now=time.time())

    idle.wake(await web.write(queue))
    idle.wake(str(PLACE))
    for _ in range(20):
        await asyncio.sleep(0.01)
    assert here.calls == []
    await relay.start()
    await until(lambda: there.calls)
    await relay.stop(grace=2.0)
    await idle.stop(grace=1.0)
    await web.close()
    await relaying.close()
    assert (len(here.calls), len(there.calls)) == (0, 1)


async def test_while_it_is_not_certain_who_relays_nothing_is_sent_or_written_down(database: Database) -> None:
    """Another process may have begun with the very same messages; then what this one knows is old."""
    holds, there = [False], RecordingMessenger()
    relay = make_relay(database, there, holds=lambda: holds[0])
    await relay.start()

    async def queue(connection: AsyncConnection) -> str:
        return await enqueue_card(connection, PLACE, DedupKey("p:1"), Card("done", ()), now=time.time())

    relay.wake(await database.write(queue))
    for _ in range(20):
        await asyncio.sleep(0.01)
    assert there.calls == []
    holds[0] = True
    await until(lambda: len(there.calls) == 1, 10.0)

    async def settled() -> bool:
        return not await relay.deliveries.backlog()

    await until(settled)
    await relay.stop(grace=2.0)
    assert len(there.calls) == 1


async def test_who_stopped_relaying_meanwhile_leaves_its_message_to_the_next_one(database: Database) -> None:
    holds, first, second = [True], RecordingMessenger(), RecordingMessenger()
    relay = make_relay(database, first, holds=lambda: holds[0])

    async def queue(connection: AsyncConnection) -> str:
        return await enqueue_card(connection, PLACE, DedupKey("p:1"), Card("done", ()), now=time.time())

    lane = await database.write(queue)
    answered = asyncio.Event()

    async def answer(_to: Destination, _card: Card, _key: str) -> None:
        await answered.wait()

    first.answers["C1"] = [answer]
    second.idempotent_window = 180.0
    await relay.start()
    relay.wake(lane)
    await until(lambda: len(first.calls) == 1)
    holds[0] = False
    answered.set()
    await relay.stop(grace=1.0)
    assert await relay.deliveries.backlog() == 1, "the next one finds out what became of it"
    after = make_relay(database, second)
    await after.start()

    async def settled() -> bool:
        return not await after.deliveries.backlog()

    await until(settled)
    await after.stop(grace=2.0)
    assert len(second.calls) == 1
    assert second.calls == first.calls, "the same key"
