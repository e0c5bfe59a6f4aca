"""Platforms deliver some payloads more than once; whoever claims an id first handles it."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Clock
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding
from bot.storage.tables import claims

_CLAIM = adding(claims)
# The width of the column; a longer id is claimed by its hash.
_WIDTH = 200


class StoredClaims:
    """The stored claims. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def claim(self, scope: str, id: str) -> bool:
        """True for the first who asks, of all processes; False for everyone after.

        scope: what kind of id ("slack.event").
        """
        row = {"scope": scope, "id": _fitting(id), "claimed_at": self._clock()}

        async def work(connection: AsyncConnection) -> bool:
            result = await connection.execute(_CLAIM[self._database.dialect], row)
            return result.rowcount == 1

        return await self._database.write(work)

    async def claimed(self, scope: str, id: str) -> bool:
        """Whether somebody has."""
        query = select(claims.c.id).where(claims.c.scope == scope, claims.c.id == _fitting(id))

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(query)).first() is not None

        return await self._database.read(work)


def _fitting(id: str) -> str:
    return id if len(id) <= _WIDTH else f"sha256:{sha256(id.encode()).hexdigest()}"
