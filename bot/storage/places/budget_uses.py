"""How much of budgets is used, and what something to be spent would take of them: sums of charges."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import BigInteger, ColumnElement, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.commands.budgets import HOUR, Budget, BudgetScope, BudgetUse, Period, Spend
from bot.core.routes.route import Route
from bot.core.routes.watched import of_stored, share
from bot.storage.places.former_people import of_person
from bot.storage.places.timezones import chosen_zones
from bot.storage.relay.route_rows import load
from bot.storage.tables import budgets, charges, routes

_B = budgets.c
_C = charges.c


async def budgets_of(connection: AsyncConnection, tenant: TenantId) -> list[tuple[Budget, float]]:
    """All of a place, each with the mark of the period in which it was warned of."""
    query = select(budgets).where(_B.tenant == str(tenant)).order_by(_B.scope, _B.subject, _B.period)
    return [
        (Budget(BudgetScope(row.scope), row.subject, Period(row.period), row.credits), row.warned)
        for row in await connection.execute(query)
    ]


async def uses_of(
    connection: AsyncConnection, tenant: TenantId, found: Sequence[Budget], now: float
) -> tuple[BudgetUse, ...]:
    """How these stand. now: epoch seconds."""
    if not found:
        return ()
    zone = (await chosen_zones(connection, tenant, "")).place
    return tuple([await _use(connection, tenant, one, now, zone) for one in found])


async def counting_for(
    connection: AsyncConnection, spend: Spend, found: Sequence[tuple[Budget, float]]
) -> list[tuple[Budget, float, Spend]]:
    """Those of the budgets for which it counts, each with the part of it that does."""
    parts = []
    for budget, warned in found:
        part = spend
        if budget.scope is BudgetScope.ROUTE and budget.subject != spend.route:
            # Monitors feed other routes as well as the one that they are started for, if for any.
            if not spend.watched:
                continue
            route = await _route(connection, spend.tenant, budget)
            part = replace(spend, hourly=share(spend.hourly, spend.watched, route))
            if not part.hourly:
                continue
        elif not spend.falls_under(budget):
            continue
        parts.append((budget, warned, part))
    return parts


async def _route(connection: AsyncConnection, tenant: TenantId, budget: Budget) -> Route | None:
    mine = (routes.c.tenant == str(tenant)) & (routes.c.id == budget.subject)
    found = await load(connection, mine)
    return found[0].route if found else None


async def _use(
    connection: AsyncConnection, tenant: TenantId, budget: Budget, now: float, zone: str
) -> BudgetUse:
    begin, end = budget.period.bounds(now, zone)
    of = _of(tenant, budget)
    spent = select(func.coalesce(func.sum(func.coalesce(_C.charged, _C.reserved)), 0)).where(
        *of, _C.at >= begin, _C.hourly == 0
    )
    used = int((await connection.execute(spent)).scalar_one())
    by_route = budget.scope is BudgetScope.ROUTE
    mine = (_C.tenant == str(tenant),) if by_route else of
    runs = select(_C.hourly, _C.at, _C.ended_at, _C.route, _C.watched).where(
        *mine, _C.hourly > 0, or_(_C.ended_at.is_(None), _C.ended_at > begin)
    )
    route = await _route(connection, tenant, budget) if by_route else None
    foreseen = 0
    for price, at, ended_at, started_for, watched in await connection.execute(runs):
        other = by_route and started_for != budget.subject
        hourly = share(price, of_stored(watched), route) if other else price
        ran = cost_between(hourly, at, now if ended_at is None else ended_at, begin, now)
        used += ran
        if ended_at is None:
            foreseen += cost_between(hourly, at, end, begin, end) - ran
    return BudgetUse(budget, used, foreseen, end)


def _of(tenant: TenantId, budget: Budget) -> tuple[ColumnElement[bool], ...]:
    mine = _C.tenant == str(tenant)
    match budget.scope:
        case BudgetScope.PLACE:
            return (mine,)
        case BudgetScope.PERSON:
            return (mine, of_person(str(tenant), budget.subject))
        case BudgetScope.CHANNEL:
            return (mine, _C.channel == budget.subject)
        case BudgetScope.ROUTE:
            return (mine, _C.route == budget.subject)


def wanted_of(spend: Spend, use: BudgetUse, now: float) -> int:
    """What it takes of a budget: of what runs, until its end."""
    if spend.hourly:
        return cost_between(spend.hourly, now, use.until, now, use.until)
    return spend.credits


def cost_between(hourly: int, began: float, ended: float, since: float, until: float) -> int:
    """What of a running thing falls between two moments; every hour that begins counts."""
    seconds = min(ended, until) - max(began, since)
    return hourly * math.ceil(seconds / HOUR) if seconds > 0 else 0


def hours_of(since: float, now: float) -> ColumnElement[int]:
    """The hours of `cost_between`, as the database counts them: 0 and less of what did not run."""
    ended = func.coalesce(_C.ended_at, now)
    span = case((ended < now, ended), else_=now) - case((_C.at > since, _C.at), else_=since)
    # In whole milliseconds, since databases round differently; every hour that begins counts.
    return (cast(span * 1_000, BigInteger) + (3_600_000 - 1)) // 3_600_000
