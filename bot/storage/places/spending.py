"""What a place says of spending credits: above how many it is asked first."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.commands.cost import ASK_ABOVE
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.tables import spending

_PUT = putting(spending)


class StoredSpending:
    """Implements `bot.core.ports.Spending`. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def chosen(self, tenant: TenantId) -> int | None:
        """Credits, as somebody set them; None where nobody did."""
        query = select(spending.c.ask_above).where(spending.c.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> int | None:
            return (await connection.execute(query)).scalar_one_or_none()

        return await self._db.read(work)

    async def threshold(self, tenant: TenantId) -> int:
        """Credits above which it is asked before they are spent."""
        chosen = await self.chosen(tenant)
        return ASK_ABOVE if chosen is None else chosen

    async def put(self, tenant: TenantId, ask_above: int) -> None:
        """Set it. ask_above: credits, from 1."""
        row = {"tenant": str(tenant), "ask_above": ask_above, "set_at": self._clock()}

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(_PUT[self._db.dialect], row)

        await self._db.write(work)

    async def remove(self, tenant: TenantId) -> None:
        """Take it back: the usual number counts again."""
        statement = delete(spending).where(spending.c.tenant == str(tenant))
        await self._db.write(lambda connection: connection.execute(statement))
