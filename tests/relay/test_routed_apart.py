"""What the router hands to the store process: the same as it stores itself, whatever becomes of either."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination
from bot.core.errors import StorageUnavailable
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.core.routes.events import Event
from bot.core.routes.tracing import Routing
from bot.relay.routing.expanding import Expansion
from bot.relay.routing.quota import RoutedBatch, Steps, slices
from bot.relay.routing.routed_apart import SLICE
from bot.relay.routing.router import worked_out
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.intake import store_process
from bot.storage.intake.store_messages import RouteBatch, StoreBegin
from bot.storage.intake.store_process import StoreProcess
from bot.storage.relay.deliveries import NewDelivery
from bot.storage.tables import cursors, deliveries, stored_bytes
from tests.relay.conftest import make_relay
from tests.relay.harness import OTHER, TENANT, RecordingMessenger, route, until
from tests.relay.routing_harness import route_all, store_many

MANY = range(1, 151)


def begin_of(database: Database) -> StoreBegin:
    """How the store process opens a database."""
    file = database.shared()
    assert file is not None
    return StoreBegin(str(file.path), list(file.settings), file.turn)


@pytest.fixture
async def apart(sqlite: Database) -> AsyncIterator[StoreProcess]:
    """A store process over the database."""
    process = StoreProcess(begin_of(sqlite), None, lambda _code: None)
    yield process
    await process.close()


def routing(database: Database, apart: StoreProcess | None) -> Relay:
    """A relay that routes when it is told to, and sends nothing."""
    relay = make_relay(database, RecordingMessenger(), apart=apart)
    relay.scheduler.stop_looking()
    return relay


async def contents(db: Database) -> list[list[tuple[object, ...]]]:
    """What routing has stored, without the moments of it."""
    columns = [column for column in deliveries.c if column.name != "created_at"]

    async def work(connection: AsyncConnection) -> list[list[tuple[object, ...]]]:
        asked = (
            select(*columns).order_by(deliveries.c.id),
            select(cursors).order_by(cursors.c.name),
            select(stored_bytes).order_by(stored_bytes.c.tenant, stored_bytes.c.kind),
        )
        return [[tuple(row) for row in await connection.execute(one)] for one in asked]

    return await db.read(work)


async def test_it_stores_just_what_the_bot_itself_stores(
    sqlite: Database, apart: StoreProcess, tmp_path: Path
) -> None:
    relay = routing(sqlite, apart)
    threaded = Appearance(threading=Threading.ACCOUNT)
    await relay.routes.add(route("r", "C1", also=(Destination(TENANT, "C2"),)), time.time())
    await relay.routes.add(route("threads", "C3", appearance=threaded), time.time())
    await relay.routes.add(route("others", "C1", OTHER), time.time())
    await store_many(sqlite, TENANT, MANY)
    await store_many(sqlite, OTHER, range(1, 31))
    await store_many(sqlite, TENANT, range(1001, 1002))
    copy = tmp_path / "other" / "bot.db"
    copy.parent.mkdir()
    await sqlite.backup(copy)
    other = await Database.open(f"sqlite:///{copy}")
    itself = routing(other, None)
    await route_all(relay)
    await route_all(itself)
    found = await contents(sqlite)
    assert found == await contents(other)
    assert len(found[0]) > SLICE * 3  # so that it was done in several slices
    # A second event about a tweet that was posted: its messages are there, and are not counted again.
    for db, one in ((sqlite, relay), (other, itself)):
        await again(db, 5)
        await again(db, 2000)
        await route_up_to_newest(one)
    assert await contents(sqlite) == await contents(other)
    await other.close()


async def route_up_to_newest(relay: Relay) -> None:
    """Also events that another process stored, for which the router looks now and then."""

    async def routed() -> bool:
        await route_all(relay)
        return await relay.router.position() == await relay.events.newest()

    await until(routed)


async def again(db: Database, tweet: int) -> None:
    """Another event about a tweet."""
    statement = (
        "INSERT INTO events"
        " (tenant, identity, body_hash, type, username, data, occurred_at, received_at, via)"
        " SELECT tenant, ?, body_hash, 'tweet.media', username, ?, occurred_at, received_at, via"
        " FROM events WHERE tenant = ? LIMIT 1"
    )
    values = (f"again:{tweet}", f'{{"id": "{tweet}"}}', str(TENANT))
    await db.write(lambda connection: connection.exec_driver_sql(statement, values))


async def test_where_another_router_was_quicker_nothing_is_stored(
    sqlite: Database, apart: StoreProcess
) -> None:
    relay = routing(sqlite, apart)
    await relay.routes.add(route("r", "C1"), time.time())
    await store_many(sqlite, TENANT, range(1, 11))
    await relay.router.route_batch()
    before = await contents(sqlite)
    row = (str(TENANT), "l", "c", None, "event", 3, None, "t:3", *(None,) * 3, "k", 1.0, None, 0.0, "waiting")
    assert await apart.route(RouteBatch(4, 12, [(*row, None, None, None)], [500])) == (False, False)
    assert await contents(sqlite) == before


async def test_killed_with_a_batch_in_hand_it_routes_each_event_once(
    sqlite: Database, apart: StoreProcess, sqlite_url: str
) -> None:
    relay = routing(sqlite, apart)
    await relay.routes.add(route("r", "C1"), time.time())
    await store_many(sqlite, TENANT, MANY)
    await apart.route(RouteBatch(99, 100, [], []))  # that starts it
    first = apart.pid
    assert first is not None
    other = sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///")), isolation_level=None)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        under_way = asyncio.create_task(route_all(relay))
        await until(lambda: apart.waits)
        os.kill(first, signal.SIGKILL)
        await until(lambda: apart.pid not in (None, first))
    await under_way
    posted = [row[deliveries.c.keys().index("dedup_key")] for row in (await contents(sqlite))[0]]
    assert posted == [f"t:{number}" for number in MANY]


async def test_one_that_hangs_with_a_batch_is_ended_and_each_event_is_routed_once(
    sqlite: Database, apart: StoreProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = routing(sqlite, apart)
    await relay.routes.add(route("r", "C1"), time.time())
    await store_many(sqlite, TENANT, MANY)
    await apart.route(RouteBatch(99, 100, [], []))  # that starts it
    first = apart.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    with monkeypatch.context() as hurried:
        hurried.setattr(store_process, "_PATIENCE", 0.2)
        with pytest.raises(StorageUnavailable):
            await relay.router.route_batch()
    await route_all(relay)
    assert apart.pid not in (None, first)
    posted = [row[deliveries.c.keys().index("dedup_key")] for row in (await contents(sqlite))[0]]
    assert posted == [f"t:{number}" for number in MANY]


class DiesAfterCommits(StoreProcess):
    """Each batch is stored, and stored by nobody who says so: as of a process that dies before it answers."""

    async def route(self, batch: RouteBatch) -> tuple[bool, bool]:
        """The second time."""
        await super().route(batch)
        return (await super().route(batch))[0], True


class HangsAfterCommits(StoreProcess):
    """Each batch is stored, and nobody says so: as of a process that hangs before it answers."""

    async def route(self, batch: RouteBatch) -> tuple[bool, bool]:
        """No answer."""
        await super().route(batch)
        raise StorageUnavailable("does not answer", code="storage")


@pytest.mark.parametrize("kind", [DiesAfterCommits, HangsAfterCommits])
async def test_what_it_stored_before_it_was_lost_is_posted_at_once(
    sqlite: Database, kind: type[StoreProcess]
) -> None:
    process = kind(begin_of(sqlite), None, lambda _code: None)
    messenger = RecordingMessenger()
    relay = make_relay(sqlite, messenger, apart=process)
    await relay.routes.add(route("r", "C1"), time.time())
    await relay.start()
    await store_many(sqlite, TENANT, range(1, 21))
    relay.router.notify()
    # Nobody else wakes the lane: the sweep comes a minute later.
    await until(lambda: len(messenger.texts("C1")) == 20, seconds=20)
    await relay.stop()
    await process.close()


def test_slices_are_of_whole_events_and_leave_nothing_out() -> None:
    place = route("r", "C1").destination
    numbers = [3, 0, 60, 70, 200, 0, 1]
    events = [
        Event(10 + n, TENANT, "tweet.new", "nasa", None, 0.0, 0.0, {}, f"e:{n}") for n in range(len(numbers))
    ]
    made = [
        NewDelivery(place, "lane", DeliveryKind.EVENT, DedupKey(f"e:{n}:{i}"), "key", 0.0, event=10 + n)
        for n, rows in enumerate(numbers)
        for i in range(rows)
    ]
    routed = [Routing(f"e:{n}", str(TENANT), rows, 0.0) for n, rows in enumerate(numbers)]
    batch = RoutedBatch(19, routed, Expansion(made), 0.0, {})
    parts = list(slices(batch, events, 128))
    assert [part.upto for part in parts] == [12, 13, 14, 19]
    assert [new for part in parts for new in part.made.deliveries] == made
    assert [one for part in parts for one in part.routed] == routed
    for part in parts:
        assert len(part.made.deliveries) == sum(one.deliveries for one in part.routed)
        assert len(part.made.deliveries) <= 128 or sum(1 for one in part.routed if one.deliveries) == 1
        assert all((new.event or 0) <= part.upto for new in part.made.deliveries)


async def test_others_have_their_turn_while_a_batch_is_worked_out() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def long() -> Steps:
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            yield
        return RoutedBatch(0, [], Expansion(), 0.0, {})

    beside = asyncio.create_task(other())
    await worked_out({}, long())
    beside.cancel()
    assert turns >= 10
