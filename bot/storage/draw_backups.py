"""Which backups of a draw have moved up. A backup moves up once, whoever presses how often."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ids import TenantId
from bot.storage.database import Database, insert
from bot.storage.tables import draw_backups


class DrawBackups:
    """Over the table of moved-up backups. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def moved(self, tenant: TenantId, draw: str) -> int:
        """How many backups of the draw have moved up."""

        async def work(connection: AsyncConnection) -> int:
            query = select(func.count()).where(
                draw_backups.c.tenant == str(tenant), draw_backups.c.draw == draw
            )
            return int((await connection.execute(query)).scalar_one())

        return await self._database.read(work)

    async def move_up(self, tenant: TenantId, draw: str, position: int, by: str) -> bool:
        """Take the `position`-th backup (from 1); False when it has been taken already."""
        now = self._clock()

        async def work(connection: AsyncConnection) -> bool:
            row = {
                "tenant": str(tenant),
                "draw": draw,
                "position": position,
                "moved_by": by,
                "moved_at": now,
            }
            values = insert(self._database.dialect, draw_backups).values(row)
            statement = values.on_conflict_do_nothing().returning(draw_backups.c.position)
            return (await connection.execute(statement)).first() is not None

        return await self._database.write(work)
