"""The clock of the machine is wrong, and is set right: nothing waits for it, nothing stands twice."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Busy, Unreadable
from bot.core.chat.ids import Destination
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.observing import Unobserved
from bot.relay.receiving.delivery_body import read_body
from bot.relay.sending.lanes import Idle, Rest, Until
from bot.relay.sending.outbox import Outbox
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.relay.future_moments import last_receipt
from tests.relay.conftest import make_secrets
from tests.relay.engine import relay_of
from tests.relay.harness import TENANT, RecordingMessenger, event_body, present, route, until
from tests.relay.test_lanes import says_repeat, states

ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PLACE = Destination(TENANT, "C1")


class WrongClock:
    """The real time, and how many seconds a machine is ahead of it."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead

    def __call__(self) -> float:
        return time.time() + self.ahead


@asynccontextmanager
async def living(
    database: Database, messenger: RecordingMessenger, clock: WrongClock
) -> AsyncIterator[Relay]:
    """A running relay with that clock."""
    relay = relay_of(
        database,
        make_secrets(database),
        {"slack": messenger, "discord": messenger},
        present,
        clock=clock,
        random=random.Random(7).random,
    )
    await relay.start()
    yield relay
    await relay.stop(grace=0.05)


async def put(database: Database, relay: Relay, clock: WrongClock) -> None:
    """Queue a card."""
    outbox = Outbox(clock)
    await database.write(lambda c: outbox(c, PLACE, DedupKey("p:1"), Card("Posted")))
    relay.wake(str(PLACE))


async def _is(database: Database, state: str) -> bool:
    return [found for found, _ in await states(database)] == [state]


@ONE_DATABASE
async def test_a_wait_that_began_with_a_clock_ahead_ends_when_it_is_set_right(database: Database) -> None:
    messenger, clock = RecordingMessenger(), WrongClock(600.0)
    messenger.answers["C1"] = [Busy(1.0, "slow down")]
    async with living(database, messenger, clock) as relay:
        await put(database, relay, clock)
        await until(lambda: _is(database, "waiting"))
        await until(lambda: len(messenger.calls) == 1)
        clock.ahead = 0.0
        await until(lambda: len(messenger.posted) == 1, 8.0)


@ONE_DATABASE
async def test_a_wait_that_began_with_a_clock_ahead_ends_at_the_next_start(database: Database) -> None:
    messenger, clock = RecordingMessenger(), WrongClock(600.0)
    messenger.answers["C1"] = [Busy(1.0, "slow down")]
    async with living(database, messenger, clock) as relay:
        await relay.routes.add(route("r", "C1"), clock())
        body = read_body(event_body(1), clock())
        assert body.event is not None
        await relay.intake.take_event(TENANT, body.event, body.data, body.digest, "stream")
        await until(lambda: _is(database, "waiting"))
        await until(lambda: len(messenger.calls) == 1)
    clock.ahead = 0.0
    async with living(database, messenger, clock):
        await until(lambda: messenger.texts("C1") == ["Tweet number 1"], 8.0)


@ONE_DATABASE
async def test_a_message_sent_with_a_clock_ahead_counts_as_interrupted_when_it_is_set_right(
    database: Database,
) -> None:
    """A platform that recognises no keys recognises none of the future either: it is said."""
    messenger, clock = RecordingMessenger(lookup=Unreadable()), WrongClock(600.0)
    never = _Never(messenger)
    messenger.answers["C1"] = [never.hang]
    async with living(database, messenger, clock) as relay:
        await put(database, relay, clock)
        await until(lambda: len(messenger.posted) == 1)
    clock.ahead = 0.0
    async with living(database, messenger, clock):
        await until(lambda: len(messenger.posted) == 2, 8.0)
    assert [says_repeat(post.card) for post in messenger.posted] == [False, True]


@ONE_DATABASE
async def test_a_channel_is_read_far_enough_back_when_the_clock_was_ahead(database: Database) -> None:
    messenger, clock = RecordingMessenger(lookup=Unreadable()), WrongClock(600.0)
    messenger.answers["C1"] = [_Never(messenger).hang]
    async with living(database, messenger, clock) as relay:
        await put(database, relay, clock)
        await until(lambda: len(messenger.posted) == 1)
    clock.ahead = 0.0
    async with living(database, messenger, clock):
        await until(lambda: messenger.finds, 8.0)
    ((_, _, after),) = messenger.finds
    assert after < time.time() - 600.0


class _Never:
    """A platform that takes a message and never answers."""

    def __init__(self, messenger: RecordingMessenger) -> None:
        self._messenger = messenger

    async def hang(self, to: Destination, card: Card, key: str) -> None:
        self._messenger.stand(to, card, key)
        await asyncio.Event().wait()


@ONE_DATABASE
async def test_the_newest_event_is_not_asked_alone_when_the_clock_was_right(database: Database) -> None:
    """The clock may have been set back before the process ended, and events came after that."""
    clock = WrongClock()
    relay = relay_of(
        database,
        make_secrets(database),
        {},
        present,
        clock=clock,
        random=random.Random(7).random,
    )
    for number, ahead in enumerate((600.0, -420.0, -420.0)):
        clock.ahead = ahead
        body = read_body(event_body(number), clock())
        assert body.event is not None
        await relay.intake.take_event(TENANT, body.event, body.data, body.digest, "stream")
    assert abs(await last_receipt(database) - time.time() - 600.0) < 60.0


async def test_a_lane_that_is_woken_while_it_finds_out_how_long_to_wait_looks_again() -> None:
    """Else a wait that was ended just then would be waited for all the same."""
    looked: list[float] = []

    async def drain(lane: str) -> Rest:
        looked.append(time.time())
        if len(looked) == 1:
            scheduler.wake(lane)
            return Until(time.time() + 600.0)
        return Idle()

    async def nothing(_after: str, _limit: int) -> tuple[str, ...]:
        return ()

    scheduler = AsyncioScheduler(
        nothing, clock=time.time, sleep=asyncio.sleep, observer=Unobserved(), sweep=3600.0
    )
    scheduler.serve(drain)
    scheduler.wake("slack:T1/C1")
    await until(lambda: len(looked) == 2, 5.0)
    await scheduler.stop(1.0)
