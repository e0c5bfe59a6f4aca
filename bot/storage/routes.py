"""The stored routes of tenants, and the version of each tenant's set that caches go by."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Conflict
from bot.core.ids import Destination, TenantId
from bot.core.routes import Route
from bot.storage import lane_steps
from bot.storage.database import Database, insert
from bot.storage.tables import cursors, routes

T = TypeVar("T")

# Messages that wait when their route is removed are taken back, at most this many.
_DROP_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class RouteStanding:
    """A route and how it does. Times: epoch seconds."""

    route: Route
    created_at: float
    last_success_at: float | None
    last_failure: str | None


class Routes:
    """Adds, changes and finds routes. Every change raises the tenant's version with it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, route: Route, now: float) -> None:
        """Store a new route; Conflict when the tenant has one of that name."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(routes.insert().values(**_values(route), created_at=now))
            await self._changed(connection, route.destination.tenant)

        await self._write_named(route, work)

    async def change(self, route: Route) -> bool:
        """Store the route's new content under its id; False when it is no longer there."""

        async def work(connection: AsyncConnection) -> bool:
            result = await connection.execute(update(routes).where(_one(route)).values(**_values(route)))
            await self._changed(connection, route.destination.tenant)
            return result.rowcount == 1

        return await self._write_named(route, work)

    async def remove(self, route: Route, now: float) -> bool:
        """Delete a route; False when it was gone already.

        What still waits for its channel is taken back, unless another route posts there too.
        """
        lane = str(route.destination)

        async def work(connection: AsyncConnection) -> bool:
            gone = await connection.execute(delete(routes).where(_one(route)))
            await self._changed(connection, route.destination.tenant)
            others = select(routes.c.id).where(_to(route.destination)).limit(1)
            if (await connection.execute(others)).first() is None:
                reason = "the route was removed"
                await lane_steps.drop_waiting(connection, lane, reason, now=now, limit=_DROP_LIMIT)
            return gone.rowcount == 1

        return await self._db.write(work)

    async def named(self, tenant: TenantId, name: str) -> Route | None:
        """The tenant's route with that name."""
        query = select(routes).where(routes.c.tenant == str(tenant), routes.c.name == name)
        rows = await self._rows(query)
        return _route(rows[0]) if rows else None

    async def get(self, tenant: TenantId, route: str) -> RouteStanding | None:
        """The tenant's route with that id, and how it does."""
        query = select(routes).where(routes.c.tenant == str(tenant), routes.c.id == route)
        rows = await self._rows(query)
        return _standing(rows[0]) if rows else None

    async def list(self, tenant: TenantId) -> tuple[RouteStanding, ...]:
        """All routes of the tenant, by name."""
        query = select(routes).where(routes.c.tenant == str(tenant)).order_by(routes.c.name)
        return tuple(_standing(row) for row in await self._rows(query))

    async def of_tenant(self, tenant: TenantId) -> tuple[Route, ...]:
        """All routes of the tenant, oldest first."""
        query = select(routes).where(routes.c.tenant == str(tenant))
        rows = await self._rows(query.order_by(routes.c.created_at, routes.c.id))
        return tuple(_route(row) for row in rows)

    async def overlapping(self, route: Route) -> tuple[Route, ...]:
        """Other routes that bring some of the same events to the same place.

        The event is posted there once all the same; a person adding a route should be told.
        """
        query = select(routes).where(_to(route.destination), routes.c.id != route.id)
        others = (_route(row) for row in await self._rows(query.order_by(routes.c.name)))
        return tuple(other for other in others if overlap(route, other))

    async def pause(self, route: Route, reason: str) -> bool:
        """Take no more events into the route; False when it is gone."""
        return await self._set_paused(route, reason)

    async def resume(self, route: Route) -> bool:
        """Take events again, and let go on what waited for its channel; False when it is gone.

        Wake the lane `str(route.destination)` afterwards.
        """
        return await self._set_paused(route, None)

    async def versions(self, tenants: Sequence[str]) -> dict[str, int]:
        """How often each tenant's routes changed; a tenant that is missing never had one."""
        names = {f"routes:{tenant}": tenant for tenant in tenants}
        query = select(cursors).where(cursors.c.name.in_(names))
        return {names[row.name]: row.position for row in await self._rows(query)}

    async def pause_destination(
        self, connection: AsyncConnection, destination: Destination, reason: str
    ) -> tuple[Route, ...]:
        """Pause every route to a place that is gone, inside the caller's transaction.

        Returns the routes that lead there, as they were before.
        """
        found = await connection.execute(select(routes).where(_to(destination)))
        there = tuple(_route(row) for row in found)
        if there:
            await connection.execute(
                update(routes)
                .where(_to(destination), routes.c.paused_reason.is_(None))
                .values(paused_reason=reason, last_failure=reason)
            )
            await self._changed(connection, destination.tenant)
        return there

    async def _set_paused(self, route: Route, reason: str | None) -> bool:
        async def work(connection: AsyncConnection) -> bool:
            result = await connection.execute(update(routes).where(_one(route)).values(paused_reason=reason))
            await self._changed(connection, route.destination.tenant)
            if reason is None:
                await lane_steps.unpark(connection, str(route.destination))
            return result.rowcount == 1

        return await self._db.write(work)

    async def _changed(self, connection: AsyncConnection, tenant: TenantId) -> None:
        first = insert(self._db.dialect, cursors).values(name=f"routes:{tenant}", position=1)
        await connection.execute(
            first.on_conflict_do_update(index_elements=["name"], set_={"position": cursors.c.position + 1})
        )

    async def _write_named(self, route: Route, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        try:
            return await self._db.write(work)
        except IntegrityError as error:
            raise Conflict(
                f"There is a route called {route.name!r} already.",
                remedy="Choose another name, or remove the old route first.",
            ) from error

    async def _rows(self, query: Any) -> Sequence[Row[Any]]:
        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            return (await connection.execute(query)).all()

        return await self._db.read(work)


def overlap(one: Route, other: Route) -> bool:
    """Whether some event would pass both routes, whatever they are paused for."""
    if one.events and other.events and not set(one.events) & set(other.events):
        return False
    if not (one.accounts or one.keywords) or not (other.accounts or other.keywords):
        return True
    folded = [{" ".join(k.split()).casefold() for k in r.keywords} for r in (one, other)]
    return bool(set(one.accounts) & set(other.accounts) or folded[0] & folded[1])


def _one(route: Route) -> ColumnElement[bool]:
    return (routes.c.id == route.id) & (routes.c.tenant == str(route.destination.tenant))


def _to(destination: Destination) -> ColumnElement[bool]:
    return (
        (routes.c.tenant == str(destination.tenant))
        & (routes.c.channel == destination.channel)
        & routes.c.thread.is_not_distinct_from(destination.thread)
    )


def _values(route: Route) -> dict[str, Any]:
    return {
        "id": route.id,
        "tenant": str(route.destination.tenant),
        "name": route.name,
        "channel": route.destination.channel,
        "thread": route.destination.thread,
        "accounts": json.dumps([account.lstrip("@").lower() for account in route.accounts]),
        "keywords": json.dumps(route.keywords, ensure_ascii=False),
        "events": json.dumps(route.events),
        "paused_reason": route.paused_reason,
        "created_by": route.created_by,
    }


def _route(row: Row[Any]) -> Route:
    return Route(
        id=row.id,
        name=row.name,
        destination=Destination(TenantId.parse(row.tenant), row.channel, row.thread),
        accounts=tuple(json.loads(row.accounts)),
        keywords=tuple(json.loads(row.keywords)),
        events=tuple(json.loads(row.events)),
        paused_reason=row.paused_reason,
        created_by=row.created_by,
    )


def _standing(row: Row[Any]) -> RouteStanding:
    return RouteStanding(_route(row), row.created_at, row.last_success_at, row.last_failure)
