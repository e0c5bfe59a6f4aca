"""The bot's side of its store process: starts it, hands it groups, and starts it again when it dies.

What it was handed and has not answered for when it dies is handed over once more. An event that was stored
all the same is then a duplicate of itself, and its nonce came with the same body: nothing is lost, and
nothing there twice.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from bot.core.errors import StorageUnavailable
from bot.storage.engine.failures import unavailable
from bot.storage.engine.group_commit import CommitTimed
from bot.storage.intake.store_messages import (
    RouteBatch,
    RoutedAnswer,
    StoreBegin,
    StoredGroup,
    StoreFailed,
    StoreGroup,
    asked_frame,
    begin_frame,
    read_answer,
)

_SCRIPT = str(Path(__file__).with_name("store_child.py"))
# Seconds in which a group has its answer: SQLite waits five for others, and the turn may take five.
_PATIENCE = 20.0
# How often a group is handed over. One that kills its reader must not do so for ever.
_TRIES = 4
# Seconds before it is started once more when it died at once.
_PAUSE = 0.2
_STOP_SECONDS = 5.0
# The rest of our environment may hold tokens, and is not its business.
_INHERITED = frozenset(
    {
        "PATH",
        "HOME",
        "LANG",
        "TZ",
        "TMPDIR",
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONUTF8",
        "PYTHONDONTWRITEBYTECODE",
    }
)
_SILENT = "the process that stores events does not answer"  # no message: Xquik reads it
_DYING = "the process that stores events ends again and again"  # no message: Xquik reads it
_STOPPED = "the process that stores events was stopped"  # no message: Xquik reads it
_NOT_STARTED = "the process that stores events cannot be started"  # no message: Xquik reads it
# Seconds for which /readyz waits for one that had failed.
_READY_PATIENCE = 2.0

_Answer: TypeAlias = StoredGroup | RoutedAnswer | StoreFailed
StartedAgain: TypeAlias = Callable[[int | None], None]
"""Told with which code the process had ended, when it is started again."""


class _LostError(Exception):
    """The process ended before it answered."""


class _Link(asyncio.Protocol):
    """The connection to one process. Answers come in the order of the groups."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.lost = False
        self.answered = False  # at least once
        self._due: deque[asyncio.Future[_Answer]] = deque()
        self._buffer = bytearray()
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It may be asked."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Give whoever waits longest the next answer."""
        buffer = self._buffer
        buffer += data
        while len(buffer) >= 4 and len(buffer) >= (end := 4 + int.from_bytes(buffer[:4], "big")):
            answer = read_answer(bytes(buffer[4:end]))
            del buffer[:end]
            self.answered = True
            due = self._due.popleft()
            if not due.done():
                due.set_result(answer)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Nobody gets an answer any more."""
        self.lost = True
        while self._due:
            due = self._due.popleft()
            if not due.done():
                due.set_exception(_LostError())

    def begin(self, begin: StoreBegin) -> None:
        """Say what it stores into."""
        self._transport.write(begin_frame(begin))

    def ask(self, asked: StoreGroup | RouteBatch) -> asyncio.Future[_Answer]:
        """Hand something over; _LostError in place of the answer when it cannot be had."""
        due: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        if self.lost:
            due.set_exception(_LostError())
            return due
        content = asked_frame(asked)
        self._due.append(due)
        self._transport.write(content)
        return due

    @property
    def waits(self) -> bool:
        """Whether an answer is due."""
        return bool(self._due)

    def hang_up(self) -> None:
        """Let it end."""
        if self._transport is not None:
            self._transport.close()


class StoreProcess:
    """The process that stores deliveries for this one; it is started when there are some.

    begin: what it opens. committed: told the seconds of each commit.
    """

    def __init__(self, begin: StoreBegin, committed: CommitTimed | None, started_again: StartedAgain) -> None:
        self._begin = begin
        self._committed = committed
        self._started_again = started_again
        self._link: _Link | None = None
        self._starting = asyncio.Lock()
        self._closed = False
        self._failing = False  # when it was asked last

    @property
    def pid(self) -> int | None:
        """Of the process, where it runs."""
        return self._link.process.pid if self._link is not None and not self._link.lost else None

    @property
    def answers(self) -> bool:
        """Whether the process that runs has answered for something."""
        return self.pid is not None and self._link is not None and self._link.answered

    @property
    def waits(self) -> bool:
        """Whether it was handed something that it has not answered for."""
        return self._link is not None and self._link.waits

    async def ready(self) -> bool:
        """Whether deliveries can be stored: the last ones were, or nothing at all can be now."""
        if not self._failing:
            return True
        try:
            async with asyncio.timeout(_READY_PATIENCE):
                await self.store(StoreGroup([], []))
        except (StorageUnavailable, sqlite3.Error, TimeoutError):
            return False
        return True

    async def store(self, group: StoreGroup) -> tuple[list[int], bool]:
        """The answers, once they are durable, and whether some may have been stored by a process that died.

        StorageUnavailable when the database cannot take it; the error of sqlite3 for what it refuses.
        """
        try:
            answer, again = await self._asked(group)
        except StorageUnavailable:
            self._failing = True
            raise
        self._failing = False
        if not isinstance(answer, StoredGroup):
            raise TypeError(answer)
        return answer.answers, again

    async def route(self, batch: RouteBatch) -> tuple[bool, bool]:
        """Whether the batch was stored, once that is durable, and whether a process that died may have done
        it before: then the cursor has moved. Errors as of `store`."""
        answer, again = await self._asked(batch)
        if not isinstance(answer, RoutedAnswer):
            raise TypeError(answer)
        return answer.moved, again

    async def _asked(self, asked: StoreGroup | RouteBatch) -> tuple[StoredGroup | RoutedAnswer, bool]:
        for tried in range(_TRIES):
            link = await self._linked()
            try:
                async with asyncio.timeout(_PATIENCE):
                    answer = await link.ask(asked)
            except _LostError:
                continue
            except TimeoutError:
                link.process.kill()
                raise _unavailable(_SILENT) from None
            if isinstance(answer, StoreFailed):
                raise _error(answer)
            if self._committed is not None:
                self._committed(answer.seconds)
            return answer, tried > 0
        raise _unavailable(_DYING)

    async def close(self) -> None:
        """End it, when it has answered for what it was handed."""
        self._closed = True
        async with self._starting:
            link, self._link = self._link, None
        if link is not None:
            link.hang_up()
            await asyncio.to_thread(_ended, link.process)

    async def _linked(self) -> _Link:
        async with self._starting:
            if self._closed:
                raise _unavailable(_STOPPED)
            link = self._link
            if link is None or link.lost:
                if link is not None:
                    link.process.kill()
                    self._started_again(await asyncio.to_thread(_ended, link.process))
                    if not link.answered:
                        await asyncio.sleep(_PAUSE)
                link = self._link = await self._start()
            return link

    async def _start(self) -> _Link:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            try:
                process = await asyncio.to_thread(_spawned, theirs.fileno())
            except OSError as error:
                raise _unavailable(_NOT_STARTED) from error
            ours.setblocking(False)
            loop = asyncio.get_running_loop()
            _, link = await loop.create_unix_connection(lambda: _Link(process), sock=ours.dup())
        link.begin(self._begin)
        return link


def _spawned(descriptor: int) -> subprocess.Popen[bytes]:
    """A process that serves that socket."""
    # -P: modules of the directory we happen to be in are none of ours. -S: it needs no library. A session of
    # its own: Ctrl-C in the terminal reaches us, and we stop in order.
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-P", "-S", _SCRIPT, str(descriptor)],
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=_environment(os.environ),
        start_new_session=True,
    )


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    """Wait until it has ended, and see to that."""
    with suppress(subprocess.TimeoutExpired):
        return process.wait(_STOP_SECONDS)
    process.kill()
    return process.wait()


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in own.items() if name in _INHERITED or name.startswith("LC_")}


def _error(failed: StoreFailed) -> Exception:
    kind = getattr(sqlite3, failed.kind, sqlite3.DatabaseError)
    error: sqlite3.Error = kind(failed.text)
    if failed.code is not None:
        error.sqlite_errorcode = failed.code
    failure = unavailable(error)
    if failure is None:
        return error
    failure.__cause__ = error
    return failure


def _unavailable(what: str) -> StorageUnavailable:
    return StorageUnavailable(what, code="storage")
