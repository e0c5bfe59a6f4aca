"""SQLite for SQLAlchemy's asyncio extension without a hop between threads for each call.

aiosqlite hands every cursor, execute, fetch and close to a thread of its own and waits for each:
three or four hops for one statement, which is most of the time a small one takes. The writer and the
readers of `bot.storage` hand a whole piece of work to a thread instead. `InThreadConnection` has the
shape that SQLAlchemy's aiosqlite dialect expects and does everything where it is called, so a
coroutine that uses nothing else never suspends, and `finish` runs it to its end without an event
loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.engine import sqlite_file

T = TypeVar("T")


class InThreadCursor:
    """A sqlite3 cursor whose methods are coroutines that never suspend."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> InThreadCursor:
        return self

    @property
    def description(self) -> Any:
        """The columns of the last statement, None when it returns no rows."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The row id of the last insert."""
        return self._cursor.lastrowid

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run one statement."""
        self._cursor.execute(statement, parameters)

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run one statement once for each row of parameters."""
        self._cursor.executemany(statement, parameters)

    async def fetchall(self) -> list[Any]:
        """The rows that are left."""
        return self._cursor.fetchall()

    async def close(self) -> None:
        """Give the statement back."""
        self._cursor.close()


class InThreadConnection:
    """A sqlite3 connection in the shape of aiosqlite's, for one thread at a time."""

    def __init__(self, path: Path, settings: Sequence[str]) -> None:
        # isolation_level=None: BEGIN is said by the writer and the readers, each their own.
        # check_same_thread: a reader is used by one thread after another.
        self.raw = sqlite3.connect(path, isolation_level=None, cached_statements=512, check_same_thread=False)
        try:
            sqlite_file.configure(self.raw, settings)
        except BaseException:  # as for a file that is no database
            self.raw.close()
            raise

    @property
    def _connection(self) -> sqlite3.Connection:
        # SQLAlchemy asks aiosqlite's attribute of this name whether the connection is open.
        return self.raw

    def cursor(self) -> InThreadCursor:
        """A cursor of the connection."""
        return InThreadCursor(self.raw.cursor())

    async def create_function(self, *args: Any, **options: Any) -> None:
        """Define a function of SQL: SQLAlchemy adds `regexp`."""
        self.raw.create_function(*args, **options)

    async def commit(self) -> None:
        """End the transaction durably, when one is open."""
        self.raw.commit()

    async def rollback(self) -> None:
        """Undo the transaction, when one is open."""
        self.raw.rollback()

    async def close(self) -> None:
        """Close the file."""
        self.raw.close()

    def stop(self) -> None:
        """Close the file without an event loop."""
        self.raw.close()


class Handle:
    """One open connection: SQLAlchemy's side of it for work, sqlite3's own for transactions.

    Both sides are told of a transaction's end: SQLAlchemy knows of it only when it ran a statement.
    """

    __slots__ = ("connection", "raw")

    def __init__(self, connection: AsyncConnection, raw: sqlite3.Connection) -> None:
        self.connection = connection
        self.raw = raw

    def begin(self, mode: str) -> None:
        """Start a transaction. mode: DEFERRED to read, IMMEDIATE to write."""
        self.raw.execute(f"BEGIN {mode}")

    def commit(self) -> None:
        """End the transaction; it is durable afterwards."""
        if self.connection.in_transaction():
            finish(self.connection.commit)
        self.raw.commit()

    def rollback(self) -> None:
        """Undo the transaction."""
        # Asked also where SQLAlchemy says that it is in none: after a commit that failed it says so, and
        # takes no further statement until it was rolled back.
        if self.connection.get_transaction() is not None:
            finish(self.connection.rollback)
        self.raw.rollback()

    def close(self) -> None:
        """Close the file. What cannot be closed properly is dropped with what was not committed."""
        with suppress(Exception):
            finish(self.connection.close)
        with suppress(Exception):
            self.raw.close()


class SqliteFile:
    """Opens connections to one file, all with the same settings."""

    def __init__(self, path: Path, settings: Sequence[str]) -> None:
        async def creator() -> InThreadConnection:
            return InThreadConnection(path, settings)

        self._engine = create_async_engine(
            "sqlite+aiosqlite://", async_creator=creator, poolclass=NullPool, hide_parameters=True
        )

    def connect(self) -> Handle:
        """A new connection; the errors of sqlite3 and SQLAlchemy when it cannot be opened."""
        return finish(self._connect)

    async def _connect(self) -> Handle:
        connection = await self._engine.connect()
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, InThreadConnection)  # noqa: S101 - creator made it
        await connection.rollback()
        return Handle(connection, driver.raw)


def driver(connection: AsyncConnection) -> sqlite3.Connection | None:
    """The connection of sqlite3 under one of SQLAlchemy's; None under one to PostgreSQL.

    For the statements that run for every event: SQLAlchemy takes longer over one than SQLite does, and
    holds the interpreter lock meanwhile.
    """
    plain = connection.sync_connection
    if plain is None or plain.dialect.name != "sqlite":
        return None
    found = plain.connection.driver_connection
    return found.raw if isinstance(found, InThreadConnection) else None


def finish(work: Callable[[], Awaitable[T]]) -> T:
    """The result of a coroutine that never suspends; TypeError when it waits for something else."""

    async def call() -> T:
        return await work()

    coroutine = call()
    try:
        coroutine.send(None)
    except StopIteration as stop:
        value: T = stop.value
        return value
    coroutine.close()
    msg = "work of the database may wait for nothing but its connection"
    raise TypeError(msg)
