"""Pausing routes, and losing and regaining the places they lead to, inside a transaction of the caller.

A place is lost for every route that leads there, and regained for all of them. A route of which every
place is lost is paused with them, and goes on collecting; one that a person paused takes nothing until a
person lets it go on.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, TypeAlias

from sqlalchemy import select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.stored_texts import bounded
from bot.core.routes.route import Route
from bot.storage.intake.tenant_cursors import routed_upto
from bot.storage.relay import lane_steps
from bot.storage.relay.route_rows import is_route, load
from bot.storage.relay.route_versions import raise_version
from bot.storage.tables import route_places, routes

# Characters of a reason: it stands in an index.
_REASON = 500
# What pausing or resuming a route did: "same" when it was as it is now.
PauseChange: TypeAlias = Literal["gone", "same", "changed"]


async def pause(connection: AsyncConnection, route: Route, reason: str, now: float) -> PauseChange:
    """Take no more events into the route, as a person wants it. now: epoch seconds.

    Which event was the last that it could take is kept: those behind it are what it misses.
    """
    before = await _standing(connection, route)
    if before is None or (before.paused_reason is not None and before.paused_by_person):
        return "gone" if before is None else "same"
    tenant = route.destination.tenant
    values: dict[str, Any] = {
        "paused_reason": reason,
        "paused_by_person": True,
        "paused_at": now,
        "paused_after": await routed_upto(connection, tenant),
    }
    await connection.execute(update(routes).where(is_route(route)).values(**values))
    await raise_version(connection, tenant)
    return "changed"


async def is_paused_by_person(connection: AsyncConnection, route: Route) -> bool:
    """Whether a person has it paused, and nobody let it go on meanwhile. Others who would wait for this."""
    query = select(routes.c.paused_reason, routes.c.paused_by_person).where(is_route(route))
    row = (await connection.execute(query.with_for_update())).first()
    return row is not None and row.paused_reason is not None and bool(row.paused_by_person)


async def resume(
    connection: AsyncConnection, route: Route, still_lost: Collection[Destination] = ()
) -> PauseChange:
    """Take events again, and let go on what waits for its places, those that were lost too.

    still_lost: lost places that are known to be so still; what waits there goes on waiting. Wake the lanes of
    the others afterwards.
    """
    before = await _standing(connection, route)
    if before is None:
        return "gone"
    values: dict[str, Any] = {"paused_reason": None, "paused_at": None, "paused_after": None}
    reachable = [place for place in route.destinations if place not in still_lost]
    if not reachable:  # it collects, as one whose every place is lost
        reasons = [one.reason for one in route.lost] or [before.paused_reason]
        values |= {"paused_reason": reasons[0], "paused_by_person": False}
    await connection.execute(update(routes).where(is_route(route)).values(**values))
    await regain(connection, route.destination.tenant, [str(place) for place in reachable])
    return "same" if before.paused_reason is None else "changed"


async def lose(
    connection: AsyncConnection,
    place: Destination,
    reason: str,
    *,
    now: float,
    check_at: float,
    by_person: bool = False,
) -> tuple[Route, ...]:
    """Mark a place as lost for every route that leads there; the routes, as they were before.

    check_at: when it is to be looked at again; both in epoch seconds. by_person: somebody stopped it.
    """
    lane, reason = str(place), bounded(reason, _REASON)
    leads_there = select(route_places.c.route).where(route_places.c.lane == lane)
    before = await load(connection, routes.c.id.in_(leads_there))
    if not before:
        return ()
    await connection.execute(
        update(route_places)
        .where(route_places.c.lane == lane)
        .values(
            lost_reason=reason,
            last_failure=reason,
            lost_at=now,
            lost_by_person=by_person,
            check_at=check_at,
        )
    )
    reachable = select(route_places.c.route).where(route_places.c.lost_reason.is_(None))
    await connection.execute(
        update(routes)
        .where(
            routes.c.id.in_([standing.route.id for standing in before]),
            routes.c.paused_reason.is_(None),
            routes.c.id.not_in(reachable),
        )
        .values(paused_reason=reason, paused_by_person=False)
    )
    await raise_version(connection, place.tenant)
    return tuple(standing.route for standing in before)


async def regain(connection: AsyncConnection, tenant: TenantId, lanes: Collection[str]) -> None:
    """Let these places be written to again, and what waits for them go on. Wake the lanes afterwards."""
    here = route_places.c.lane.in_(lanes)
    await connection.execute(
        update(route_places)
        .where(here, route_places.c.lost_reason.is_not(None))
        .values(lost_reason=None, lost_at=None, lost_by_person=False, check_at=None)
    )
    lead_there = select(route_places.c.route).where(here)
    await connection.execute(
        update(routes)
        .where(
            routes.c.id.in_(lead_there),
            routes.c.paused_reason.is_not(None),
            routes.c.paused_by_person.is_not(true()),
        )
        .values(paused_reason=None, paused_by_person=True)
    )
    for lane in lanes:
        await lane_steps.unpark(connection, lane)
    await raise_version(connection, tenant)


async def _standing(connection: AsyncConnection, route: Route) -> Any:
    query = select(routes.c.paused_reason, routes.c.paused_by_person).where(is_route(route))
    return (await connection.execute(query)).first()
