"""The stored routes of tenants with their places, and the version of each tenant's set that caches go by."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, delete, func, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import Conflict
from bot.core.messages.message import msg
from bot.core.routes.route import Route
from bot.core.routes.route_status import RouteStatus
from bot.core.text.sameness import folded
from bot.storage.engine.database import Database, insert
from bot.storage.engine.in_thread import driver
from bot.storage.relay import lane_steps, pauses, rate_counters, route_room
from bot.storage.relay.account_names import holders
from bot.storage.relay.retiming import retime
from bot.storage.relay.route_rows import is_route, load, tenant_of, values_of
from bot.storage.relay.route_versions import raise_version
from bot.storage.tables import cursors, route_places, routes

T = TypeVar("T")

# Messages that wait when their route is removed are taken back, at most this many.
_DROP_LIMIT = 100_000
_VERSIONS = (
    "SELECT name, position FROM cursors WHERE name IN (SELECT value FROM json_each(?))"  # no message: SQL
)


class Routes:
    """Adds, changes and finds routes. Every change raises the tenant's version with it."""

    def __init__(self, db: Database, most: int = route_room.ROUTES) -> None:
        """most: routes of one tenant."""
        self._db = db
        self._most = most

    async def add(self, route: Route, now: float) -> None:
        """Store a new route; Conflict when the tenant has one of that name, or no room for it."""

        async def work(connection: AsyncConnection) -> None:
            await self._db.serialised(connection, f"routes:{tenant_of(route)}")
            await route_room.for_another(connection, route, self._most)
            await route_room.for_filters(connection, route)
            known = await _with_ids(connection, route)
            values = {**values_of(known), "created_at": now, "changed_at": now}
            await connection.execute(routes.insert().values(**values))
            await self._set_places(connection, route)
            await raise_version(connection, route.destination.tenant)

        await self._write_named(route, work)

    async def may_store(self, route: Route, *, new: bool) -> None:
        """Raise what `add` would of a new route, and `change` of another's name or too many filters; stores
        nothing, and keeps no room until then."""

        async def work(connection: AsyncConnection) -> bool:
            if new:
                await route_room.for_another(connection, route, self._most)
            await route_room.for_filters(connection, route)
            named = (routes.c.tenant == tenant_of(route)) & (routes.c.name == route.name)
            others = select(routes.c.id).where(named, routes.c.id != route.id)
            return (await connection.execute(others)).first() is not None

        if await self._db.read(work):
            raise _taken(route)

    async def change(self, route: Route, now: float) -> bool:
        """Store the route's new content under its id; False when it is no longer there. Raises as `add`,
        and Conflict when it was changed since `route.changed_at`: that change would be lost.

        How it did in places that it keeps stays as it was. What still waits for places that it leads to
        no more is taken back where no other route posts. What is held comes as its new timing says.
        """

        async def work(connection: AsyncConnection) -> bool:
            await self._db.serialised(connection, f"routes:{tenant_of(route)}")
            await route_room.for_filters(connection, route)
            values = {**values_of(await _with_ids(connection, route)), "changed_at": now}
            # One that was not read from here says nothing of when it was changed.
            known = routes.c.changed_at == route.changed_at if route.changed_at else true()
            result = await connection.execute(update(routes).where(is_route(route), known).values(**values))
            if result.rowcount != 1:
                return await self._refused_change(connection, route)
            for lane in await self._set_places(connection, route):
                await self._take_back(connection, lane, msg("the route no longer leads here"), now)
            await rate_counters.forget(connection, route.id)
            await retime(connection, route, now)
            await raise_version(connection, route.destination.tenant)
            return True

        return await self._write_named(route, work)

    async def _refused_change(self, connection: AsyncConnection, route: Route) -> bool:
        there = (await connection.execute(select(routes.c.id).where(is_route(route)))).first()
        if there is None:
            return False
        raise Conflict(
            msg(
                "The route {route} was changed by somebody else a moment ago; your change was not saved.",
                route=repr(route.name),
            ),
            remedy=msg("Look at it with `relay show`, and make your change again."),
        )

    async def remove(self, route: Route, now: float) -> bool:
        """Delete a route; False when it was gone already.

        What still waits for its places is taken back where no other route posts.
        """

        async def work(connection: AsyncConnection) -> bool:
            gone = await connection.execute(delete(routes).where(is_route(route)))
            lanes = await connection.execute(
                delete(route_places)
                .where(route_places.c.route == route.id, route_places.c.tenant == tenant_of(route))
                .returning(route_places.c.lane)
            )
            await rate_counters.forget(connection, route.id)
            for lane in sorted(row.lane for row in lanes):
                await self._take_back(connection, lane, msg("the route was removed"), now)
            await raise_version(connection, route.destination.tenant)
            return gone.rowcount == 1

        return await self._db.write(work)

    async def named(self, tenant: TenantId, name: str) -> Route | None:
        """The tenant's route with that name."""
        found = await self._standings((routes.c.tenant == str(tenant)) & (routes.c.name == name))
        return found[0].route if found else None

    async def get(self, tenant: TenantId, route: str) -> RouteStatus | None:
        """The tenant's route with that id, and how it does."""
        found = await self._standings((routes.c.tenant == str(tenant)) & (routes.c.id == route))
        return found[0] if found else None

    async def list(self, tenant: TenantId) -> tuple[RouteStatus, ...]:
        """All routes of the tenant, by name."""
        found = await self._standings(routes.c.tenant == str(tenant))
        return tuple(sorted(found, key=lambda standing: standing.route.name))

    async def of_tenant(self, tenant: TenantId) -> tuple[Route, ...]:
        """All routes of the tenant, oldest first."""
        return tuple(one.route for one in await self._standings(routes.c.tenant == str(tenant)))

    async def by_platform(self) -> Mapping[str, int]:
        """How many routes there are for each platform, by its name."""
        query = select(routes.c.tenant, func.count().label("routes")).group_by(routes.c.tenant)
        found: Counter[str] = Counter()
        for row in await self._rows(query):
            found[row.tenant.partition(":")[0]] += row.routes
        return found

    async def count(self, tenant: TenantId) -> int:
        """How many routes the tenant has."""
        query = select(func.count()).select_from(routes).where(routes.c.tenant == str(tenant))
        return int((await self._rows(query))[0][0])

    async def overlapping(self, route: Route) -> tuple[Route, ...]:
        """Other routes that bring some of the same events to one of the same places.

        The event is posted there once all the same; a person adding a route should be told.
        """
        lanes = {str(place) for place in route.destinations}
        others = await self.of_tenant(route.destination.tenant)
        near = [o for o in others if o.id != route.id and lanes & {str(p) for p in o.destinations}]
        return tuple(other for other in sorted(near, key=_name) if overlap(route, other))

    async def pause(self, route: Route, reason: str, now: float = 0.0) -> bool:
        """Take no more events into the route; False when it is gone. now: epoch seconds."""
        return await self._db.write(lambda c: pauses.pause(c, route, reason, now)) != "gone"

    async def resume(self, route: Route) -> bool:
        """See `bot.storage.relay.pauses.resume`; False when the route is gone."""
        return await self._db.write(lambda c: pauses.resume(c, route)) != "gone"

    async def versions(self, tenants: Sequence[str]) -> dict[str, int]:
        """How often each tenant's routes changed; a tenant that is missing never had one."""
        names = {f"routes:{tenant}": tenant for tenant in tenants}

        async def work(connection: AsyncConnection) -> list[tuple[str, int]]:
            raw = driver(connection)  # the router asks for every batch
            if raw is not None:
                return raw.execute(_VERSIONS, (json.dumps(list(names)),)).fetchall()
            query = select(cursors).where(cursors.c.name.in_(names))
            return [(row.name, row.position) for row in await connection.execute(query)]

        return {names[name]: position for name, position in await self._db.read(work)}

    async def _set_places(self, connection: AsyncConnection, route: Route) -> Sequence[str]:
        """Returns the lanes of places that it does not lead to any more."""
        wanted = {str(place): place for place in route.destinations}
        mine = (route_places.c.route == route.id) & (route_places.c.tenant == tenant_of(route))
        surplus = delete(route_places).where(mine, route_places.c.lane.not_in(wanted))
        gone = await connection.execute(surplus.returning(route_places.c.lane))
        lanes = sorted(row.lane for row in gone)
        for position, (lane, place) in enumerate(wanted.items()):
            new = insert(self._db.dialect, route_places).values(
                route=route.id,
                lane=lane,
                tenant=tenant_of(route),
                position=position,
                channel=place.channel,
                thread=place.thread,
            )
            await connection.execute(
                new.on_conflict_do_update(index_elements=["route", "lane"], set_={"position": position})
            )
        # Whoever leads a route to a place has seen that it can be written to.
        lost = route_places.c.lane.in_(wanted), route_places.c.lost_reason.is_not(None)
        await connection.execute(update(route_places).where(*lost).values(check_at=0.0))
        return lanes

    async def _take_back(self, connection: AsyncConnection, lane: str, reason: str, now: float) -> None:
        others = select(route_places.c.route).where(route_places.c.lane == lane).limit(1)
        if (await connection.execute(others)).first() is None:
            await lane_steps.drop_waiting(connection, lane, reason, now=now, limit=_DROP_LIMIT)
            # Nothing looks at the place any more: what else waits is decided by one more try.
            await lane_steps.unpark(connection, lane)

    async def _write_named(self, route: Route, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        try:
            return await self._db.write(work)
        except IntegrityError as error:
            raise _taken(route) from error

    async def _standings(self, condition: ColumnElement[bool]) -> Sequence[RouteStatus]:
        return await self._db.read(lambda connection: load(connection, condition))

    async def _rows(self, query: Any) -> Sequence[Row[Any]]:
        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            return (await connection.execute(query)).all()

        return await self._db.read(work)


async def _with_ids(connection: AsyncConnection, route: Route) -> Route:
    """The route with the ids of accounts that it names, where the tenant knows whose usernames they are."""
    behind = {one.name for one in route.followed}
    unknown = [name for name in (one.lstrip("@").lower() for one in route.accounts) if name not in behind]
    found = await holders(connection, tenant_of(route), unknown) if unknown else ()
    return replace(route, known=(*route.known, *found)) if found else route


def overlap(one: Route, other: Route) -> bool:
    """Whether some event may pass both routes, whatever they are paused for.

    Their filters are not compared: two routes that differ in those alone are said to overlap.
    """
    if one.types and other.types and not set(one.types) & set(other.types):
        return False
    if one.tweets and other.tweets and not set(one.tweets) & set(other.tweets):
        return False
    if not (one.accounts or one.keywords) or not (other.accounts or other.keywords):
        return True
    searches = [set(map(folded, route.keywords)) for route in (one, other)]
    accounts = [{*route.accounts, *(account.id for account in route.followed)} for route in (one, other)]
    return bool(accounts[0] & accounts[1] or searches[0] & searches[1])


def _taken(route: Route) -> Conflict:
    return Conflict(
        msg("There is a route called {route} already.", route=repr(route.name)),
        remedy=msg("Choose another name, or remove the old route first."),
    )


def _name(route: Route) -> str:
    return route.name
