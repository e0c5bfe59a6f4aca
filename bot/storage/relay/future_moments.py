"""What waits for a moment that can no longer be believed, because the clock was wrong when it was set."""

from __future__ import annotations

from sqlalchemy import BindParameter, Float, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import PARKED, is_open
from bot.storage.tables import deliveries, events, held, rate_counters

# Events among which the one that was received last is looked for.
_LOOKED_AT = 1_000


async def let_go(db: Database, now: float, back: float) -> tuple[str, ...]:
    """Set right what a clock that was ahead has left: the lanes of messages that need wait no longer.

    A message that was tried before is due. What keeps to a schedule and was made by the wrong clock (it was
    made in the future) has all its moments moved back with the clock. What stands because its channel is
    gone, and what the right clock made, stays as it is. now: epoch seconds; back: seconds that the clock
    went back.
    """

    async def work(connection: AsyncConnection) -> tuple[str, ...]:
        values = {"now": now, "back": back}
        lanes = set((await connection.execute(_TRIED, values)).scalars())
        lanes.update((await connection.execute(_KEPT_TO_AN_HOUR, values)).scalars())
        for statement in _OF_SCHEDULES:
            await connection.execute(statement, values)
        return tuple(sorted(lanes))

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


_NOW: BindParameter[float] = bindparam("now", type_=Float)
_BACK: BindParameter[float] = bindparam("back", type_=Float)
_WAITS = is_open(deliveries) & (deliveries.c.not_before > _NOW) & (deliveries.c.not_before < PARKED)
_TRIED = (
    update(deliveries)
    .where(_WAITS, deliveries.c.attempts > 0)
    .values(not_before=0.0)
    .returning(deliveries.c.lane)
)
# When they were made is moved too, so that a second look finds nothing to move.
_KEPT_TO_AN_HOUR = (
    update(deliveries)
    .where(_WAITS, deliveries.c.attempts == 0, deliveries.c.created_at > _NOW)
    .values(not_before=deliveries.c.not_before - _BACK, created_at=deliveries.c.created_at - _BACK)
    .returning(deliveries.c.lane)
)
_OF_SCHEDULES = (
    update(held)
    .where(held.c.released_as.is_(None), held.c.created_at > _NOW)
    .values(due_at=held.c.due_at - _BACK, created_at=held.c.created_at - _BACK),
    update(rate_counters).where(rate_counters.c.window_began > _NOW).values(window_began=0.0, in_window=0),
    update(rate_counters)
    .where(rate_counters.c.next_at > _NOW + _BACK)
    .values(next_at=rate_counters.c.next_at - _BACK),
)
