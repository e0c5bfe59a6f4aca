"""What is particular to the SQLite file: its writer, its permissions, full disks, locks, copies."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.storage.engine import sqlite_file
from bot.storage.engine.database import Database
from bot.storage.engine.group_commit import GROUP_LIMIT
from bot.storage.engine.in_thread import InThreadConnection
from bot.storage.tables import facts
from tests.storage.test_database import adding, keys


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def come_and_go(path: Path) -> None:
    """Another process opens the database, looks at it and closes it."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM facts'); c.close()"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)


async def test_a_new_file_and_its_directory_belong_to_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "bot.db"
    database = await Database.open(f"sqlite:///{path}")
    await database.write(lambda connection: connection.execute(text("CREATE TABLE t (x INTEGER)")))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    await database.close()
    assert modes == {"bot.db": 0o600, "bot.db-wal": 0o600, "bot.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_a_file_that_is_made_has_its_mode_from_the_first_moment(
    tmp_path: Path, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", system)
        sqlite_file.prepare(tmp_path / "bot.db")
        (tmp_path / "bot.db").write_bytes(b"kept")
        sqlite_file.prepare(tmp_path / "bot.db")
    assert [path.name for path in tmp_path.iterdir()] == ["bot.db"]
    assert stat.S_IMODE((tmp_path / "bot.db").stat().st_mode) == 0o600
    assert (tmp_path / "bot.db").read_bytes() == b"kept"


def test_a_link_to_a_file_that_is_not_there_yet_is_followed(tmp_path: Path) -> None:
    (tmp_path / "bot.db").symlink_to(tmp_path / "elsewhere" / "real.db")
    sqlite_file.prepare(tmp_path / "bot.db")
    assert stat.S_IMODE((tmp_path / "elsewhere" / "real.db").stat().st_mode) == 0o600


async def test_preparing_a_file_that_is_in_use_leaves_its_locks(database: Database, sqlite_url: str) -> None:
    """Without them the next process that closes the file deletes the log that commits go to."""
    await database.write(adding("before"))
    sqlite_file.prepare(_path(sqlite_url))
    await asyncio.to_thread(come_and_go, _path(sqlite_url))
    assert f"{_path(sqlite_url).name}-wal" in _names(_path(sqlite_url).parent)
    await database.write(adding("after"))
    with closing(sqlite3.connect(_path(sqlite_url))) as other:
        assert other.execute("SELECT count(*) FROM facts").fetchone() == (2,)


async def test_writes_are_durable_and_references_are_checked(database: Database) -> None:
    async def settings(connection: AsyncConnection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [(await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in names]

    assert await database.write(settings) == ["wal", 2, 1]


async def test_a_file_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable, match=r"file/bot\.db cannot be opened"):
        await Database.open(f"sqlite:///{tmp_path}/file/bot.db")


async def test_a_file_that_is_no_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_bytes(b"not a database at all, but long enough to look at" * 10)
    with pytest.raises(StorageUnavailable, match="not a database"):
        await Database.open(f"sqlite:///{tmp_path}/bot.db")


async def test_a_full_disk_is_reported_and_writing_goes_on_when_there_is_room(database: Database) -> None:
    async def limit(connection: AsyncConnection) -> None:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages + 4}"))

    await database.write(limit)
    writes = [adding("small"), adding("large", "x" * 200_000), adding("little")]
    small, large, little = await asyncio.gather(*map(database.write, writes), return_exceptions=True)
    assert (small, little) == ("small", "little")
    assert isinstance(large, StorageUnavailable)
    assert "full" in large.detail
    assert large.__cause__ is not None

    await database.write(lambda connection: connection.execute(text("PRAGMA max_page_count = 1000000")))
    await database.write(adding("large", "x" * 200_000))
    assert await keys(database) == ["large", "little", "small"]


def test_a_file_that_is_no_database_is_not_kept_open(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"no database at all " * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database") as held:
        InThreadConnection(path, ("PRAGMA journal_mode = WAL",))
    assert held.traceback, "which would keep the connection"
    assert str(path) not in {os.path.realpath(entry) for entry in Path("/proc/self/fd").iterdir()}


async def test_a_file_locked_by_another_process_is_reported_and_then_used(
    database: Database, sqlite_url: str
) -> None:
    await database.write(lambda connection: connection.execute(text("PRAGMA busy_timeout = 20")))
    with closing(sqlite3.connect(_path(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = await asyncio.gather(
            *(database.write(adding(f"k{i}")) for i in range(5)), return_exceptions=True
        )
        other.execute("ROLLBACK")
    refused = [answer for answer in answers if isinstance(answer, StorageUnavailable)]
    assert len(refused) == len(answers)
    assert {answer.detail for answer in refused} == {"the database is locked by another process"}
    assert await database.write(adding("k0")) == "k0"


async def test_work_that_waits_for_something_else_is_refused(database: Database) -> None:
    async def waits(_: AsyncConnection) -> None:
        await asyncio.sleep(0)

    for run in (database.write, database.read):
        with pytest.raises(TypeError, match="nothing but its connection"):
            await run(waits)
    assert await database.write(adding("a")) == "a"


async def test_work_that_ends_the_shared_transaction_is_refused(database: Database) -> None:
    async def commits(connection: AsyncConnection) -> None:
        await adding("own")(connection)
        await connection.execute(text("ROLLBACK"))

    answers = await asyncio.gather(
        *(database.write(work) for work in (adding("a"), commits, adding("b"))), return_exceptions=True
    )
    assert answers[0] == "a"
    assert isinstance(answers[1], RuntimeError)
    assert answers[2] == "b"
    assert await keys(database) == ["a", "b"]


async def test_works_are_committed_in_the_order_they_came(database: Database) -> None:
    async def count(connection: AsyncConnection) -> int:
        return len((await connection.execute(select(facts.c.key))).all())

    works = [work for i in range(5) for work in (adding(f"k{i}"), count)]
    assert (await asyncio.gather(*map(database.write, works)))[1::2] == [1, 2, 3, 4, 5]


async def test_what_waits_is_written_before_the_file_is_closed(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    writes = [asyncio.ensure_future(database.write(adding(f"k{i}"))) for i in range(5)]
    await asyncio.sleep(0)
    await database.close()
    await database.close()
    assert await asyncio.gather(*writes) == ["k0", "k1", "k2", "k3", "k4"]
    for run in (database.write, database.read):
        with pytest.raises(StorageUnavailable, match="closed"):
            await run(adding("late"))


async def test_more_writers_than_fit_one_transaction_are_all_served(database: Database) -> None:
    names = [f"k{i:04}" for i in range(GROUP_LIMIT * 2 + 10)]
    assert await asyncio.gather(*(database.write(adding(name)) for name in names)) == names
    assert await keys(database) == names


def test_a_write_is_committed_although_its_loop_was_torn_down_meanwhile(sqlite_url: str) -> None:
    begun, gone = threading.Event(), threading.Event()

    async def slowly(connection: AsyncConnection) -> None:
        begun.set()
        assert gone.wait(10)
        await adding("a")(connection)

    async def leave() -> Database:
        opened = await Database.open(sqlite_url)
        write = asyncio.ensure_future(opened.write(slowly))
        assert await asyncio.to_thread(begun.wait, 10)
        assert not write.done()
        return opened

    left = asyncio.run(leave())  # cancels what waits and closes the loop while the thread is at work
    gone.set()

    async def come_back() -> list[str]:
        await left.close()
        again = await Database.open(sqlite_url)
        try:
            return await keys(again)
        finally:
            await again.close()

    assert asyncio.run(come_back()) == ["a"]


async def test_a_copy_is_whole_and_made_while_writing_goes_on(database: Database, tmp_path: Path) -> None:
    await database.write(adding("before"))
    copying = asyncio.ensure_future(database.backup(tmp_path / "copy.db"))
    await asyncio.gather(*(database.write(adding(f"k{i}")) for i in range(20)))
    await copying
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    copy = await Database.open(f"sqlite:///{tmp_path}/copy.db")
    assert "before" in await keys(copy)
    await copy.close()


async def test_a_copy_never_overwrites(database: Database, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(FileExistsError):
        await database.backup(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
async def test_a_copy_is_never_what_the_database_itself_uses(
    database: Database, sqlite_url: str, tmp_path: Path, suffix: str
) -> None:
    await database.write(adding("kept"))
    (tmp_path / "link").symlink_to(_path(sqlite_url))
    before = _names(tmp_path)
    for path in (Path(f"{_path(sqlite_url)}{suffix}"), tmp_path / "link"):
        with pytest.raises(FileExistsError):
            await database.backup(path)
    assert _names(tmp_path) == before
    assert await keys(database) == ["kept"]
