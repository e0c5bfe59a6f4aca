"""Small facts of the installation itself: the hash of the synced Discord commands, for one."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.tables import facts

_PUT = putting(facts)


class StoredKeyValues:
    """The stored facts, text by key. Keys that begin with "vault." belong to the vault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> str | None:
        """The value, None when there is none."""
        query = select(facts.c.value).where(facts.c.key == key)

        async def work(connection: AsyncConnection) -> str | None:
            return (await connection.execute(query)).scalar_one_or_none()

        return await self._database.read(work)

    async def put(self, key: str, value: str) -> None:
        """Store a value in place of the one before."""
        row = {"key": key, "value": value}
        await self._database.write(lambda c: c.execute(_PUT[self._database.dialect], row))

    async def forget(self, key: str) -> None:
        """Remove a fact, if it is there."""
        statement = delete(facts).where(facts.c.key == key)
        await self._database.write(lambda connection: connection.execute(statement))
