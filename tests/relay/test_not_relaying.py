"""A process without the role `relay` fills lanes and drains none: that is for the one that has it."""

from __future__ import annotations

import asyncio
import time

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cards import Card
from bot.core.ids import Destination
from bot.relay.sending.outbox import enqueue_card
from bot.storage.database import Database
from tests.relay.conftest import make_relay
from tests.relay.house import TENANT, RecordingMessenger, until

PLACE = Destination(TENANT, "C1")


async def test_waking_a_lane_where_no_relay_runs_sends_nothing(sqlite_url: str) -> None:
    web, relaying = await Database.open(sqlite_url), await Database.open(sqlite_url)
    here, there = RecordingMessenger(), RecordingMessenger()
    idle, relay = make_relay(web, here), make_relay(relaying, there)

    async def queue(connection: AsyncConnection) -> str:
        return await enqueue_card(connection, PLACE, "p:1", Card("done", ()), now=time.time())

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
