"""A SQLite file in use: one writer that commits in groups, and readers beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.storage.engine import sqlite_file
from bot.storage.engine.failures import unavailable
from bot.storage.engine.group_commit import CommitTimed, GroupCommit, Transactions
from bot.storage.engine.in_thread import Handle, SqliteFile, finish
from bot.storage.engine.writing_turn import WritingTurn

if TYPE_CHECKING:  # the driver of PostgreSQL is not loaded for a file
    from bot.storage.engine.hearing import Heard

T = TypeVar("T")


class SharedFile(msgspec.Struct, frozen=True):
    """A file that another process of the bot writes too. settings: of its connection; turn: the file of
    turns."""

    path: Path
    settings: tuple[str, ...]
    turn: str


# Reads are short; more threads than this would only compete for the interpreter.
READERS = 4


class SqliteReaders:
    """Runs each read in one thread, on one connection, and so in one hop."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._idle: list[Handle] = []
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-reader")
        self._closed = False

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """The result of `work`, all of which sees the same moment of the database."""
        if self._closed:
            msg = "the database is closed"
            raise StorageUnavailable(msg, code="closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(self._run, work))
        except Exception as error:
            failure = unavailable(error)
            if failure is None:
                raise
            raise failure from error

    async def close(self) -> None:
        """Wait for the reads that run, then close their connections."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)
        while self._idle:
            self._idle.pop().close()

    def _run(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        try:
            handle = self._idle.pop()
        except IndexError:
            handle = self._file.connect()
        try:
            handle.begin("DEFERRED")
            value = finish(partial(work, handle.connection))
            handle.rollback()
        except BaseException as error:
            self._return_after(handle, error)
            raise
        self._idle.append(handle)
        return value

    def _return_after(self, handle: Handle, error: BaseException) -> None:
        try:
            handle.rollback()
        except Exception:
            handle.close()
            return
        if unavailable(error) is None:
            self._idle.append(handle)
        else:
            handle.close()


class SqliteBackend:
    """Reading, writing and copying one SQLite file."""

    def __init__(self, path: Path, committed: CommitTimed | None = None, *, make: bool = True) -> None:
        self._path = path
        self._make = make
        self._readers = SqliteReaders(SqliteFile(path, sqlite_file.READER))
        self._transactions = Transactions(SqliteFile(path, sqlite_file.WRITER), committed)
        self._writer = GroupCommit(self._transactions)

    async def start(self) -> None:
        """Make the file where that is wanted and open it; StorageUnavailable when that fails."""
        if self._make:
            sqlite_file.prepare(self._path)
        else:
            sqlite_file.expect(self._path)
        await self._writer.start()
        # SQLAlchemy prepares a pool at its first connection behind a lock that its threads would have
        # to await; taken once here, the first reads of a busy start cannot meet in it.
        await self._readers.read(_nothing)

    async def close(self) -> None:
        """Finish the writes that wait, then close every connection."""
        # The writer goes last: closing the last connection folds the log into the file.
        await self._readers.close()
        await self._writer.close()

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """See `Database.read`."""
        return await self._readers.read(work)

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """See `Database.write`."""
        result: Any = await self._writer.write(work)
        return cast("T", result)

    async def serialised(self, connection: AsyncConnection, name: str, patience: float) -> None:
        """Nothing to do: there is one writer."""

    def shared(self) -> SharedFile:
        """See `Database.shared`."""
        turn = WritingTurn.beside(self._path)
        if self._transactions.turn is None:
            self._transactions.turn = WritingTurn(turn)
        return SharedFile(self._path, tuple(sqlite_file.WRITER), turn)

    async def write_back(self) -> bool:
        """See `Database.write_back`."""
        return await asyncio.to_thread(sqlite_file.write_back, self._path)

    async def listen(self, hears: Mapping[str, Heard]) -> None:
        """Nobody tells anything through a file."""

    async def backup(self, path: Path) -> None:
        """See `Database.backup`."""
        await asyncio.to_thread(sqlite_file.copy, self._path, path)


async def _nothing(_connection: AsyncConnection) -> None:
    """Only opens a connection."""
