"""A message whose request outlives the process that sent it: looked for only when it can have arrived."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Absent, Found, Unknown
from bot.core.chat.ids import Destination
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.sending.outbox import Outbox
from bot.relay.sending.sender import SETTLING
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from tests.relay.conftest import make_relay
from tests.relay.harness import TENANT, RecordingMessenger, until

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PLACE = Destination(TENANT, "C1")


class Pauses:
    """Keeps pauses of up to `SETTLING` seconds until a test ends them; the relay's others are real."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        if SETTLING / 2 < seconds <= SETTLING:
            self.asked.append(seconds)
            await self.over.wait()
        else:
            await asyncio.sleep(seconds)


@asynccontextmanager
async def started(database: Database, messenger: RecordingMessenger, pauses: Pauses) -> AsyncIterator[Relay]:
    """A running relay; a new one is a new process to what is stored."""
    relay = make_relay(database, messenger, sleep=pauses)
    await relay.start()
    yield relay
    await relay.stop(grace=0.05)


async def put(database: Database, relay: Relay, dedup_key: str) -> None:
    """Queue a card."""
    outbox = Outbox(time.time)
    await database.write(lambda c: outbox(c, PLACE, DedupKey(dedup_key), Card("Posted")))
    relay.wake(str(PLACE))


async def cut_off(database: Database, messenger: RecordingMessenger) -> None:
    """Leave a message behind whose request is still under way when the process ends."""
    never = asyncio.Event()

    async def hang(_to: Destination, _card: Card, _key: str) -> None:
        await never.wait()

    messenger.answers["C1"] = [hang]
    async with started(database, messenger, Pauses()) as relay:
        await put(database, relay, "p:1")
        await until(lambda: len(messenger.calls) == 1)


async def test_after_a_restart_the_old_request_may_arrive_before_the_channel_is_read(
    database: Database,
) -> None:
    messenger, pauses = RecordingMessenger(), Pauses()
    await cut_off(database, messenger)
    messenger.lookup = Absent()
    async with started(database, messenger, pauses) as relay:
        await until(lambda: pauses.asked)
        assert messenger.finds == []
        messenger.lookup = Found("m1")  # now it has arrived
        pauses.over.set()
        await until(lambda: messenger.finds)
        await put(database, relay, "p:2")
        await until(lambda: len(messenger.posted) == 1)
    assert [key for _, key in messenger.calls[1:]] == [post.key for post in messenger.posted]
    assert len(messenger.calls) == 2


async def test_an_unknown_outcome_of_this_process_is_looked_up_without_a_pause(database: Database) -> None:
    messenger, pauses = RecordingMessenger(), Pauses()
    messenger.answers["C1"] = [Unknown("connection lost")]
    messenger.lookup = Found("m1")
    async with started(database, messenger, pauses) as relay:
        await put(database, relay, "p:1")
        await until(lambda: messenger.finds)
    assert pauses.asked == []


async def test_where_keys_are_recognised_nothing_is_paused_for(database: Database) -> None:
    messenger, pauses = RecordingMessenger(idempotent_window=180.0), Pauses()
    await cut_off(database, messenger)
    async with started(database, messenger, pauses):
        await until(lambda: len(messenger.posted) == 1)
    assert (pauses.asked, messenger.finds) == ([], [])
