"""Group commit for SQLite: many callers, one writer, one durable commit for all who wait.

With `synchronous=FULL` a commit waits for the disk, and that wait, not the statements, is what a
small write costs. So one writer takes everything that is waiting, runs it in one transaction, and
answers each caller after the commit; what arrives meanwhile forms the next group. Where one piece
of work fails, the transaction is undone and the work runs again in parts, so that the others are
committed and only that caller gets its error. There are no savepoints: they cost every write what
only a failing one needs.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.storage.engine import sqlite_file
from bot.storage.engine.failures import SQLITE_FULL, sqlite_code, unavailable
from bot.storage.engine.in_thread import Handle, SqliteFile, finish
from bot.storage.engine.writing_turn import WritingTurn

Work: TypeAlias = Callable[[AsyncConnection], Awaitable[Any]]
"""What is done inside a transaction; it may run more than once."""
_Waiting: TypeAlias = tuple[Work, asyncio.Future[Any]]

# More than this in one transaction makes the first caller wait longer than the disk does.
GROUP_LIMIT = 256


class Committed(msgspec.Struct, frozen=True):
    """The work was committed; value: what it returned."""

    value: Any


class NotCommitted(msgspec.Struct, frozen=True):
    """The work was not committed, and why."""

    error: BaseException


CommitResult: TypeAlias = Committed | NotCommitted


class _PartFailedError(Exception):
    """A transaction was undone. at: which of its works raised; None when the commit itself did."""

    def __init__(self, at: int | None, error: BaseException) -> None:
        super().__init__(at)
        self.at = at
        self.error = error


CommitTimed: TypeAlias = Callable[[float], None]
"""Told how many seconds a commit took."""


class Transactions:
    """Runs groups of work in transactions of one connection. All of it happens in one thread."""

    def __init__(self, file: SqliteFile, committed: CommitTimed | None = None) -> None:
        """committed: told the seconds of each commit, in this thread."""
        self._file = file
        self._committed = committed
        self._handle: Handle | None = None
        # Taken before each transaction, where another process of the bot writes too.
        self.turn: WritingTurn | None = None

    def open(self) -> None:
        """Open the file now instead of at the first write; StorageUnavailable when it cannot be."""
        try:
            self._handle = self._file.connect()
            sqlite_file.forget_statistics(self._handle.raw)
        except Exception as error:
            failure = unavailable(error)
            if failure is None:
                raise
            raise failure from error

    def close(self) -> None:
        """Close the file; the next write opens it again."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()

    def run(self, works: Sequence[Work]) -> list[CommitResult]:
        """Commit the works, in order, in as few transactions as their failures allow."""
        outcomes: list[CommitResult] = [NotCommitted(RuntimeError("not run"))] * len(works)
        parts = deque([range(len(works))])
        while parts:
            part = parts.popleft()
            if not part:
                continue
            try:
                values = self._transaction([works[i] for i in part])
            except _PartFailedError as failure:
                if len(part) == 1:
                    outcomes[part[0]] = NotCommitted(_for_caller(failure.error))
                else:
                    parts.extendleft(reversed(_split(part, failure.at)))
            except Exception as error:
                # The database itself: everything that is left would only wait for the same.
                self.close()
                for i in (*part, *(i for later in parts for i in later)):
                    outcomes[i] = NotCommitted(_for_caller(error))
                break
            else:
                for i, value in zip(part, values, strict=True):
                    outcomes[i] = Committed(value)
        return outcomes

    def _transaction(self, works: Sequence[Work]) -> list[Any]:
        turn = self.turn
        if turn is None:
            return self._together(works)
        turn.take()
        try:
            return self._together(works)
        finally:
            turn.give_back()

    def _together(self, works: Sequence[Work]) -> list[Any]:
        if self._handle is None:
            self._handle = self._file.connect()
        handle = self._handle
        handle.begin("IMMEDIATE")
        values = []
        for at, work in enumerate(works):
            try:
                values.append(finish(partial(work, handle.connection)))
                if not handle.raw.in_transaction:
                    msg = "a write ended the transaction it shares with others"
                    raise RuntimeError(msg)
            except BaseException as error:
                _undo(handle, error)
                raise _PartFailedError(at, error) from error
        try:
            began = time.perf_counter()
            handle.commit()
            if self._committed is not None:
                self._committed(time.perf_counter() - began)
        except Exception as error:
            _undo(handle, error)
            raise _PartFailedError(None, error) from error
        return values


class GroupCommit:
    """The single writer of a SQLite file.

    Its thread takes what waits by itself. Asking the event loop between two transactions would keep the
    file idle for as long as the loop is busy.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._waiting: deque[_Waiting] = deque()
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-writer")
        # Whether the thread is at work, and will look at what waits once more before it rests.
        self._busy = False
        self._turn = threading.Lock()

    async def start(self) -> None:
        """Open the file and start writing; StorageUnavailable when it cannot be opened."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._transactions.open)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        self._loop = loop

    async def write(self, work: Work) -> Any:
        """The result of `work`, once it is on the disk.

        A caller cancelled before its work was taken leaves nothing behind; one cancelled later may
        find it committed.
        """
        if self._closing or self._loop is None:
            raise _closed()
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append((work, answer))
        with self._turn:
            idle, self._busy = not self._busy, True
        if idle:
            self._thread.submit(self._drain, self._loop)
        return await answer

    async def close(self) -> None:
        """Commit what is waiting, then close the file. A second time does nothing."""
        if self._closing:
            return
        self._closing = True
        # The thread comes to this when nothing waits any more.
        await asyncio.get_running_loop().run_in_executor(self._thread, self._transactions.close)
        self._thread.shutdown(wait=False)

    def _drain(self, loop: asyncio.AbstractEventLoop) -> None:
        """Commit group after group until nothing waits. In the thread."""
        while True:
            group = self._take()
            if group:
                outcomes = self._commit(group)
                # A loop that is closed has cancelled whoever waited in it.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(_give_all, group, outcomes)
                continue
            with self._turn:
                if not self._waiting:
                    self._busy = False
                    return

    def _commit(self, group: Sequence[_Waiting]) -> Sequence[CommitResult]:
        try:
            return self._transactions.run([work for work, _ in group])
        except Exception as error:
            # Whatever it was, it is these callers' answer, and the next group's turn.
            return [NotCommitted(error)] * len(group)

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        while self._waiting and len(group) < GROUP_LIMIT:
            work, answer = self._waiting.popleft()
            if not answer.done():  # cancelled while it waited
                group.append((work, answer))
        return group


def _undo(handle: Handle, error: BaseException) -> None:
    """Roll back; raises `error` itself when it is the database's own and no work is at fault."""
    handle.rollback()
    if sqlite_code(error) != SQLITE_FULL and unavailable(error) is not None:
        raise error


def _split(part: range, at: int | None) -> list[range]:
    """What to run again, in order: what came before the failure, it alone, what comes after."""
    if at is None:
        middle = len(part) // 2
        return [part[:middle], part[middle:]]
    return [part[:at], part[at : at + 1], part[at + 1 :]]


def _for_caller(error: BaseException) -> BaseException:
    """The error a caller gets: one of its own, since a traceback grows with each raising."""
    failure = unavailable(error)
    if failure is None:
        return error
    failure.__cause__ = error
    return failure


def _closed() -> StorageUnavailable:
    return StorageUnavailable("the database is closed", code="closed")


def _give_all(group: Sequence[_Waiting], outcomes: Sequence[CommitResult]) -> None:
    for (_, answer), outcome in zip(group, outcomes, strict=True):
        _give(answer, outcome)


def _give(answer: asyncio.Future[Any], outcome: CommitResult) -> None:
    if answer.done():  # cancelled while it was written
        return
    match outcome:
        case Committed(value):
            answer.set_result(value)
        case NotCommitted(error):
            if isinstance(error, StopIteration):
                error = RuntimeError("a write raised StopIteration")
            answer.set_exception(error)
