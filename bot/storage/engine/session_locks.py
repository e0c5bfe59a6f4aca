"""Many locks of one process on PostgreSQL, by name, on one connection that does nothing else.

    locks = SessionLocks(url, "xquik-bot discord", lost=let_go)
    if await locks.take("shard 3"):
        …                                # and before each step that counts: locks.holds("shard 3")
        await locks.give_back("shard 3")

They are advisory locks of the connection: the server gives them all back when it ends. As for the relay's
lock (`session_lock`) it ends by itself when its process says nothing for a while, and a process that has not
heard from the server says itself that it holds nothing, well before that; at once, where the server has
ended the connection.

Where the connection breaks a new one is made and the locks are taken again: what nobody took meanwhile was
never lost. What somebody did is told to `lost`; to a process that stood still, as soon as it goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import Any, Final, TypeAlias

from sqlalchemy import URL, Row, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import BigInteger

from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.stores import LockSession
from bot.core.tasks import cancelled, whole
from bot.storage.engine.hanging_up import HungUp, always, hung_up
from bot.storage.engine.lone_connection import hang_up, lone_engine, process_name, unreachable
from bot.storage.engine.session_lock import LockTimes, since_boot

Lost: TypeAlias = Callable[[Collection[str]], None]
"""Told at once which locks are gone; must be quick and never raise."""

FORMER_RELAY: Final = "the relay of a version that shares no lanes"
"""A name: the lock that such a version holds while it relays, and sends by itself."""
_FORMER_RELAY: Final = 7_823_415_002


def _over(keys: str) -> TextClause:
    return text(keys).bindparams(bindparam("keys", type_=ARRAY(BigInteger)))


_TAKE = _over("SELECT key, pg_try_advisory_lock(key) AS ours FROM unnest(:keys) AS key")
_JOIN = _over("SELECT key, pg_try_advisory_lock_shared(key) AS ours FROM unnest(:keys) AS key")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:key)")
_LEAVE = text("SELECT pg_advisory_unlock_shared(:key)")
_LIMIT = text(
    "SELECT pg_backend_pid(), CASE WHEN current_setting('server_version_num')::int >= 140000"
    " THEN set_config('idle_session_timeout', :limit, false) END"
)
_HELD = _over(
    "SELECT (l.classid::bigint << 32) | l.objid::bigint AS key, a.pid, a.application_name AS name,"
    " extract(epoch FROM a.backend_start) AS since"
    " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND (l.classid::bigint << 32) | l.objid::bigint = ANY(:keys)"
    " ORDER BY a.pid"
)
# A connection of ours that was cut on the way: the server has not heard of it yet.
_END_FORMER = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = :name AND pid <> pg_backend_pid() AND datname = current_database()"
)
_ALIVE = text("SELECT 1")


def key_of(name: str) -> int:
    """The number under which the server knows a lock of that name: 64 bits, with a sign."""
    if name == FORMER_RELAY:
        return _FORMER_RELAY
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


class SessionLocks:
    """A `bot.core.stores.SharedLocks`; see the module. url: as `bot.storage.engine.addresses.address` makes
    it. program: what the process is called on the server."""

    def __init__(
        self,
        url: URL,
        program: str,
        times: LockTimes | None = None,
        *,
        lost: Lost = lambda _names: None,
        monotonic: Monotonic = since_boot,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._times = times or LockTimes()
        self.lost: Lost = lost
        self._monotonic = monotonic
        self._sleep = sleep
        self._name = process_name(program)
        self._engine = lone_engine(url, self._name)
        self._connection: AsyncConnection | None = None
        self._hung_up: HungUp = always
        self._turn = asyncio.Lock()
        self._own: set[str] = set()
        self._joined: set[str] = set()
        self._until = float("-inf")
        self._beating: asyncio.Task[None] | None = None
        self._number: int | None = None

    @property
    def number(self) -> int | None:
        """See `SharedLocks`."""
        return self._number

    async def take(self, name: str) -> bool:
        """See `SharedLocks`."""
        return await whole(self._took(_TAKE, self._own, name))

    async def join(self, name: str) -> bool:
        """See `SharedLocks`."""
        return await whole(self._took(_JOIN, self._joined, name))

    async def give_back(self, name: str) -> None:
        """See `SharedLocks`. Where the server cannot be reached it gets it back with the connection."""
        with suppress(StorageUnavailable):
            await whole(self._gave_back(name))

    def holds(self, name: str) -> bool:
        """See `SharedLocks`."""
        known = name in self._own | self._joined and self._monotonic() < self._until
        return known and not self._hung_up()

    async def prove(self, name: str) -> bool:
        """See `SharedLocks`."""
        with suppress(StorageUnavailable):
            await whole(self._asked(_ALIVE))
        await whole(self._asked(_ALIVE))  # else over a connection made now
        return name in self._own | self._joined

    async def held(self, names: Collection[str]) -> Mapping[str, Sequence[LockSession]]:
        """See `SharedLocks`."""
        by_key = {key_of(name): name for name in names}
        found: dict[str, list[LockSession]] = {name: [] for name in names}
        for row in await whole(self._asked(_HELD, keys=list(by_key))):
            since = float(row.since) if row.since is not None else None
            found[by_key[row.key]].append(LockSession(row.pid, row.name or "", since))
        return found

    async def close(self) -> None:
        """Give all of them back, and disconnect."""
        self._own.clear()
        self._joined.clear()
        self._until = float("-inf")
        if self._beating is not None:
            await cancelled([self._beating])
            self._beating = None
        async with self._turn:
            await self._disconnect()
        await self._engine.dispose()

    # None of these breaks off when who asked is cancelled: that would end the connection, and every lock.
    async def _asked(self, statement: TextClause, **values: Any) -> Sequence[Row[Any]]:
        async with self._turn:
            return await self._ask(statement, values)

    async def _gave_back(self, name: str) -> None:
        async with self._turn:
            for names, statement in ((self._own, _GIVE_BACK), (self._joined, _LEAVE)):
                if name in names:
                    names.discard(name)
                    await self._ask(statement, {"key": key_of(name)})

    async def _took(self, statement: TextClause, names: set[str], name: str) -> bool:
        async with self._turn:
            if name in names and self._connection is not None:
                return True
            rows = await self._ask(statement, {"keys": [key_of(name)]})
            if not rows[0].ours:
                return False
            names.add(name)
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat(), name="session-locks")
        return True

    async def _ask(self, statement: TextClause, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """One question, over a new connection where there is none. The caller has the turn."""
        try:
            async with asyncio.timeout(self._times.answer):
                connection = self._connection or await self._connect()
                asked = self._monotonic()
                rows = (await connection.execute(statement, values)).all()
        except BaseException as error:
            # Also when cancelled: what the server then does with the question nobody knows.
            self._until = float("-inf")
            await self._disconnect()
            if isinstance(error, (SQLAlchemyError, OSError, TimeoutError)):
                raise unreachable(error) from error
            raise
        self._until = asked + self._times.certain
        return rows

    async def _connect(self) -> AsyncConnection:
        """A connection that has all our locks which nobody else took meanwhile."""
        self._connection = connection = await self._engine.connect()
        self._hung_up = await hung_up(connection)
        limit = {"limit": f"{round(self._times.limit * 1000)}ms"}
        self._number = (await connection.execute(_LIMIT, limit)).scalar_one()
        if gone := await self._taken_by_others(connection):
            self._forget(gone)
        return connection

    async def _taken_by_others(self, connection: AsyncConnection) -> set[str]:
        if not (self._own or self._joined):
            return set()
        await connection.execute(_END_FORMER, {"name": self._name})
        gone = await self._again(connection)
        for _ in range(3):
            if not gone:
                break
            await self._sleep(self._times.again)  # until the former connection has ended
            gone = await self._again(connection, gone)
        return gone

    async def _again(self, connection: AsyncConnection, only: Collection[str] | None = None) -> set[str]:
        gone: set[str] = set()
        for names, statement in ((self._own, _TAKE), (self._joined, _JOIN)):
            by_key = {key_of(name): name for name in names if only is None or name in only}
            if by_key:
                rows = await connection.execute(statement, {"keys": list(by_key)})
                gone |= {by_key[row.key] for row in rows if not row.ours}
        return gone

    async def _beat(self) -> None:
        """Prove again and again that they are ours."""
        pause = self._times.beat
        while True:
            await self._sleep(pause)
            try:
                await whole(self._asked(_ALIVE))
                pause = self._times.beat
            except Exception:  # whatever it was: without proof nothing counts
                pause = self._times.again

    def _forget(self, names: Collection[str]) -> None:
        gone = frozenset(names)
        self._own -= gone
        self._joined -= gone
        if gone:
            self.lost(gone)

    async def _disconnect(self) -> None:
        connection, self._connection, self._number = self._connection, None, None
        self._hung_up = always
        await hang_up(connection, self._times.answer)
