"""Platforms deliver some payloads more than once; whoever claims an id first handles it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

from cachetools import LRUCache
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable
from bot.core.tasks import TaskSet
from bot.storage.engine.database import Database
from bot.storage.engine.in_thread import driver
from bot.storage.engine.statements import adding
from bot.storage.tables import claims

_CLAIM = adding(claims)
# The same on the connection of sqlite3 itself: SQLAlchemy takes ten times as long over it.
_CLAIM_SQLITE: Final = (
    "INSERT INTO claims (scope, id, claimed_at)"  # no message: SQL
    " VALUES (:scope, :id, :claimed_at) ON CONFLICT DO NOTHING"
)
# The width of the column; a longer id is claimed by its hash.
_WIDTH = 200
# Ids that were claimed without waiting; platforms repeat what they sent within minutes.
_HELD: Final = 5_000
# Seconds until claims that nobody waits for are stored, all of them in one transaction; and how many wait
# at most while the database is away.
SOON: Final = 0.5
_WAITING: Final = 1_000
# Seconds that the last of them get when the process ends.
_LAST: Final = 5.0


class StoredClaims:
    """The stored claims. clock: epoch seconds; soon: see `SOON`."""

    def __init__(self, database: Database, clock: Clock, *, soon: float = SOON) -> None:
        self._database = database
        self._clock = clock
        self._soon = soon
        self._held: LRUCache[tuple[str, str], bool] = LRUCache(_HELD)
        self._waiting: list[dict[str, Any]] = []
        self._storing = TaskSet()
        self._timer: asyncio.TimerHandle | None = None

    async def claim(self, scope: str, id: str, *, durably: bool = True) -> bool:
        """True for the first who asks, of all processes; False for everyone after.

        scope: what kind of id ("slack.interaction"). durably: False where doing it twice would be harmless:
        then nobody waits for the disk, and another process may not know of it for `SOON` seconds.
        StorageUnavailable where it is to be durable and cannot be.
        """
        key = (scope, _fitting(id))
        row = {"scope": scope, "id": key[1], "claimed_at": self._clock()}
        if key in self._held:
            return False
        if durably:
            return await self._database.write(lambda connection: self._first(connection, row))
        self._held[key] = True
        self._waiting.append(row)
        if len(self._waiting) == 1:
            self._timer = asyncio.get_running_loop().call_later(self._soon, self._store_soon)
        return True

    async def claimed(self, scope: str, id: str) -> bool:
        """Whether somebody has, and it is stored."""
        query = select(claims.c.id).where(claims.c.scope == scope, claims.c.id == _fitting(id))

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(query)).first() is not None

        return await self._database.read(work)

    async def close(self) -> None:
        """Store what waits for that, while the database is still open. Nothing is claimed any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._store_soon()
        await self._storing.close(_LAST)

    async def _first(self, connection: AsyncConnection, row: dict[str, Any]) -> bool:
        plain = driver(connection)
        if plain is not None:
            return plain.execute(_CLAIM_SQLITE, row).rowcount == 1
        result = await connection.execute(_CLAIM[self._database.dialect], row)
        return result.rowcount == 1

    def _store_soon(self) -> None:
        rows, self._waiting, self._timer = self._waiting[-_WAITING:], [], None
        self._storing.start(self._store(rows), "claims")

    async def _store(self, rows: list[dict[str, Any]]) -> None:
        async def work(connection: AsyncConnection) -> None:
            await connection.execute(_CLAIM[self._database.dialect], rows)

        # What is not stored may be done again, which is harmless.
        with suppress(StorageUnavailable):
            await self._database.write(work)


def _fitting(id: str) -> str:
    return id if len(id) <= _WIDTH else f"sha256:{sha256(id.encode()).hexdigest()}"
