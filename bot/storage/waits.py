"""Messages that were tried and wait for a moment, where that moment can no longer be believed."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.deliveries import PARKED, is_open
from bot.storage.tables import deliveries, events

# Events among which the one that was received last is looked for.
_LOOKED_AT = 1_000


async def let_go(db: Database, now: float) -> tuple[str, ...]:
    """Make every message due that was tried before and waits; the lanes they are in.

    What stands because its channel is gone, and what waits for its first try (a digest, quiet hours),
    stays as it is. now: epoch seconds.
    """
    waits = is_open(deliveries) & (deliveries.c.not_before > now) & (deliveries.c.not_before < PARKED)
    query = (
        update(deliveries)
        .where(waits, deliveries.c.attempts > 0)
        .values(not_before=0.0)
        .returning(deliveries.c.lane)
    )

    async def work(connection: AsyncConnection) -> tuple[str, ...]:
        rows = await connection.execute(query)
        return tuple(sorted({row.lane for row in rows}))

    return await db.write(work)


async def last_receipt(db: Database) -> float:
    """The latest moment at which one of the newest events was received, by the clock of that time: epoch
    seconds, 0 without any.

    Not the newest event's alone: the clock may have been set right before that one came.
    """
    newest = select(events.c.received_at).order_by(events.c.id.desc()).limit(_LOOKED_AT).subquery()

    async def work(connection: AsyncConnection) -> float | None:
        found = await connection.execute(select(func.max(newest.c.received_at)))
        moment: float | None = found.scalar()
        return moment

    return await db.read(work) or 0.0
