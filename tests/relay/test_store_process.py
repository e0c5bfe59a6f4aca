"""The store process: what it stores, and what becomes of it when it, or the bot, is killed at any step."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from random import Random

import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import StorageUnavailable
from bot.relay.receiving.intake import store
from bot.relay.receiving.received import Received, StoredDelivery, WebhookDelivery
from bot.relay.receiving.stored_apart import store_apart
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.engine.writing_turn import WritingTurn
from bot.storage.intake import store_process
from bot.storage.intake.events import NewEvent
from bot.storage.intake.store_messages import StoreBegin
from bot.storage.intake.store_process import StoreProcess
from bot.storage.tables import events, hook_nonces, stored_bytes
from tests.relay.conftest import make_relay
from tests.relay.harness import (
    OTHER,
    TENANT,
    RecordingMessenger,
    deliver,
    event_body,
    make_hook,
    route,
    serving_hooks,
    until,
)

KILLS = 8


class Restarts(list[int | None]):
    """With which codes processes ended that were started again."""

    def __call__(self, code: int | None) -> None:
        self.append(code)


def begin_of(database: Database) -> StoreBegin:
    """How the store process opens a database."""
    file = database.shared()
    assert file is not None
    return StoreBegin(str(file.path), list(file.settings), file.turn)


@pytest.fixture
def restarts() -> Restarts:
    return Restarts()


@pytest.fixture
async def apart(sqlite: Database, restarts: Restarts) -> AsyncIterator[StoreProcess]:
    """A store process over the database."""
    process = StoreProcess(begin_of(sqlite), None, restarts)
    yield process
    await process.close()


def delivery(number: int, nonce: int | None, *, tenant: TenantId = TENANT) -> WebhookDelivery:
    """A delivery of event `number`; 0 for a test."""
    body = bytes([number]) * 32
    event = NewEvent(
        tenant=str(tenant),
        identity=f"e:{number}",
        digest=body,
        type="tweet.new",
        username="nasa",
        query=None,
        data=f'{{"id": "{number}", "text": "ä"}}',
        occurred_at=1.0,
        received_at=2.0,
        via="webhook",
        account_id="7",
    )
    signed = None if nonce is None else f"{nonce:032x}"
    return WebhookDelivery(tenant, f"hook-{tenant}", signed, body, event if number else None, {}, 2.0)


GROUPS = [
    [delivery(1, 1), delivery(2, 2), delivery(0, 3)],
    # The same once more, a nonce with another body, one event twice in a group, another tenant's of it.
    [delivery(1, 1), delivery(3, 2), delivery(4, 4), delivery(4, 5), delivery(4, 6, tenant=OTHER)],
    [delivery(5, None), delivery(5, None), delivery(1, None)],
    [delivery(number, number) for number in range(10, 200)],
]


async def contents(db: Database) -> list[list[tuple[object, ...]]]:
    """What is stored."""

    async def work(connection: AsyncConnection) -> list[list[tuple[object, ...]]]:
        return [
            [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in (events, hook_nonces, stored_bytes)
        ]

    return await db.read(work)


async def test_it_stores_and_answers_just_as_the_bot_itself(
    sqlite: Database, apart: StoreProcess, tmp_path: Path
) -> None:
    copy = tmp_path / "other" / "bot.db"
    copy.parent.mkdir()
    await sqlite.backup(copy)
    other = await Database.open(f"sqlite:///{copy}")
    for group in GROUPS:
        touched = sorted({one.hook for one in group})

        async def work(
            connection: AsyncConnection, group: list[WebhookDelivery] = group
        ) -> list[StoredDelivery]:
            return await store(other, connection, group, sorted({one.hook for one in group}))

        assert (await store_apart(apart, group, touched)) == (await other.write(work), False)
    assert await contents(sqlite) == await contents(other)
    await other.close()


async def test_it_loads_no_library_and_gets_no_secret(
    apart: StoreProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XQUIK_BOT_SLACK__BOT_TOKEN", "xoxb-a-secret")
    await store_apart(apart, GROUPS[0], [])
    seen = Path(f"/proc/{apart.pid}")
    assert b"xoxb" not in (seen / "environ").read_bytes() + (seen / "cmdline").read_bytes()
    assert "site-packages" not in (seen / "maps").read_text()
    own = re.search(r"Private_Dirty: +(\d+) kB", (seen / "smaps_rollup").read_text())
    assert own is not None
    assert int(own[1]) < 8_000


async def test_killed_between_two_groups_it_is_started_again(apart: StoreProcess, restarts: Restarts) -> None:
    for number in range(1, 4):
        found, again = await store_apart(apart, [delivery(number, number)], [])
        assert found[0].received is Received.ACCEPTED
        assert not again
        kill(apart)
        await until(lambda: apart.pid is None)
    assert restarts == [-signal.SIGKILL] * 2


async def test_killed_with_a_group_in_hand_it_stores_it_once(
    sqlite: Database, apart: StoreProcess, sqlite_url: str, restarts: Restarts
) -> None:
    await store_apart(apart, [delivery(1, 1)], [])
    with _locked(sqlite_url):
        waiting = [
            asyncio.create_task(store_apart(apart, [delivery(number, number)], [])) for number in (2, 3)
        ]
        await asyncio.sleep(0.05)  # it has them, and waits for the database
        kill(apart)
        await until(lambda: restarts)
    results = [found[0].received for found, _ in await asyncio.gather(*waiting)]
    assert results == [Received.ACCEPTED] * 2
    stored, nonces, _ = await contents(sqlite)
    assert [row[2] for row in stored] == ["e:1", "e:2", "e:3"]
    assert len(nonces) == 3


async def test_killed_at_random_under_load_it_loses_nothing_and_has_nothing_twice(
    sqlite: Database, apart: StoreProcess, restarts: Restarts
) -> None:
    messenger = RecordingMessenger()
    relay = with_store(sqlite, messenger, apart)
    await relay.routes.add(route("r", "C1"), time.time())
    path = await make_hook(relay, TENANT, "hook-one")
    await relay.start()
    chance = Random(11)
    async with serving_hooks(relay) as base, httpx.AsyncClient(base_url=base, timeout=60) as client:

        async def send(first: int) -> None:
            for number in range(first, 200, 8):
                # As Xquik does: what was not taken comes again.
                while (await deliver(client, path, event_body(number))).status_code != 200:
                    pass

        senders = asyncio.gather(*(send(first) for first in range(8)))
        while len(restarts) < KILLS and not senders.done():
            before = len(restarts)
            kill_at = asyncio.get_running_loop().time() + chance.random() * 0.1
            await until(lambda: apart.answers and asyncio.get_running_loop().time() >= kill_at)  # noqa: B023 - awaited here
            kill(apart)
            await until(lambda: len(restarts) > before or senders.done())  # noqa: B023 - awaited here
        await senders

        async def quiet() -> bool:
            routed = await relay.router.position() == await relay.events.newest()
            return routed and not await relay.deliveries.backlog()

        await until(quiet)
    await relay.stop()
    assert len((await contents(sqlite))[0]) == 200
    assert len(messenger.texts("C1")) == len(set(messenger.texts("C1"))) == 200
    assert restarts


async def test_one_that_hangs_is_ended_and_the_next_one_stores(
    apart: StoreProcess, restarts: Restarts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store_apart(apart, [delivery(1, 1)], [])
    monkeypatch.setattr(store_process, "_PATIENCE", 0.2)
    assert apart.pid is not None
    os.kill(apart.pid, signal.SIGSTOP)
    with pytest.raises(StorageUnavailable):
        await store_apart(apart, [delivery(2, 2)], [])
    monkeypatch.undo()
    found, _ = await store_apart(apart, [delivery(3, 3)], [])
    assert found[0].received is Received.ACCEPTED
    assert restarts == [-signal.SIGKILL]


async def test_a_database_that_is_locked_is_not_now_and_then_it_goes_on(
    sqlite: Database, sqlite_url: str, restarts: Restarts
) -> None:
    begin = begin_of(sqlite)
    hurried = StoreBegin(begin.path, [*begin.settings, "PRAGMA busy_timeout=50"], begin.turn)
    process = StoreProcess(hurried, None, restarts)
    await store_apart(process, [delivery(1, 1)], [])
    with _locked(sqlite_url), pytest.raises(StorageUnavailable, match="locked"):
        await store_apart(process, [delivery(2, 2)], [])
    found, _ = await store_apart(process, [delivery(2, 2)], [])
    assert found[0].received is Received.ACCEPTED
    await process.close()
    assert not restarts


async def test_a_full_disk_is_not_now_and_nothing_of_the_group_is_kept(
    sqlite: Database, restarts: Restarts
) -> None:
    begin = begin_of(sqlite)
    full = StoreBegin(begin.path, [*begin.settings, "PRAGMA max_page_count=1"], begin.turn)
    process = StoreProcess(full, None, restarts)
    large = delivery(2, 2)
    assert large.event is not None
    large = replace(large, event=replace(large.event, data='"' + "x" * 900_000 + '"'))
    with pytest.raises(StorageUnavailable, match="full"):
        await store_apart(process, [delivery(1, 1), large], [])
    await process.close()
    assert await contents(sqlite) == [[], [], []]


async def test_what_sqlite_has_no_place_for_is_refused_alone_and_the_process_lives(
    apart: StoreProcess, restarts: Restarts
) -> None:
    await store_apart(apart, [delivery(1, 1)], [])
    bad = delivery(2, 2)
    assert bad.event is not None
    with pytest.raises(sqlite3.DatabaseError):
        await store_apart(apart, [replace(bad, event=replace(bad.event, username="\ud800"))], [])
    found, _ = await store_apart(apart, [delivery(3, 3)], [])
    assert found[0].received is Received.ACCEPTED
    assert not restarts


async def test_it_is_ready_unless_the_last_ones_were_not_stored_and_nothing_can_be_now(
    sqlite: Database, sqlite_url: str, restarts: Restarts
) -> None:
    begin = begin_of(sqlite)
    hurried = StoreBegin(begin.path, [*begin.settings, "PRAGMA busy_timeout=50"], begin.turn)
    process = StoreProcess(hurried, None, restarts)
    assert await process.ready()
    assert process.pid is None  # nobody asked for it
    with _locked(sqlite_url):
        with pytest.raises(StorageUnavailable):
            await store_apart(process, [delivery(1, 1)], [])
        assert not await process.ready()
    assert await process.ready()  # by a look, since no delivery has come
    await process.close()


async def test_it_ends_with_the_bot_however_that_ends(sqlite: Database, restarts: Restarts) -> None:
    process = StoreProcess(begin_of(sqlite), None, restarts)
    await store_apart(process, [delivery(1, 1)], [])
    pid = process.pid
    assert pid is not None
    os.kill(pid, signal.SIGTERM)  # whoever stops all processes of a unit means the bot
    os.kill(pid, signal.SIGINT)
    await store_apart(process, [delivery(2, 2)], [])
    assert process.pid == pid
    await process.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(StorageUnavailable):
        await store_apart(process, [delivery(3, 3)], [])


async def test_writers_of_both_processes_take_turns(sqlite: Database, apart: StoreProcess) -> None:
    """The one that writes on and on does not keep the other out, which sleeping in SQLite would."""
    done = asyncio.Event()
    written = 0

    async def busy() -> None:
        nonlocal written
        while not done.is_set():
            await sqlite.write(lambda c: c.exec_driver_sql("UPDATE hooks SET url = url"))
            written += 1

    writers = [asyncio.create_task(busy()) for _ in range(4)]
    for number in range(1, 31):
        async with asyncio.timeout(5):
            await store_apart(apart, [delivery(number, number)], [])
    done.set()
    await asyncio.gather(*writers)
    assert written >= 10


def test_a_turn_is_free_again_when_its_holder_dies(tmp_path: Path) -> None:
    path = tmp_path / "bot.db.turn"
    ready, told = os.pipe()
    holder = os.fork()
    if not holder:
        WritingTurn(str(path)).take()
        os.write(told, b"x")
        signal.pause()
    assert os.read(ready, 1) == b"x"
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    began = time.monotonic()
    mine = WritingTurn(str(path))
    mine.take()
    assert time.monotonic() - began < 4
    mine.give_back()
    mine.close()


def with_store(database: Database, messenger: RecordingMessenger, apart: StoreProcess) -> Relay:
    """A relay whose deliveries are stored by that process."""
    return make_relay(database, messenger, poll=0.2, apart=apart)


def kill(process: StoreProcess) -> None:
    """SIGKILL, where it runs."""
    if process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)


def _locked(url: str) -> closing[sqlite3.Connection]:
    """Another program that writes, until the block ends."""
    other = sqlite3.connect(Path(url.removeprefix("sqlite:///")), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return closing(other)
