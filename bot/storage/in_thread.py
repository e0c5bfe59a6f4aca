"""SQLite for SQLAlchemy's asyncio extension without a hop between threads for each call.

aiosqlite hands every cursor, execute, fetch and close to a thread of its own and waits for each:
three hops for one insert, which is most of the time a small write takes. The writer of
`bot.storage.group_commit` lives in a thread already and needs none of them. `InThreadConnection`
has the shape that SQLAlchemy's aiosqlite dialect expects and does everything where it is called, so
a coroutine that uses nothing else never suspends, and `finish` runs it to its end without an event
loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

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
    """A sqlite3 connection in the shape of aiosqlite's, for one thread, without its own commits."""

    def __init__(self, path: Path, pragmas: Sequence[str]) -> None:
        # isolation_level=None: the writer says BEGIN IMMEDIATE itself.
        self.raw = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        for pragma in pragmas:
            self.raw.execute(pragma)

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


def engine_in_thread(connect: Callable[[], InThreadConnection]) -> AsyncEngine:
    """An engine whose connections `connect` makes; to be used in one thread, through `finish`."""

    async def creator() -> InThreadConnection:
        return connect()

    return create_async_engine("sqlite+aiosqlite://", async_creator=creator, poolclass=NullPool)


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
    msg = "a write may wait for nothing but its database connection"
    raise TypeError(msg)
