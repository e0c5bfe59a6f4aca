"""The database cannot be written while deliveries come: 503, nothing half stored, and then all of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from bot.storage.engine.database import Database
from bot.storage.migrate import migrate
from tests.chaos.disk import SmallFileSystem, small_disk
from tests.relay.conftest import make_relay
from tests.relay.harness import (
    TENANT,
    RecordingMessenger,
    application,
    deliver,
    event_body,
    make_hook,
    route,
    serving,
    until,
)
from tests.web.test_hooks import rows

_LOCK = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30) as other:
    other.execute("BEGIN IMMEDIATE")
    print("held", flush=True)
    sys.stdin.read()
    other.execute("ROLLBACK")
"""


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Another process holds the lock that every writer needs."""
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _LOCK, str(path), stdin=pipe, stdout=pipe
    )
    assert other.stdin is not None and other.stdout is not None
    assert await other.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        other.stdin.close()
        await asyncio.wait_for(other.wait(), 10)


async def _taken(client: httpx.AsyncClient, path: str, body: bytes, **signing: str) -> bool:
    return (await deliver(client, path, body, **signing)).status_code == 200


async def test_a_disk_without_room_turns_deliveries_away_whole_and_takes_them_when_there_is_some(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path, 4 << 20) as disk:
        if not isinstance(disk, SmallFileSystem):
            pytest.skip("no file system can be mounted here")
        url = f"sqlite:///{disk.directory / 'bot.db'}"
        await migrate(url)
        db = await Database.open(url)
        messenger = RecordingMessenger()
        relay = make_relay(db, messenger, poll=0.05)
        await relay.routes.add(route("r", "C1"), 0.0)
        await relay.start()
        async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
            path = await make_hook(relay, TENANT, "hook-one")
            assert (await deliver(client, path, event_body(0))).status_code == 200
            await until(lambda: messenger.texts("C1") == ["Tweet number 0"])
            disk.fill(0)
            # Larger than what the log has room for, so that no earlier page of it can be used again.
            body = event_body(1, data={"text": "Tweet number 1" + " " * 900_000})
            answers = [await deliver(client, path, body, nonce=f"{n:032x}") for n in range(4)]
            refused = [answer for answer in answers if answer.status_code == 503]
            assert refused, [answer.text for answer in answers]
            assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
            assert await rows(db) == (1, 1)
            disk.free(0)
            await until(lambda: _taken(client, path, body, nonce="f" * 32))
            assert await rows(db) == (2, 2)
            await until(lambda: len(messenger.texts("C1")) == 2)
        await relay.stop(grace=1.0)
        await db.close()


async def test_small_writes_go_on_in_the_same_process_once_there_is_room_again(tmp_path: Path) -> None:
    """What finds the disk full at its commit, and not in a statement, must leave nothing behind."""
    with small_disk(tmp_path, 4 << 20) as disk:
        if not isinstance(disk, SmallFileSystem):
            pytest.skip("no file system can be mounted here")
        url = f"sqlite:///{disk.directory / 'bot.db'}"
        await migrate(url)
        db = await Database.open(url)
        messenger = RecordingMessenger()
        relay = make_relay(db, messenger, poll=0.05)
        await relay.routes.add(route("r", "C1"), 0.0)
        await relay.start()
        async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
            path = await make_hook(relay, TENANT, "hook-one")
            disk.fill(0)
            answers = []
            for number in range(200):
                answers.append((await deliver(client, path, event_body(number))).status_code)
                if answers.count(503) == 5:
                    break
            assert answers.count(503) == 5
            disk.free(0)
            await until(lambda: _taken(client, path, event_body(0)))  # the room is looked at every second
            for number in range(len(answers)):
                assert (await deliver(client, path, event_body(number))).status_code == 200
            await until(lambda: len(messenger.posted) == len(answers))
            assert len(set(messenger.texts("C1"))) == len(answers)
        await relay.stop(grace=1.0)
        await db.close()


async def test_a_lock_of_another_process_turns_deliveries_away_and_holds_nothing_up_afterwards(
    sqlite_url: str,
) -> None:
    db = await Database.open(sqlite_url)
    # As long as SQLite waits by itself; five seconds else.
    await db.write(lambda connection: connection.execute(text("PRAGMA busy_timeout = 50")))
    messenger = RecordingMessenger()
    relay = make_relay(db, messenger, poll=0.05)
    await relay.routes.add(route("r", "C1"), 0.0)
    await relay.start()
    async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
        path = await make_hook(relay, TENANT, "hook-one")
        async with locked(Path(sqlite_url.removeprefix("sqlite:///"))):
            answers = await asyncio.gather(*(deliver(client, path, event_body(n)) for n in range(5)))
            assert {answer.status_code for answer in answers} == {503}
            assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
            assert await rows(db) == (0, 0)
        for number in range(5):
            assert (await deliver(client, path, event_body(number))).json() == {"status": "accepted"}
        await until(lambda: len(messenger.posted) == 5)
        assert messenger.texts("C1") == [f"Tweet number {n}" for n in range(5)]
    await relay.stop(grace=1.0)
    await db.close()
