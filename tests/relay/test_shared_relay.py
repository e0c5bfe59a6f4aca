"""Relays of several processes on one database: what one knows of a lane is right once another has drained
it."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Absent, Lookup
from bot.core.chat.ids import Destination
from bot.core.errors import StorageUnavailable
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryState
from bot.relay.sending.backoff import MAX_ATTEMPTS, delay, least
from bot.relay.sending.outbox import enqueue_card
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import Deliveries
from bot.storage.relay.lane_steps import Settlement
from bot.storage.relay.outages import open_outages
from tests.jobs.shared_harness import asked
from tests.relay.conftest import make_relay, make_secrets
from tests.relay.engine import relay_of
from tests.relay.harness import TENANT, RecordingMessenger, present, route, until
from tests.relay.sending_harness import PLACE
from tests.relay.shared_harness import PROMPT, of_deliveries, scheduler_of
from tests.relay.test_breaker import DOWN, LANE, BreakerHarness, Watch

LANES = 12


def process(url: str, database: Database, messenger: RecordingMessenger) -> Relay:
    """The relay of one process, whose lanes are shared."""
    scheduler = scheduler_of(url, of_deliveries(Deliveries(database)), concurrency=4, times=PROMPT)
    return make_relay(database, messenger, scheduler=scheduler, poll=0.1)


async def put(database: Database, relays: Sequence[Relay], numbers: range) -> None:
    """A card for each number in each of the places, one after another; any process may say so."""
    for number in numbers:

        async def queue(connection: AsyncConnection, key: str = f"p:{number}") -> None:
            for place in range(LANES):
                to = Destination(TENANT, f"C{place}")
                await enqueue_card(connection, to, DedupKey(key), Card(key, ()), now=time.time())

        await database.write(queue)
        for place in range(LANES):
            relays[(number + place) % len(relays)].wake(str(Destination(TENANT, f"C{place}")))


def stood(*messengers: RecordingMessenger) -> dict[str, list[str]]:
    """The cards in each place, whoever posted them."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for posted in sorted((p for m in messengers for p in m.posted), key=lambda p: int(p.card.title[2:])):
        found[posted.to.channel].append(posted.card.title)
    return found


async def test_one_routes_and_all_send_and_who_takes_over_goes_on_with_what_it_drains(
    shared_url: str,
) -> None:
    databases = [await Database.open(shared_url) for _ in range(2)]
    there = [RecordingMessenger(), RecordingMessenger()]
    first, second = (process(shared_url, d, m) for d, m in zip(databases, there, strict=True))
    only_wakes = process(shared_url, databases[0], RecordingMessenger())
    await second.drain()
    await first.start()
    await put(databases[0], [first, second, only_wakes], range(20))
    await until(lambda: sum(len(m.posted) for m in there) == 20 * LANES)
    assert all(m.posted for m in there), "both send"
    await put(databases[0], [first, second, only_wakes], range(20, 30))
    await first.stop(grace=2.0)
    await second.start()
    await put(databases[1], [second], range(30, 40))
    await until(lambda: sum(len(m.posted) for m in there) >= 40 * LANES)
    await until(lambda: not second.scheduler.busy)
    await second.stop(grace=2.0)
    await only_wakes.stop(grace=2.0)
    wanted = [f"p:{number}" for number in range(40)]
    assert stood(*there) == {f"C{place}": wanted for place in range(LANES)}
    for messenger in there:
        assert messenger.most_at_once == 1
        for place in range(LANES):
            mine = [int(p.card.title[2:]) for p in messenger.posted if p.to.channel == f"C{place}"]
            assert mine == sorted(mine)
    assert not asked(shared_url, "SELECT FROM procrastinate_jobs WHERE status::text = 'doing'")
    for database in databases:
        await database.close()


async def test_who_stood_still_between_marking_and_posting_does_not_post(database: Database) -> None:
    """What is looked up or asked before a post takes time in which the process may stand still."""
    holds, there, reading = [True], RecordingMessenger(), asyncio.Event()

    async def find(to: Destination, key: str, after: float) -> Lookup:
        holds[0] = False  # as after a minute in which it stood still
        reading.set()
        return Absent()

    there.find = find  # type: ignore[method-assign]
    relay = make_relay(database, there, holds=lambda: holds[0])
    lane = str(PLACE)

    async def queue(connection: AsyncConnection) -> None:
        await enqueue_card(connection, PLACE, DedupKey("p:1"), Card("done", ()), now=time.time())

    await database.write(queue)
    before = await relay._sending.lane_store.claim(f"{lane}#cards")
    assert before is not None, "an earlier process marked it"
    with pytest.raises(StorageUnavailable):
        await relay._sending.drainer.drain(f"{lane}#cards")
    assert reading.is_set() and there.calls == []
    holds[0] = True
    there.find = RecordingMessenger.find.__get__(there)  # type: ignore[method-assign]
    await relay._sending.drainer.drain(f"{lane}#cards")
    assert len(there.calls) == 1
    await relay.stop(grace=1.0)


class Tenure:
    """Lanes of which a test says whose they are."""

    def __init__(self) -> None:
        self.lost: set[str] = set()

    def holds(self, lane: str) -> bool:
        return lane not in self.lost

    def gone(self, lane: str) -> bool:
        return lane in self.lost

    def since(self, _lane: str) -> float:
        return 0.0


class Sharing(AsyncioScheduler):
    """Several processes drain, as far as their relays know; a test drains by hand."""

    shared = True
    held = Tenure()

    @property
    def tenure(self) -> Tenure:
        return self.held


async def test_of_lanes_that_are_somebody_elses_nothing_is_written_and_of_the_others_all(
    database: Database,
) -> None:
    sharing = Sharing(Deliveries(database).open_lanes, clock=time.time, sleep=asyncio.sleep, observer=Watch())
    sharing.held = Tenure()
    there = RecordingMessenger()
    relay = make_relay(database, there, scheduler=sharing)
    places = [Destination(TENANT, channel) for channel in ("C1", "C2")]

    async def queue(connection: AsyncConnection) -> None:
        for place in places:
            await enqueue_card(connection, place, DedupKey("p:1"), Card("done", ()), now=time.time())

    await database.write(queue)
    mine, theirs = (f"{place}#cards" for place in places)
    store = relay._sending.lane_store
    heads = await asyncio.gather(store.claim(mine), store.claim(theirs))
    sharing.held.lost.add(theirs)
    settled = [Settlement(head.id, DeliveryState.SENT, 1.0, message="m") for head in heads]  # type: ignore[union-attr]
    ends = await asyncio.gather(
        store.settle(mine, settled[0]), store.settle(theirs, settled[1]), return_exceptions=True
    )
    assert ends[0] is None and isinstance(ends[1], StorageUnavailable)
    assert [lane for lane, _ in await relay.deliveries.due_lanes("", 10)] == [theirs]

    # And one that posted, and lost its lane meanwhile, does not try for ever to write that down.
    async def lose(_to: Destination, _card: Card, _key: str) -> None:
        sharing.held.lost.add(theirs)

    sharing.held.lost.clear()
    there.answers["C2"] = [lose]
    async with asyncio.timeout(10):
        with suppress(StorageUnavailable):
            await relay._sending.drainer.drain(theirs)
    assert len(there.calls) == 1
    await relay.stop(grace=1.0)


def two(database: Database) -> tuple[BreakerHarness, BreakerHarness]:
    """The relays of two processes, driven by hand at one time; each has its own figures."""
    there = RecordingMessenger()
    made = []
    for _ in range(2):
        harness = BreakerHarness(database, None, there, Watch())  # type: ignore[arg-type]
        made.append(harness)
    for harness in made:
        sharing = Sharing(
            Deliveries(database).open_lanes,
            clock=lambda: made[0].now,
            sleep=asyncio.sleep,
            observer=harness.watch,
        )
        sharing.held = Tenure()
        harness.relay = relay_of(
            database,
            make_secrets(database),
            {"slack": there},
            present,
            clock=lambda: made[0].now,
            random=random.Random(3).random,
            observer=harness.watch,
            scheduler=sharing,
        )
    return made[0], made[1]


async def test_an_outage_that_one_process_told_of_is_ended_by_another_and_each_is_said_once(
    database: Database,
) -> None:
    one, other = two(database)
    await one.relay.routes.add(route("r", "C1", created_by="U1"), one.now)
    for _ in range(2):
        await other.drain()  # it has learned by now that there is none
        await one.fill(3)
        await one.fail(9)
        assert list(await open_outages(database)) == [LANE]
        await other.relay._sending.breaker._look()
        assert (one.watch.unreachable_now, other.watch.unreachable_now) == (1, 1)
        other.messenger.answers["C1"] = [DOWN]
        await other.drain()
        other.now = one.now = one.now + 400.0
        await other.recover()
        assert not await open_outages(database)
        await one.relay._sending.breaker._look()
        assert (one.watch.unreachable_now, other.watch.unreachable_now) == (0, 0)
    told = await other.tell()
    assert len([t for t in told if "cannot be reached" in t]) == 2, told
    assert len(told) == 4, told
    for harness in (one, other):
        await harness.relay.stop(grace=1.0)


async def test_tries_of_several_processes_count_together(database: Database) -> None:
    one, other = two(database)
    await one.relay.routes.add(route("r", "C1", created_by="U1"), one.now)
    await one.fill(1)
    for turn in range(10):
        one.messenger.answers["C1"] = [DOWN]
        await (one, other)[turn % 2].drain()
        one.now += delay(turn + 1, 0.0, 1.0)
        # Each is a process that was started a moment ago.
        one, other = two(database) if turn < 9 else (one, other)
        one.now = 1_000_000.0 + sum(delay(n + 1, 0.0, 1.0) for n in range(turn + 1))
    assert list(await open_outages(database)) == [LANE]


def test_the_least_time_of_tries_is_that_of_those_whose_pause_is_ours() -> None:
    assert [least(n) for n in (0, 1, 6, 7, 8)] == [0, 0, 0, 32.0, 96.0]
    assert least(MAX_ATTEMPTS) < sum(delay(n, 0.0, 0.0) for n in range(1, MAX_ATTEMPTS))
