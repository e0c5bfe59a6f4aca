"""The relay's lock on PostgreSQL: an advisory lock of a connection that does nothing else.

The server gives it back when the connection ends. Of a process that is stopped, or whose machine is
gone, it hears nothing, so the connection has a time limit of its own (`idle_session_timeout`, since
PostgreSQL 14) and is used every few seconds. A process that has not heard from the server for a while
says itself that it does not hold the lock, well before the server could give it to another one; at once,
where the server has ended the connection.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import URL, Row, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.tasks import cancelled
from bot.storage.engine.hanging_up import HungUp, always, hung_up
from bot.storage.engine.lock_holder import LockHolder
from bot.storage.engine.lone_connection import hang_up, lone_engine, process_name, unreachable
from bot.storage.engine.poolers import refuse_poolers

# Any number, the same for all who relay; versions that shared no lanes had the one before it.
_KEY = 7_823_415_003
_PROGRAM = "xquik-bot relay"
_TAKE = text("SELECT pg_try_advisory_lock(:key)")
_LIMIT = text(
    "SELECT CASE WHEN current_setting('server_version_num')::int >= 140000"
    " THEN set_config('idle_session_timeout', :limit, false) END"
)
_WHO = text(
    "SELECT a.pid, a.application_name, extract(epoch FROM a.backend_start) AS since"
    " FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    " AND l.classid = CAST(:high AS oid) AND l.objid = CAST(:low AS oid)"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_PARTS = {"high": _KEY >> 32, "low": _KEY & 0xFFFFFFFF}
_END = text("SELECT pg_terminate_backend(:pid)")
_ALIVE = text("SELECT 1")
_NOBODY = LockHolder(None, "", None)


class LockTimes(msgspec.Struct, frozen=True):
    """Seconds. limit: after which the server ends a connection that says nothing. certain: for which an
    answer proves that the lock is ours; the rest of `limit` is left to messages that are under way.
    beat: between two questions. answer: that one may take. again: between two tries to get it back."""

    limit: float = 60.0
    certain: float = 20.0
    beat: float = 5.0
    answer: float = 10.0
    again: float = 1.0


def since_boot() -> float:
    """A clock that nobody sets, and that goes on while the machine sleeps where there is such a one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SessionLock:
    """Implements `bot.storage.engine.lock_holder.RelayLock`. url: as `bot.storage.engine.addresses.address`
    makes it."""

    def __init__(
        self,
        url: URL,
        times: LockTimes | None = None,
        *,
        monotonic: Monotonic = since_boot,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._url = url
        self._times = times or LockTimes()
        self._monotonic = monotonic
        self._sleep = sleep
        self._name = process_name(_PROGRAM)
        self._engine = lone_engine(url, self._name)
        self._own_session = False
        self._connection: AsyncConnection | None = None
        self._beating: asyncio.Task[None] | None = None
        self._hung_up: HungUp = always
        self._until = float("-inf")
        self.taken_over = asyncio.Event()
        self.holder: LockHolder | None = None

    async def take(self) -> LockHolder | None:
        """See `RelayLock`."""
        if self._beating is not None:
            return None
        if not self._own_session:
            # A pooler's session would keep the lock after us, and nobody could take it any more.
            await refuse_poolers(self._url)
            self._own_session = True
        holder = await self._tried()
        if holder is _NOBODY:
            holder = await self._tried()
        if holder is None:
            self._beating = asyncio.create_task(self._beat(), name="relay-lock")
        return holder

    async def who(self) -> LockHolder | None:
        """See `RelayLock`."""
        try:
            async with asyncio.timeout(self._times.answer), self._engine.connect() as connection:
                found = (await connection.execute(_WHO, _PARTS)).first()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise unreachable(error) from error
        return None if found is None else _of(found)

    def holds(self) -> bool:
        """See `RelayLock`."""
        return self._monotonic() < self._until and not self._hung_up()

    async def release(self) -> None:
        """See `RelayLock`."""
        self._until = float("-inf")
        if self._beating is not None:
            await cancelled([self._beating])
            self._beating = None
        await self._disconnect()
        await self._engine.dispose()

    async def _tried(self) -> LockHolder | None:
        """One try; the connection stays open for the next one."""
        try:
            async with asyncio.timeout(self._times.answer):
                return await self._ask()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            await self._disconnect()
            raise unreachable(error) from error

    async def _ask(self) -> LockHolder | None:
        if self._connection is None:
            self._connection = await self._engine.connect()
            self._hung_up = await hung_up(self._connection)
            await self._connection.execute(_LIMIT, {"limit": f"{round(self._times.limit * 1000)}ms"})
        asked = self._monotonic()
        if (await self._connection.execute(_TAKE, {"key": _KEY})).scalar_one():
            self._until = asked + self._times.certain
            return None
        found = await self._connection.execute(_WHO, _PARTS)
        row = found.first()
        if row is None:
            return _NOBODY  # it was given back between the two questions
        if row.application_name == self._name:
            # A connection of ours that was cut on the way; the server has not heard of it yet.
            await self._connection.execute(_END, {"pid": row.pid})
            return _NOBODY
        return _of(row)

    async def _beat(self) -> None:
        """Prove again and again that it is ours; once it is not, try to get it back."""
        while True:
            await self._sleep(self._times.beat)
            asked = self._monotonic()
            try:
                async with asyncio.timeout(self._times.answer):
                    assert self._connection is not None  # noqa: S101 - `take` made it
                    await self._connection.execute(_ALIVE)
                self._until = asked + self._times.certain
            except Exception:  # whatever it was: without proof the lock does not count
                self._until = float("-inf")
                await self._disconnect()
                if not await self._back():
                    return

    async def _back(self) -> bool:
        """Whether it is ours again; False once somebody else has it. Waits while nobody can say."""
        while True:
            with suppress(StorageUnavailable):
                holder = await self._tried()
                if holder is None:
                    return True
                if holder is not _NOBODY:
                    self.holder = holder
                    self.taken_over.set()
                    return False
            await self._sleep(self._times.again)

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        self._hung_up = always
        await hang_up(connection, self._times.answer)


def _of(row: Row[Any]) -> LockHolder:
    return _holder(row.application_name or "", float(row.since) if row.since is not None else None)


def _holder(name: str, since: float | None) -> LockHolder:
    """Who a connection's name speaks of."""
    if not name.startswith(_PROGRAM):
        return LockHolder(None, "", since)
    where = name.removeprefix(_PROGRAM).split()
    host, _, pid = where[0].rpartition(":") if where else ("", "", "")
    return LockHolder(int(pid) if pid.isdigit() else None, host, since)
