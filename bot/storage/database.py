"""The database: one class for a SQLite file and for PostgreSQL, with two ways in: read and write.

    async def add(connection: AsyncConnection) -> bool:
        result = await connection.execute(insert(db.dialect, claims).values(...))
        return result.rowcount == 1

    fresh = await db.write(add)

The work given to `write` may run more than once, and on SQLite shares its transaction with other
callers' work in a thread of its own. So it must do nothing but use its connection: no clock, no
randomness drawn inside, no network, no lock, no commit. When `write` returns, the work is durable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.core.errors import StorageUnavailable
from bot.storage import sqlite_file
from bot.storage.failures import collided, unavailable
from bot.storage.group_commit import GroupCommit, Transactions
from bot.storage.in_thread import InThreadConnection

T = TypeVar("T")

ATTEMPTS = 5
# Seconds before the second attempt of a PostgreSQL transaction that met another; doubled each time.
FIRST_PAUSE = 0.02


def address(url: str) -> URL:
    """The SQLAlchemy URL for `storage.url`; ValueError says what is allowed, without the value."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = URL.create("")
    if parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    msg = "storage.url must be sqlite:///FILE (four slashes for an absolute path) or postgresql://…"
    raise ValueError(msg)


def insert(dialect: str, table: Table) -> sqlite.Insert:
    """An insert with `on_conflict_do_nothing` and `on_conflict_do_update` for the dialect in use.

    Both dialects have these two with the same arguments, so SQLite's type stands for both.
    """
    if dialect == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)


class Database:
    """An open database. Make one with `Database.open`."""

    def __init__(
        self,
        url: URL,
        engine: AsyncEngine,
        writer: GroupCommit | None,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.url = url
        self.dialect = url.get_backend_name()
        self._engine = engine
        # On PostgreSQL a transaction that only reads is declared so, as on SQLite by query_only.
        self._readers = engine.execution_options(postgresql_readonly=True) if not writer else engine
        self._writer = writer
        self._sleep = sleep

    @classmethod
    async def open(
        cls, url: str, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> Database:
        """Open the database that `storage.url` names, and check that it answers.

        A SQLite file is made when missing (mode 0600, its directory 0700). Tables are not: see
        `bot.storage.migrate`. ValueError for a URL of another kind; StorageUnavailable when it
        cannot be opened. sleep: waits the given seconds.
        """
        parsed = address(url)
        if parsed.get_backend_name() == "sqlite":
            return await cls._open_sqlite(parsed, sleep)
        return await cls._open_postgres(parsed, sleep)

    @classmethod
    async def _open_sqlite(cls, url: URL, sleep: Callable[[float], Awaitable[None]]) -> Database:
        path = Path(str(url.database))
        sqlite_file.prepare(path)
        writer = GroupCommit(Transactions(lambda: InThreadConnection(path, sqlite_file.WRITER)))
        await writer.start()
        engine = create_async_engine(url, pool_size=4, max_overflow=12)

        @event.listens_for(engine.sync_engine, "connect")
        def configure(connection: Any, _: object) -> None:
            cursor = connection.cursor()
            for pragma in sqlite_file.READER:
                cursor.execute(pragma)
            cursor.close()

        return cls(url, engine, writer, sleep)

    @classmethod
    async def _open_postgres(cls, url: URL, sleep: Callable[[float], Awaitable[None]]) -> Database:
        try:
            engine = create_async_engine(url, pool_size=10, max_overflow=10, pool_timeout=10)
        except ModuleNotFoundError as error:
            msg = "PostgreSQL needs psycopg: install xquik-bot[postgres]"
            raise ValueError(msg) from error
        database = cls(url, engine, None, sleep)
        try:
            await database.read(lambda connection: connection.execute(text("SELECT 1")))
        except BaseException:
            await engine.dispose()
            raise
        return database

    async def close(self) -> None:
        """Finish the writes that wait, then close every connection."""
        if self._writer is not None:
            await self._writer.close()
        await self._engine.dispose()

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """The result of `work`, which only reads; everything it needs must be fetched inside.

        Each statement sees what was committed before it. StorageUnavailable when the database
        cannot answer.
        """
        try:
            async with self._readers.connect() as connection:
                return await work(connection)
        except SQLAlchemyError as error:
            raise _translated(error) from error

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """The result of `work`, once it is durable. See the module for what work may do.

        StorageUnavailable when the database cannot take it; whatever `work` raised otherwise, and
        then nothing of it is kept.
        """
        if self._writer is not None:
            return cast("T", await self._writer.write(work))
        return await self._write_postgres(work)

    async def serialised(self, connection: AsyncConnection, name: str) -> None:
        """Let only one transaction at a time go on from here for this name.

        For a write that reads before it decides. SQLite has one writer anyway.
        """
        if self.dialect == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
            await connection.execute(lock, {"name": name})

    async def backup(self, path: Path) -> None:
        """Write a whole, consistent copy of the SQLite file to `path` while work goes on.

        FileExistsError when there is something already; StorageUnavailable when it does not fit;
        ValueError on PostgreSQL, which has its own tool.
        """
        if self.dialect != "sqlite":
            msg = "a PostgreSQL database is backed up with pg_dump"
            raise ValueError(msg)
        await asyncio.to_thread(sqlite_file.copy, Path(str(self.url.database)), path)

    async def _write_postgres(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        pause = FIRST_PAUSE
        for attempt in range(1, ATTEMPTS + 1):
            committing = False
            try:
                async with self._engine.connect() as connection:
                    value = await work(connection)
                    committing = True
                    await connection.commit()
                    return value
            except DBAPIError as error:
                lost = error.connection_invalidated
                if lost and committing:
                    raise _perhaps_saved() from error
                if attempt == ATTEMPTS or not (lost or collided(error)):
                    raise _translated(error) from error
            except SQLAlchemyError as error:
                raise _translated(error) from error
            await self._sleep(pause)
            pause *= 2
        raise AssertionError  # the last attempt returns or raises


def _translated(error: SQLAlchemyError) -> Exception:
    return unavailable(error) or error


def _perhaps_saved() -> StorageUnavailable:
    return StorageUnavailable(
        "The connection to the database was lost while it was saving.",
        remedy="Look whether it was saved before you try again.",
        code="perhaps_saved",
    )
