"""What routes cost: what was spent for one, and the share of every monitor that it takes something of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes.watched import of_stored, share
from bot.storage.places.budget_uses import cost_between
from bot.storage.relay.route_rows import load
from bot.storage.tables import charges, routes

_C = charges.c


@dataclass(slots=True)
class RouteCost:
    """Of one route. credits: so far; count: charges and monitors; open: credits of charges that nobody has
    said yet."""

    credits: int = 0
    count: int = 0
    open: int = 0


async def costs_of_routes(
    connection: AsyncConnection, tenant: TenantId, since: float, until: float
) -> dict[str, RouteCost]:
    """By the ids of routes, from then until then (epoch seconds, not later than now).

    As budgets of routes count: a monitor counts for the route that it was started for, and with its share for
    every other that takes something of it, whoever started it; so they may come to more than was spent.
    """
    found: defaultdict[str, RouteCost] = defaultdict(RouteCost)
    mine = _C.tenant == str(tenant)
    waiting = case((_C.charged.is_(None), _C.reserved), else_=0)
    paid = func.sum(func.coalesce(_C.charged, _C.reserved))
    once = (
        select(_C.route, paid, func.count(), func.sum(waiting))
        .where(mine, _C.route != "", _C.hourly == 0, _C.at >= since, _C.at < until)
        .group_by(_C.route)
    )
    for route, *sums in await connection.execute(once):
        found[str(route)] = RouteCost(*map(int, sums))
    known = [one.route for one in await load(connection, routes.c.tenant == str(tenant))]
    runs = select(_C.hourly, _C.at, _C.ended_at, _C.route, _C.watched).where(
        mine, _C.hourly > 0, _C.at < until, or_(_C.ended_at.is_(None), _C.ended_at > since)
    )
    for price, at, ended_at, started_for, watched in await connection.execute(runs):
        sources, ended = of_stored(watched), until if ended_at is None else ended_at
        each = {one.id: share(price, sources, one) for one in known if one.id != started_for}
        if started_for:
            each[started_for] = price
        for route, hourly in each.items():
            if hourly and (cost := cost_between(hourly, at, ended, since, until)):
                found[route].credits += cost
                found[route].count += 1
    return dict(found)
