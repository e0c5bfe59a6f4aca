"""Stopping what goes to one place, and letting it go on, whatever routes lead there.

A place that is stopped gets no new messages; what waits for it, and what comes for it meanwhile, stays
where it is until a person lets it go on. A message that is being sent at that moment still goes out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination
from bot.core.routes.deliveries import DeliveryState
from bot.storage.engine.database import Database
from bot.storage.relay import pauses
from bot.storage.relay.deliveries import PARKED, is_open
from bot.storage.relay.lost_places import CHECK_EVERY
from bot.storage.tables import deliveries, route_places

Also: TypeAlias = Callable[[AsyncConnection], Awaitable[object]]
"""Done besides, inside the same transaction."""


async def pause_place(
    db: Database, place: Destination, reason: str, also: Also | None = None, *, now: float = 0.0
) -> int:
    """Stop a place; how many routes lead there. A lane without a route (cards of our own) stops too.

    also: done in the same transaction where that changed something. now: epoch seconds.
    """

    async def work(connection: AsyncConnection) -> int:
        led_there = await pauses.lose(
            connection, place, reason, now=now, check_at=now + CHECK_EVERY, by_person=True
        )
        if also is not None and any(place in route.open_destinations for route in led_there):
            await also(connection)
        await _put_off(connection, str(place), reason)
        return len(led_there)

    return await db.write(work)


async def resume_place(db: Database, place: Destination, also: Also | None = None) -> int:
    """Let a place go on; how many routes lead there. Wake its lane (`str(place)`) afterwards.

    A route that was paused because this was the last place it could reach goes on with it; one that
    somebody paused by hand stays paused. also: done before, in the same transaction, where the place was
    stopped.
    """
    here = route_places.c.lane == str(place)

    async def work(connection: AsyncConnection) -> int:
        stopped = select(route_places.c.route).where(here, route_places.c.lost_reason.is_not(None)).limit(1)
        if also is not None and (await connection.execute(stopped)).first() is not None:
            await also(connection)
        await pauses.regain(connection, place.tenant, [str(place)])
        led_there = select(func.count()).select_from(route_places).where(here)
        return int((await connection.execute(led_there)).scalar_one())

    return await db.write(work)


async def _put_off(connection: AsyncConnection, lane: str, reason: str) -> None:
    """Only the first that waits: nothing behind it goes before it does."""
    first = select(func.min(deliveries.c.id)).where(
        deliveries.c.lane == lane, is_open(deliveries), deliveries.c.state == DeliveryState.WAITING
    )
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id == first.scalar_subquery())
        .values(not_before=PARKED, error=reason)
    )
