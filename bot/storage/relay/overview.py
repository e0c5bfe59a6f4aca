"""How the whole installation does: the figures that are read every few seconds, and the longest lanes.

Everything here is read from indexes of what is open, dead or lost, which are small when all is well;
sent messages are never looked at. Where something has piled up, counts end at a limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Row, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.routes.dead_letters import DeadLetters
from bot.core.routes.long_lanes import LongLane
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import PARKED, destination_of, is_open
from bot.storage.relay.replaying import count_dead
from bot.storage.tables import cursors, deliveries, events, route_places, router_lags, routes
from bot.storage.tables.deliveries import IN_OPEN

# Counts of waiting messages and dead letters end here, and lanes that are looked at one by one.
COUNT_LIMIT = 100_000
LANE_LIMIT = 50_000
# Waiting messages that are grouped by lane for a person who asks.
_GROUPED = 1_000_000


class Overview(msgspec.Struct, frozen=True):
    """backlog: messages that wait. lanes: places with one. oldest: when the message was made that has
    waited longest of those that should have been sent by now; None when there is none. dead: dead
    letters not replayed. paused_places: places that a route would lead to and that get nothing.
    unrouted: events behind the router's cursors. Times: epoch seconds."""

    backlog: int
    lanes: int
    oldest: float | None
    dead: int
    paused_places: int
    unrouted: int


async def overview(db: Database, now: float) -> Overview:
    """The figures at this moment."""

    async def work(connection: AsyncConnection) -> tuple[int, int, float | None, int, int]:
        waiting = (await connection.execute(_BACKLOG)).scalar_one()
        values = {"limit": LANE_LIMIT, "now": now, "parked": PARKED}
        heads = (await connection.execute(_HEADS, values)).one()
        paused = (await connection.execute(_PAUSED)).scalar_one()
        behind = (await connection.execute(_UNROUTED)).one()
        unrouted = max(0, behind.newest - (behind.position or 0)) + behind.passed
        return waiting, heads.lanes, heads.oldest, paused, unrouted

    waiting, lanes, oldest, paused, unrouted = await db.read(work)
    dead = await count_dead(db, DeadLetters(), COUNT_LIMIT)
    return Overview(waiting, lanes, oldest, dead, paused, unrouted)


async def longest_lanes(db: Database, limit: int) -> tuple[LongLane, ...]:
    """The lanes in which most waits, most first."""
    page = select(deliveries.c.lane, deliveries.c.id).where(is_open(deliveries)).limit(_GROUPED).subquery()
    count = func.count().label("waiting")
    grouped = (
        select(page.c.lane, count, func.min(page.c.id).label("head"))
        .group_by(page.c.lane)
        .order_by(count.desc(), page.c.lane)
        .limit(limit)
        .subquery()
    )
    query = (
        select(deliveries, grouped.c.waiting)
        .join(grouped, grouped.c.head == deliveries.c.id)
        .order_by(grouped.c.waiting.desc(), deliveries.c.lane)
    )

    async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
        return rows

    return tuple(_long_lane(row) for row in await db.read(work))


def _long_lane(row: Row[Any]) -> LongLane:
    place = destination_of(row)
    if place.thread is not None and not row.lane.startswith(str(place)):
        place = replace(place, thread=None)  # this message goes into a thread of the lane's place
    return LongLane(
        lane=row.lane,
        destination=place,
        waiting=row.waiting,
        oldest=row.created_at,
        not_before=row.not_before,
        attempts=row.attempts,
        error=row.error or "",
        stands=row.not_before >= PARKED,
    )


_BACKLOG = select(func.count()).select_from(
    select(deliveries.c.id).where(is_open(deliveries)).limit(COUNT_LIMIT).subquery()
)
# One step into the index of open rows for each lane, then its head. What waits behind a head that stands
# is nobody's fault but the channel's; a head that was tried and is to be tried again counts, though it is
# not due for the moment; one that is kept for later on purpose (quiet hours) does not.
_HEADS = text(
    "WITH RECURSIVE found(lane) AS ("  # noqa: S608 - our own text only
    f" SELECT min(lane) FROM deliveries WHERE state IN ({IN_OPEN})"
    " UNION ALL"
    " SELECT (SELECT min(d.lane) FROM deliveries d"
    f"  WHERE d.lane > found.lane AND d.state IN ({IN_OPEN}))"
    " FROM found WHERE found.lane IS NOT NULL"
    "), heads(id) AS ("
    " SELECT (SELECT min(d.id) FROM deliveries d"
    f"  WHERE d.lane = names.lane AND d.state IN ({IN_OPEN}))"
    " FROM (SELECT lane FROM found WHERE lane IS NOT NULL LIMIT :limit) AS names"
    ") SELECT count(*) AS lanes,"
    " min(CASE WHEN d.not_before < :parked AND (d.not_before <= :now OR d.attempts > 0)"
    "  THEN d.created_at END) AS oldest"
    " FROM heads JOIN deliveries d ON d.id = heads.id"
)
_PAUSED = select(func.count(route_places.c.lane.distinct())).where(
    or_(
        route_places.c.lost_reason.is_not(None),
        route_places.c.route.in_(select(routes.c.id).where(routes.c.paused_reason.is_not(None))),
    )
)
# Of tenants that lag behind the common cursor.
_PASSED = select(events.c.id).join(
    router_lags,
    (router_lags.c.tenant == events.c.tenant)
    & (events.c.id > router_lags.c.position)
    & (events.c.id <= router_lags.c.upto),
)
_UNROUTED = select(
    select(func.coalesce(func.max(events.c.id), 0)).scalar_subquery().label("newest"),
    select(cursors.c.position).where(cursors.c.name == "router").scalar_subquery().label("position"),
    select(func.count()).select_from(_PASSED.limit(COUNT_LIMIT).subquery()).scalar_subquery().label("passed"),
)
