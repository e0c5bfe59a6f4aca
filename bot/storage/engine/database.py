"""The database: one class for a SQLite file and for PostgreSQL, with two ways in: read and write.

    _ADD = {d: insert(d, claims).on_conflict_do_nothing().returning(claims.c.id) for d in DIALECTS}

    async def add(connection: AsyncConnection) -> bool:
        result = await connection.execute(_ADD[db.dialect], {"scope": scope, "id": id, …})
        return result.first() is not None  # not rowcount: an insert has none on PostgreSQL

    fresh = await db.write(add)

Work must do nothing but use its connection: no clock, no randomness drawn inside, no network, no
lock, no commit. On SQLite it runs in a thread, and one that waits for anything else gets a TypeError.
What is given to `write` shares its transaction with other callers' work on SQLite, and may run more
than once on both databases. It lets database errors through: after one, only SQLite could go on.
When `write` returns, the work is durable.

Statements that run often are built once and given their values when executed: building one costs
more than executing it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Sleep
from bot.storage.engine.addresses import address, driver
from bot.storage.engine.group_commit import CommitTimed
from bot.storage.engine.remembered import Remembered
from bot.storage.tables.changes import CHANGED

if TYPE_CHECKING:  # a process loads the driver of one of the two
    from bot.storage.engine.hearing import Heard
    from bot.storage.engine.sqlite_backend import SharedFile

T = TypeVar("T")

DIALECTS = ("sqlite", "postgresql")
# Seconds; longer than the server lets a transaction be silent, so that what a process holds that stands still
# is waited for.
PATIENCE = 15.0


def insert(dialect: str, table: Table) -> sqlite.Insert:
    """An insert with `on_conflict_do_nothing` and `on_conflict_do_update` for the dialect in use.

    Both dialects have these two with the same arguments, so SQLite's type stands for both.
    """
    if dialect == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)


class Backend(Protocol):
    """What differs between the two databases. The methods are those of `Database`."""

    async def start(self) -> None: ...
    async def close(self) -> None: ...
    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T: ...
    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T: ...
    async def serialised(self, connection: AsyncConnection, name: str, patience: float) -> None: ...
    def shared(self) -> SharedFile | None: ...
    async def backup(self, path: Path) -> None: ...
    async def write_back(self) -> bool: ...
    async def listen(self, hears: Mapping[str, Heard]) -> None: ...


class Database:
    """An open database. Make one with `Database.open`. dialect: one of `DIALECTS`; remembered: what is read
    for every command."""

    def __init__(self, dialect: str, backend: Backend) -> None:
        self.dialect = dialect
        self._backend = backend
        self.remembered = Remembered(self.read)
        self._told_changes: list[Callable[[], None]] = []
        self._hears: dict[str, Heard] = {CHANGED: self._changed}

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        make: bool = True,
        sleep: Sleep = asyncio.sleep,
        committed: CommitTimed | None = None,
    ) -> Database:
        """Open the database that `storage.url` names, and check that it answers.

        make: make a SQLite file that is missing (mode 0600, its directory 0700), which is NotMigrated
        otherwise. Tables are not made: see `bot.storage.migrate`. ValueError for a URL of another kind;
        StorageUnavailable when it cannot be opened, or its driver is not installed. sleep: waits the given
        seconds. committed: told, from any thread, the seconds that each commit of a write took.
        """
        parsed = address(url)
        backend: Backend
        # Imported here, so that a process loads the driver of one of the two.
        if parsed.get_backend_name() == "sqlite":
            from bot.storage.engine.sqlite_backend import SqliteBackend

            backend = SqliteBackend(Path(str(parsed.database)), committed, make=make)
        else:
            with driver():
                from bot.storage.engine.postgres_backend import PostgresBackend

            backend = PostgresBackend(parsed, sleep, committed)
        await backend.start()
        return cls(parsed.get_backend_name(), backend)

    async def close(self) -> None:
        """Finish the writes that wait, then close every connection."""
        await self._backend.close()

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """The result of `work`, which only reads; everything it needs must be fetched inside.

        All its statements see the same moment. StorageUnavailable when the database cannot answer.
        """
        return await self._backend.read(work)

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """The result of `work`, once it is durable. See the module for what work may do.

        StorageUnavailable when the database cannot take it; whatever `work` raised otherwise, and
        then nothing of it is kept. A caller that is cancelled may find its work done all the same.
        """
        return await self._backend.write(work)

    async def change(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """`write`, for work that changes what is remembered: that holds in this process when it returns."""
        try:
            return await self.write(work)
        finally:  # also where it is not known whether it was saved
            self.remembered.forget()

    def when_changed(self, told: Callable[[], None]) -> None:
        """Have `told` called when any process may have changed what is counted in `changes`: while `listen`
        hears, and after it missed something."""
        self._told_changes.append(told)

    def _changed(self, number: str | None) -> None:
        self.remembered.changed(number)
        for told in self._told_changes:
            told()

    async def serialised(self, connection: AsyncConnection, name: str, patience: float = PATIENCE) -> None:
        """Let only one transaction at a time go on from here for this name.

        For a write that reads before it decides. SQLite has one writer anyway. StorageUnavailable where
        another one holds it for longer than `patience` seconds; from here on that also holds for other locks.
        """
        await self._backend.serialised(connection, name, patience)

    def shared(self) -> SharedFile | None:
        """Share the writing with another process of the bot, which opens what this says: from now on both
        take turns. None on PostgreSQL, whose transactions run beside each other."""
        return self._backend.shared()

    def hear(self, channel: str, heard: Heard) -> None:
        """Have `heard` told what is said on a channel, once `listen` has begun after this."""
        self._hears[channel] = heard

    async def listen(self) -> None:
        """Hear what other processes say for as long as a connection of its own lasts; StorageUnavailable when
        it cannot be made, or ends. See `bot.storage.engine.hearing`. Returns at once on SQLite, which tells
        nobody."""
        await self._backend.listen(self._hears)

    async def write_back(self) -> bool:
        """Have the log of commits written back to the SQLite file and emptied: what was deleted stands in it
        until then. False where somebody who reads or writes holds it back just now: to be tried again.

        True on PostgreSQL, which keeps its own log. StorageUnavailable where the disk does not take it.
        """
        return await self._backend.write_back()

    async def backup(self, path: Path) -> None:
        """Write a whole, consistent copy of the SQLite file to `path` while work goes on.

        FileExistsError when there is something already; StorageUnavailable when it does not fit;
        ValueError on PostgreSQL, which has its own tool.
        """
        await self._backend.backup(path)
