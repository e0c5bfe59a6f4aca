"""One process relays at a time: who holds the lock, and when it goes over to another one."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import socket
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.core.errors import StorageUnavailable
from bot.storage.engine.addresses import address
from bot.storage.engine.database import Database
from bot.storage.engine.file_lock import FileLock
from bot.storage.engine.lock_holder import LockHolder
from bot.storage.engine.relay_lock import relay_lock
from bot.storage.engine.session_lock import LockTimes, SessionLock
from tests.journeys.run.harness import until
from tests.storage.relaying_child import QUICK
from tests.storage.test_database import adding
from tests.storage.test_sqlite import come_and_go


@asynccontextmanager
async def holding(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of its own that holds the lock."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.relaying_child", url),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 20) == b"held\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_second_process_hears_who_holds_it_and_gets_it_when_that_one_is_killed(
    database_url: str,
) -> None:
    lock = relay_lock(database_url)
    try:
        async with holding(database_url) as other:
            holder = await lock.take()
            assert holder is not None
            assert (holder.pid, holder.host) == (other.pid, socket.gethostname()[:24])
            assert holder.since is not None
            assert "UTC" in str(holder)
            assert await lock.who() == holder, "one who only asks hears the same"
            assert not lock.holds()
            other.send_signal(signal.SIGKILL)

            async def ours() -> bool:
                return await lock.take() is None

            await until(ours, 5.0, "the lock")
            assert lock.holds()
            assert await lock.take() is None, "asking again does no harm"
    finally:
        await lock.release()
    assert not lock.holds()


async def test_what_is_given_back_is_free_at_once(database_url: str) -> None:
    first, second = relay_lock(database_url), relay_lock(database_url)
    assert await second.who() is None
    assert await first.take() is None
    assert await second.take() is not None
    await first.release()

    async def ours() -> bool:
        return await second.take() is None

    await until(ours, 5.0, "the lock")
    await second.release()


async def test_one_who_only_looks_takes_it_from_nobody(sqlite_url: str) -> None:
    first, looking = relay_lock(sqlite_url), relay_lock(sqlite_url)
    file = str(address(sqlite_url).database) + ".relay"
    assert await looking.who() is None
    assert not os.access(file, os.F_OK), "looking makes nothing"
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)  # as one who looks has it, who is slow
        taking = asyncio.create_task(first.take())
        await asyncio.sleep(0)
        assert not taking.done()
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        assert await taking is None
    finally:
        os.close(descriptor)
        await first.release()


async def test_the_lock_is_a_file_of_its_own_that_leaves_the_database_alone(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = await Database.open(sqlite_url)
    lock = relay_lock(sqlite_url)
    assert await lock.take() is None
    beside = path.with_name("bot.db.relay")
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert json.loads(beside.read_text())["pid"] == os.getpid()
    await database.write(adding("kept"))
    await lock.release()
    await asyncio.to_thread(come_and_go, path)
    assert path.with_name("bot.db-wal").exists()
    await database.close()


async def test_a_lock_file_that_says_nothing_still_counts(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    first, second = FileLock(path), FileLock(path)
    assert await first.take() is None
    path.with_name("bot.db.relay").write_text("?")
    assert await second.take() == LockHolder(None, "", None)
    await first.release()


async def test_a_lock_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable, match=r"bot\.db cannot be opened: Not a directory"):
        await FileLock(tmp_path / "file" / "bot.db").take()


async def test_a_process_that_is_stopped_loses_it_and_knows_so_when_it_goes_on(postgres_url: str) -> None:
    """PostgreSQL hears nothing of a process that is stopped, or of a machine that is gone."""
    lock = SessionLock(address(postgres_url), QUICK)
    try:
        async with holding(postgres_url) as other:
            assert await lock.take() is not None
            other.send_signal(signal.SIGSTOP)

            async def ours() -> bool:
                return await lock.take() is None

            await until(ours, 10.0, "the lock")
            other.send_signal(signal.SIGCONT)
            assert other.stdout is not None
            said = await asyncio.wait_for(other.stdout.readline(), 10)
            assert said == f"over False {os.getpid()}\n".encode()
            assert lock.holds()
    finally:
        await lock.release()


async def test_without_word_from_the_server_it_is_not_held_long_before_another_can_have_it(
    postgres_url: str,
) -> None:
    now = 1000.0
    resting = asyncio.Event()

    async def never(_seconds: float) -> None:
        await resting.wait()

    lock = SessionLock(address(postgres_url), monotonic=lambda: now, sleep=never)
    assert await lock.take() is None
    assert lock.holds()
    now += LockTimes().certain + 0.1
    assert not lock.holds()
    assert LockTimes().certain + 30 < LockTimes().limit, "what is being sent has time to end"
    await lock.release()


def cut(url: str) -> None:
    """End every connection that relays, as a restart of the server does."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name LIKE 'xquik-bot relay%' AND datname = current_database()"
            )
        )
    engine.dispose()


async def test_a_connection_that_is_cut_is_made_anew_and_the_lock_got_back(postgres_url: str) -> None:
    lock = SessionLock(address(postgres_url), QUICK)
    assert await lock.take() is None
    before = _sessions(postgres_url)
    await asyncio.to_thread(cut, postgres_url)
    await until(lambda: lock.holds() and _sessions(postgres_url) not in (before, set()), 10.0, "the lock")
    assert not lock.taken_over.is_set()
    await lock.release()


async def test_cut_off_while_another_one_takes_it_it_is_over(postgres_url: str) -> None:
    gate = asyncio.Event()

    async def until_opened(_seconds: float) -> None:
        await gate.wait()

    mine = SessionLock(address(postgres_url), QUICK, sleep=until_opened)
    other = SessionLock(address(postgres_url), QUICK)
    assert await mine.take() is None
    assert mine.holds()
    await asyncio.to_thread(cut, postgres_url)

    async def theirs() -> bool:
        return await other.take() is None

    await until(theirs, 5.0, "the lock")
    assert not mine.holds(), "two would relay until the next beat"
    gate.set()
    async with asyncio.timeout(10):
        await mine.taken_over.wait()
    assert not mine.holds()
    assert mine.holder is not None
    await mine.release()
    await other.release()


def _sessions(url: str) -> set[int]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT pid FROM pg_stat_activity"
                " WHERE application_name LIKE 'xquik-bot relay%' AND datname = current_database()"
            )
        )
        pids = set(found.scalars())
    engine.dispose()
    return pids
