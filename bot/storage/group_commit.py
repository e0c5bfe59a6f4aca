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
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.storage.failures import SQLITE_FULL, sqlite_code, unavailable
from bot.storage.in_thread import InThreadConnection, engine_in_thread, finish

Work: TypeAlias = Callable[[AsyncConnection], Awaitable[Any]]

# More than this in one transaction makes the first caller wait longer than the disk does.
GROUP_LIMIT = 256


@dataclass(frozen=True, slots=True)
class Done:
    """The work was committed; value: what it returned."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The work was not committed, and why."""

    error: BaseException


Outcome: TypeAlias = Done | Failed


class _PartFailedError(Exception):
    """A transaction was undone. at: which of its works raised; None when the commit itself did."""

    def __init__(self, at: int | None, error: BaseException) -> None:
        super().__init__(at)
        self.at = at
        self.error = error


class Transactions:
    """Runs groups of work in transactions of one connection. All of it happens in one thread."""

    def __init__(self, connect: Callable[[], InThreadConnection]) -> None:
        self._connect = connect
        self._engine = engine_in_thread(self._opened)
        self._raw: InThreadConnection | None = None
        self._connection: AsyncConnection | None = None

    def open(self) -> None:
        """Open the file now instead of at the first write; StorageUnavailable when it cannot be."""
        try:
            self._ready()
        except Exception as error:
            self.close()
            failure = unavailable(error)
            if failure is None:
                raise
            raise failure from error

    def close(self) -> None:
        """Close the file; the next write opens it again."""
        connection, raw = self._connection, self._raw
        self._connection = self._raw = None
        # What cannot be closed properly any more is dropped with what it had not committed.
        if connection is not None:
            with suppress(Exception):
                finish(connection.close)
        if raw is not None:
            with suppress(Exception):
                raw.stop()

    def run(self, works: Sequence[Work]) -> list[Outcome]:
        """Commit the works, in order, in as few transactions as their failures allow."""
        outcomes: list[Outcome] = [Failed(RuntimeError("not run"))] * len(works)
        parts = deque([range(len(works))])
        while parts:
            part = parts.popleft()
            if not part:
                continue
            try:
                values = self._transaction([works[i] for i in part])
            except _PartFailedError as failure:
                if len(part) == 1:
                    outcomes[part[0]] = Failed(_for_caller(failure.error))
                else:
                    parts.extendleft(reversed(_split(part, failure.at)))
            except Exception as error:
                # The database itself: everything that is left would only wait for the same.
                self.close()
                for i in (*part, *(i for later in parts for i in later)):
                    outcomes[i] = Failed(_for_caller(error))
                break
            else:
                for i, value in zip(part, values, strict=True):
                    outcomes[i] = Done(value)
        return outcomes

    def _opened(self) -> InThreadConnection:
        self._raw = self._connect()
        return self._raw

    def _ready(self) -> tuple[AsyncConnection, InThreadConnection]:
        if self._connection is None:
            connection = self._engine.connect()
            finish(connection.start)
            self._connection = connection
        assert self._raw is not None  # noqa: S101 - start() called _opened()
        return self._connection, self._raw

    def _transaction(self, works: Sequence[Work]) -> list[Any]:
        connection, raw = self._ready()
        raw.raw.execute("BEGIN IMMEDIATE")
        values = []
        for at, work in enumerate(works):
            try:
                values.append(finish(lambda work=work: work(connection)))  # type: ignore[misc] # mypy cannot infer a lambda with a default
                if not raw.raw.in_transaction:
                    msg = "a write ended the transaction it shares with others"
                    raise RuntimeError(msg)
            except BaseException as error:
                self._undo(connection, error)
                raise _PartFailedError(at, error) from error
        try:
            finish(connection.commit)
        except Exception as error:
            self._undo(connection, error)
            raise _PartFailedError(None, error) from error
        return values

    def _undo(self, connection: AsyncConnection, error: BaseException) -> None:
        """Roll back; raises `error` itself when it is the database's own and no work is at fault."""
        finish(connection.rollback)
        if sqlite_code(error) != SQLITE_FULL and unavailable(error) is not None:
            raise error


class GroupCommit:
    """The single writer of a SQLite file."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._waiting: deque[tuple[Work, asyncio.Future[Any]]] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-writer")
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the file and start writing; StorageUnavailable when it cannot be opened."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._transactions.open)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        self._task = loop.create_task(self._write(), name="sqlite-writer")

    async def write(self, work: Work) -> Any:
        """The result of `work`, once it is on the disk.

        A caller cancelled before its work was taken leaves nothing behind; one cancelled later may
        find it committed.
        """
        if self._closing or self._task is None:
            msg = "the database is closed"
            raise StorageUnavailable(msg, code="closed")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, answer))
        self._arrived.set()
        return await answer

    async def close(self) -> None:
        """Commit what is waiting, then close the file."""
        self._closing = True
        self._arrived.set()
        if self._task is not None:
            await self._task
        await asyncio.get_running_loop().run_in_executor(self._thread, self._transactions.close)
        self._thread.shutdown(wait=False)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting or not self._closing:
            if not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            group = self._take()
            if not group:
                continue
            works = [work for work, _ in group]
            outcomes = await loop.run_in_executor(self._thread, self._transactions.run, works)
            for (_, answer), outcome in zip(group, outcomes, strict=True):
                _give(answer, outcome)

    def _take(self) -> list[tuple[Work, asyncio.Future[Any]]]:
        group: list[tuple[Work, asyncio.Future[Any]]] = []
        while self._waiting and len(group) < GROUP_LIMIT:
            work, answer = self._waiting.popleft()
            if not answer.done():  # cancelled while it waited
                group.append((work, answer))
        return group


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


def _give(answer: asyncio.Future[Any], outcome: Outcome) -> None:
    if answer.done():  # cancelled while it was written
        return
    match outcome:
        case Done(value):
            answer.set_result(value)
        case Failed(error):
            if isinstance(error, StopIteration):
                error = RuntimeError("a write raised StopIteration")
            answer.set_exception(error)
