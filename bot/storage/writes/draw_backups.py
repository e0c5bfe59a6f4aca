"""Which backups of a draw have moved up, and in whose place. A backup moves up once, whoever presses how
often, and nobody is replaced twice."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Actor
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.text.shortening import cut
from bot.core.x.draw_moves import Move
from bot.storage.engine.database import Database, insert
from bot.storage.tables import draw_backups


class DrawBackups:
    """Over the table of moved-up backups. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def moved(self, tenant: TenantId, draw: str) -> tuple[Move, ...]:
        """The backups of the draw that have moved up, in the order in which they were drawn."""
        query = (
            select(draw_backups)
            .where(draw_backups.c.tenant == str(tenant), draw_backups.c.draw == draw)
            .order_by(draw_backups.c.position)
        )

        async def work(connection: AsyncConnection) -> tuple[Move, ...]:
            return tuple(
                Move(row.position, row.replaces, row.moved_by, row.moved_by_name or "", row.moved_at)
                for row in await connection.execute(query)
            )

        return await self._database.read(work)

    async def move_up(
        self, tenant: TenantId, draw: str, position: int, by: Actor, replaces: str | None = None
    ) -> bool:
        """Take the `position`-th backup (from 1) into the place of somebody; False when that backup has
        moved up already, or that place was taken by another."""
        row = {
            "tenant": str(tenant),
            "draw": draw,
            "position": position,
            "replaces": replaces,
            "moved_by": by.id,
            "moved_by_name": cut(by.display_name, 120),
            "moved_at": self._clock(),
        }
        values = insert(self._database.dialect, draw_backups).values(row)
        statement = values.on_conflict_do_nothing().returning(draw_backups.c.position)

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(statement)).first() is not None

        return await self._database.write(work)
