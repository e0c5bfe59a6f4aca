"""What one process changes is heard by the others at once, on PostgreSQL; and never later than before."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.hearing import hearing
from bot.core.access import Permission
from bot.core.chat.ids import TenantId
from bot.core.errors import StorageUnavailable
from bot.jobs.on_asyncio import AsyncioJobs
from bot.storage.engine.database import Database
from bot.storage.engine.hearing import listen
from bot.storage.engine.remembered import Remembered
from bot.storage.migrate import engine_for
from bot.storage.places.grants import Grants
from bot.storage.tables.changes import CHANGED
from tests.conftest import with_limits

HERE = TenantId("discord", "1")
PUBLISH = Permission.PUBLISH


class Process:
    """A database as one process has it, whose clock stands still: without hearing, it would never look
    again. heard: what was said, in order; None where something may have been missed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.heard: asyncio.Queue[str | None] = asyncio.Queue()
        database.remembered = Remembered(database.read, lambda: 100.0)
        database.hear(CHANGED, self._hear)

    def _hear(self, number: str | None) -> None:
        self.database.remembered.changed(number)
        self.heard.put_nowait(number)

    async def until(self, number: str | None) -> None:
        async with asyncio.timeout(10):
            while await self.heard.get() != number:
                pass

    async def may_publish(self) -> bool:
        return bool((await Grants(self.database).policy(HERE)).grants)


class _Runs:
    """Told of every run of periodic work."""

    def __init__(self) -> None:
        self.errors: list[Exception | None] = []

    def ran(self, job: str, part: str, seconds: float, error: Exception | None) -> None:
        self.errors.append(error)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Process]:
    database = await Database.open(url)
    try:
        yield Process(database)
    finally:
        await database.close()


@asynccontextmanager
async def hearing_of(url: str) -> AsyncIterator[tuple[Process, _Runs]]:
    """A process whose periodic work hears, as `run` has it."""
    async with _opened(url) as process:
        runs = _Runs()
        jobs = AsyncioJobs(
            [hearing(process.database)],
            sleep=lambda _: asyncio.sleep(0.01),
            monotonic=time.monotonic,
            random=random.random,
            observer=runs,
        )
        await jobs.start()
        try:
            await process.until(None)
            yield process, runs
        finally:
            await jobs.stop()


def _sql(url: str, statement: str) -> list[object]:
    engine = engine_for(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        found = list(result.scalars()) if result.returns_rows else []
    engine.dispose()
    return found


_EARS = "FROM pg_stat_activity WHERE application_name = 'xquik-bot hearing' AND datname = current_database()"


async def _count(database: Database) -> str:
    async def work(connection: AsyncConnection) -> str:
        return str((await connection.execute(text("SELECT number FROM changes"))).scalar_one())

    return await database.read(work)


async def test_a_right_that_another_process_takes_away_is_gone_at_once(postgres_url: str) -> None:
    async with _opened(postgres_url) as other, hearing_of(postgres_url) as (process, _):
        await Grants(other.database).grant(HERE, "user", "ann", PUBLISH)
        await process.until(await _count(other.database))
        assert await process.may_publish()
        await Grants(other.database).revoke(HERE, "user", "ann", PUBLISH)
        await process.until(await _count(other.database))
        assert not await process.may_publish()


async def test_what_an_operator_changes_by_sql_is_heard_too(postgres_url: str) -> None:
    async with hearing_of(postgres_url) as (process, _):
        await Grants(process.database).grant(HERE, "user", "ann", PUBLISH)
        assert await process.may_publish()
        before = await _count(process.database)
        await asyncio.to_thread(_sql, postgres_url, "DELETE FROM grants")
        await process.until(str(int(before) + 1))
        assert not await process.may_publish()


async def test_what_is_not_committed_is_not_told(postgres_url: str) -> None:
    async with _opened(postgres_url) as other, hearing_of(postgres_url) as (process, _):

        async def undone(connection: AsyncConnection) -> None:
            await connection.execute(text("INSERT INTO languages VALUES ('a', '', 'tr', 1)"))
            raise LookupError

        with pytest.raises(LookupError):
            await other.database.write(undone)
        await asyncio.to_thread(_sql, postgres_url, f"SELECT pg_notify('{CHANGED}', 'next')")
        async with asyncio.timeout(10):
            assert await process.heard.get() == "next"


async def test_a_connection_that_is_cut_is_made_anew_and_what_was_missed_is_looked_for(
    postgres_url: str,
) -> None:
    async with _opened(postgres_url) as other, hearing_of(postgres_url) as (process, runs):
        await Grants(other.database).grant(HERE, "user", "ann", PUBLISH)
        await process.until(await _count(other.database))
        assert await process.may_publish()
        # Cut and changed in one transaction: nobody hears that change.
        await asyncio.to_thread(
            _sql, postgres_url, f"WITH gone AS (DELETE FROM grants) SELECT pg_terminate_backend(pid) {_EARS}"
        )
        await process.until(None)
        assert not await process.may_publish()
        assert [type(error) for error in runs.errors] == [StorageUnavailable]
        await Grants(other.database).grant(HERE, "user", "ann", PUBLISH)
        await process.until(await _count(other.database))
        assert await process.may_publish()


async def test_it_is_one_connection_which_rests_as_long_as_it_likes(postgres_url: str) -> None:
    """Whatever limit of time an operator has for sessions that rest."""
    url = with_limits(postgres_url, idle_session_timeout=60)
    async with _opened(postgres_url) as other, hearing_of(url) as (process, runs):
        for _ in range(20):
            await other.database.read(lambda connection: connection.execute(text("SELECT pg_sleep(0.01)")))
        await Grants(other.database).grant(HERE, "user", "ann", PUBLISH)
        await process.until(await _count(other.database))
        assert await asyncio.to_thread(_sql, postgres_url, f"SELECT count(*) {_EARS}") == [1]
        assert runs.errors == []


async def test_a_connection_on_which_nothing_comes_is_asked_whether_it_still_is_one(
    postgres_url: str,
) -> None:
    heard: asyncio.Queue[str | None] = asyncio.Queue()
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    listening = asyncio.create_task(listen(url, {"a": heard.put_nowait}, beat=0.01))
    try:
        async with asyncio.timeout(10):
            assert await heard.get() is None
            asked = "SELECT query " + _EARS
            while await asyncio.to_thread(_sql, postgres_url, asked) != ["SELECT 1"]:
                pass
            await asyncio.to_thread(_sql, postgres_url, "SELECT pg_notify('a', 'b')")
            assert await heard.get() == "b"
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


@pytest.mark.parametrize("broken", ["host=/nowhere", "dbname=nothing_of_that_name"])
async def test_a_server_that_cannot_be_reached_is_said_so(postgres_url: str, broken: str) -> None:
    name, _, value = broken.partition("=")
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    url = url.set(query={"host": value}) if name == "host" else url.set(database=value)
    with pytest.raises(StorageUnavailable):
        await listen(url, {})


async def test_a_file_tells_nobody(sqlite_url: str) -> None:
    async with _opened(sqlite_url) as process:
        await process.database.listen()
        assert process.heard.empty()


async def test_what_is_known_already_is_not_read_again(postgres_url: str) -> None:
    async with _opened(postgres_url) as process:
        told: Callable[[str | None], None] = process.database.remembered.changed
        await Grants(process.database).grant(HERE, "user", "ann", PUBLISH)
        assert await process.may_publish()
        looks: list[None] = []
        read = process.database.read

        async def counted(work: object) -> object:
            looks.append(None)
            return await read(work)  # type: ignore[arg-type]

        process.database.remembered._read = counted  # type: ignore[assignment]
        told(await _count(process.database))
        assert await process.may_publish() and looks == []
        told("9999")
        assert await process.may_publish() and looks == [None]
