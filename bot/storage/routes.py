"""The stored routes of tenants with their places, and the version of each tenant's set that caches go by."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Row, delete, func, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import route_json
from bot.core.errors import Conflict
from bot.core.ids import Destination, TenantId
from bot.core.routes import LostPlace, Route
from bot.storage import lane_steps, route_room, tempo
from bot.storage.database import Database, insert
from bot.storage.in_thread import driver
from bot.storage.retiming import retime
from bot.storage.tables import cursors, route_places, routes

T = TypeVar("T")

# Messages that wait when their route is removed are taken back, at most this many.
_DROP_LIMIT = 100_000
# What pausing or resuming a route did: "same" when it was as it is now.
PauseChange: TypeAlias = Literal["gone", "same", "changed"]
UNREADABLE = "its stored settings cannot be read"


@dataclass(frozen=True, slots=True)
class PlaceStanding:
    """A place of a route and how it does there. last_success_at: epoch seconds."""

    destination: Destination
    lost_reason: str | None
    last_success_at: float | None
    last_failure: str | None


@dataclass(frozen=True, slots=True)
class RouteStanding:
    """A route and how it does, in all and place by place. Times: epoch seconds."""

    route: Route
    created_at: float
    places: tuple[PlaceStanding, ...]

    @property
    def last_success_at(self) -> float | None:
        """When a message of it last arrived anywhere."""
        return max((p.last_success_at for p in self.places if p.last_success_at is not None), default=None)

    @property
    def last_failure(self) -> str | None:
        """The failure of its first place that has one."""
        return next((place.last_failure for place in self.places if place.last_failure), None)


_VERSIONS = "SELECT name, position FROM cursors WHERE name IN (SELECT value FROM json_each(?))"


class Routes:
    """Adds, changes and finds routes. Every change raises the tenant's version with it."""

    def __init__(self, db: Database, most: int = route_room.ROUTES) -> None:
        """most: routes of one tenant."""
        self._db = db
        self._most = most

    async def add(self, route: Route, now: float) -> None:
        """Store a new route; Conflict when the tenant has one of that name, or no room for it."""

        async def work(connection: AsyncConnection) -> None:
            await self._db.serialised(connection, f"routes:{_tenant(route)}")
            await route_room.for_another(connection, route, self._most)
            await route_room.for_filters(connection, route)
            values = {**_values(route), "created_at": now, "changed_at": now}
            await connection.execute(routes.insert().values(**values))
            await self._set_places(connection, route)
            await self.changed(connection, route.destination.tenant)

        await self._write_named(route, work)

    async def change(self, route: Route, now: float) -> bool:
        """Store the route's new content under its id; False when it is no longer there. Raises as `add`,
        and Conflict when it was changed since `route.changed_at`: that change would be lost.

        How it did in places that it keeps stays as it was. What still waits for places that it leads to
        no more is taken back where no other route posts. What is held comes as its new timing says.
        """

        async def work(connection: AsyncConnection) -> bool:
            await self._db.serialised(connection, f"routes:{_tenant(route)}")
            await route_room.for_filters(connection, route)
            values = {**_values(route), "changed_at": now}
            # One that was not read from here says nothing of when it was changed.
            known = routes.c.changed_at == route.changed_at if route.changed_at else true()
            result = await connection.execute(update(routes).where(_one(route), known).values(**values))
            if result.rowcount != 1:
                return await self._refused_change(connection, route)
            for lane in await self._set_places(connection, route):
                await self._take_back(connection, lane, "the route leads here no more", now)
            await tempo.forget(connection, route.id)
            await retime(connection, route, now)
            await self.changed(connection, route.destination.tenant)
            return True

        return await self._write_named(route, work)

    async def _refused_change(self, connection: AsyncConnection, route: Route) -> bool:
        there = (await connection.execute(select(routes.c.id).where(_one(route)))).first()
        if there is None:
            return False
        raise Conflict(
            f"The route {route.name!r} was changed by somebody else a moment ago; nothing was changed now.",
            remedy="Look at it with relay show, and change what is still to be changed.",
        )

    async def remove(self, route: Route, now: float) -> bool:
        """Delete a route; False when it was gone already.

        What still waits for its places is taken back where no other route posts.
        """

        async def work(connection: AsyncConnection) -> bool:
            gone = await connection.execute(delete(routes).where(_one(route)))
            lanes = await connection.execute(
                delete(route_places)
                .where(route_places.c.route == route.id, route_places.c.tenant == _tenant(route))
                .returning(route_places.c.lane)
            )
            await tempo.forget(connection, route.id)
            for lane in sorted(row.lane for row in lanes):
                await self._take_back(connection, lane, "the route was removed", now)
            await self.changed(connection, route.destination.tenant)
            return gone.rowcount == 1

        return await self._db.write(work)

    async def named(self, tenant: TenantId, name: str) -> Route | None:
        """The tenant's route with that name."""
        found = await self._standings((routes.c.tenant == str(tenant)) & (routes.c.name == name))
        return found[0].route if found else None

    async def get(self, tenant: TenantId, route: str) -> RouteStanding | None:
        """The tenant's route with that id, and how it does."""
        found = await self._standings((routes.c.tenant == str(tenant)) & (routes.c.id == route))
        return found[0] if found else None

    async def list(self, tenant: TenantId) -> tuple[RouteStanding, ...]:
        """All routes of the tenant, by name."""
        found = await self._standings(routes.c.tenant == str(tenant))
        return tuple(sorted(found, key=lambda standing: standing.route.name))

    async def of_tenant(self, tenant: TenantId) -> tuple[Route, ...]:
        """All routes of the tenant, oldest first."""
        return tuple(one.route for one in await self._standings(routes.c.tenant == str(tenant)))

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

    async def pause(self, route: Route, reason: str) -> bool:
        """Take no more events into the route; False when it is gone."""
        return await self._set_paused(route, reason)

    async def resume(self, route: Route) -> bool:
        """Take events again, and let go on what waited for its places; False when the route is gone.

        Wake the lanes of its destinations afterwards.
        """
        return await self._set_paused(route, None)

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

    async def pause_destination(
        self, connection: AsyncConnection, destination: Destination, reason: str
    ) -> tuple[Route, ...]:
        """Mark a place as lost for every route that leads there, inside the caller's transaction.

        A route that has no other place left is paused with it. Returns the routes, as they were before.
        """
        lane = str(destination)
        leads_there = select(route_places.c.route).where(route_places.c.lane == lane)
        before = await _load(connection, routes.c.id.in_(leads_there))
        if not before:
            return ()
        await connection.execute(
            update(route_places)
            .where(route_places.c.lane == lane)
            .values(lost_reason=reason, last_failure=reason)
        )
        reachable = select(route_places.c.route).where(route_places.c.lost_reason.is_(None))
        await connection.execute(
            update(routes)
            .where(
                routes.c.id.in_([standing.route.id for standing in before]),
                routes.c.paused_reason.is_(None),
                routes.c.id.not_in(reachable),
            )
            .values(paused_reason=reason)
        )
        await self.changed(connection, destination.tenant)
        return tuple(standing.route for standing in before)

    async def changed(self, connection: AsyncConnection, tenant: TenantId) -> None:
        """Raise the tenant's version, inside the transaction that changes what routing goes by."""
        first = insert(self._db.dialect, cursors).values(name=f"routes:{tenant}", position=1)
        await connection.execute(
            first.on_conflict_do_update(index_elements=["name"], set_={"position": cursors.c.position + 1})
        )

    async def set_paused(self, connection: AsyncConnection, route: Route, reason: str | None) -> PauseChange:
        """`pause`, or with None `resume`, inside the caller's transaction."""
        before = (await connection.execute(select(routes.c.paused_reason).where(_one(route)))).first()
        if before is None:
            return "gone"
        await connection.execute(update(routes).where(_one(route)).values(paused_reason=reason))
        await self.changed(connection, route.destination.tenant)
        if reason is None:
            await connection.execute(
                update(route_places)
                .where(route_places.c.route == route.id, route_places.c.tenant == _tenant(route))
                .values(lost_reason=None)
            )
            for place in route.destinations:
                await lane_steps.unpark(connection, str(place))
        return "same" if (before.paused_reason is None) == (reason is None) else "changed"

    async def _set_paused(self, route: Route, reason: str | None) -> bool:
        return await self._db.write(lambda c: self.set_paused(c, route, reason)) != "gone"

    async def _set_places(self, connection: AsyncConnection, route: Route) -> Sequence[str]:
        """Returns the lanes of places that it does not lead to any more."""
        wanted = {str(place): place for place in route.destinations}
        mine = (route_places.c.route == route.id) & (route_places.c.tenant == _tenant(route))
        surplus = delete(route_places).where(mine, route_places.c.lane.not_in(wanted))
        gone = await connection.execute(surplus.returning(route_places.c.lane))
        lanes = sorted(row.lane for row in gone)
        for position, (lane, place) in enumerate(wanted.items()):
            new = insert(self._db.dialect, route_places).values(
                route=route.id,
                lane=lane,
                tenant=_tenant(route),
                position=position,
                channel=place.channel,
                thread=place.thread,
            )
            await connection.execute(
                new.on_conflict_do_update(index_elements=["route", "lane"], set_={"position": position})
            )
        return lanes

    async def _take_back(self, connection: AsyncConnection, lane: str, reason: str, now: float) -> None:
        others = select(route_places.c.route).where(route_places.c.lane == lane).limit(1)
        if (await connection.execute(others)).first() is None:
            await lane_steps.drop_waiting(connection, lane, reason, now=now, limit=_DROP_LIMIT)

    async def _write_named(self, route: Route, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        try:
            return await self._db.write(work)
        except IntegrityError as error:
            raise Conflict(
                f"There is a route called {route.name!r} already.",
                remedy="Choose another name, or remove the old route first.",
            ) from error

    async def _standings(self, condition: ColumnElement[bool]) -> Sequence[RouteStanding]:
        return await self._db.read(lambda connection: _load(connection, condition))

    async def _rows(self, query: Any) -> Sequence[Row[Any]]:
        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            return (await connection.execute(query)).all()

        return await self._db.read(work)


def overlap(one: Route, other: Route) -> bool:
    """Whether some event may pass both routes, whatever they are paused for.

    Their filters are not compared: two routes that differ in those alone are said to overlap.
    """
    if one.events and other.events and not set(one.events) & set(other.events):
        return False
    if not (one.accounts or one.keywords) or not (other.accounts or other.keywords):
        return True
    folded = [{" ".join(k.split()).casefold() for k in r.keywords} for r in (one, other)]
    return bool(set(one.accounts) & set(other.accounts) or folded[0] & folded[1])


async def _load(connection: AsyncConnection, condition: ColumnElement[bool]) -> Sequence[RouteStanding]:
    """Routes with their places, oldest first."""
    query = select(routes).where(condition).order_by(routes.c.created_at, routes.c.id)
    found = (await connection.execute(query)).all()
    wanted = select(route_places).where(route_places.c.route.in_(select(routes.c.id).where(condition)))
    places: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for place in await connection.execute(wanted.order_by(route_places.c.position)):
        places[place.route].append(place)
    return [_standing(row, places[row.id]) for row in found if places[row.id]]


def _one(route: Route) -> ColumnElement[bool]:
    return (routes.c.id == route.id) & (routes.c.tenant == _tenant(route))


def _tenant(route: Route) -> str:
    return str(route.destination.tenant)


def _name(route: Route) -> str:
    return route.name


def _values(route: Route) -> dict[str, Any]:
    return {
        "id": route.id,
        "tenant": _tenant(route),
        "name": route.name,
        "accounts": json.dumps([account.lstrip("@").lower() for account in route.accounts]),
        "keywords": json.dumps(route.keywords, ensure_ascii=False),
        "events": json.dumps(route.events),
        "settings": route_json.encode(route),
        "paused_reason": route.paused_reason,
        "created_by": route.created_by,
    }


def _standing(row: Row[Any], places: Iterable[Row[Any]]) -> RouteStanding:
    tenant = TenantId.parse(row.tenant)
    standing = tuple(
        PlaceStanding(
            Destination(tenant, place.channel, place.thread),
            place.lost_reason,
            place.last_success_at,
            place.last_failure,
        )
        for place in places
    )
    return RouteStanding(_route(row, standing), row.created_at, standing)


def _route(row: Row[Any], places: Sequence[PlaceStanding]) -> Route:
    route = Route(
        id=row.id,
        name=row.name,
        destination=places[0].destination,
        also=tuple(place.destination for place in places[1:]),
        lost=tuple(
            LostPlace(place.destination, place.lost_reason)
            for place in places
            if place.lost_reason is not None
        ),
        paused_reason=row.paused_reason,
        created_by=row.created_by,
        changed_at=row.changed_at,
    )
    try:
        known = replace(
            route,
            accounts=tuple(json.loads(row.accounts)),
            keywords=tuple(json.loads(row.keywords)),
            events=tuple(json.loads(row.events)),
        )
        return route_json.decode(row.settings, known)
    except (ValueError, TypeError):
        # One damaged row must stop neither the tenant's other routes nor the router.
        return replace(route, paused_reason=route.paused_reason or UNREADABLE)
