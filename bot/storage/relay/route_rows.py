"""The rows of routes and of their places, and what they say."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.messages.message import msg
from bot.core.routes import route_json
from bot.core.routes.account_names import KnownAccount
from bot.core.routes.appearance import Threading
from bot.core.routes.route import LostPlace, Route
from bot.core.routes.route_status import PlaceStatus, RouteStatus
from bot.storage.relay.account_names import ids_of, ids_text, known
from bot.storage.tables import route_places, routes

UNREADABLE = msg("its stored settings cannot be read")


async def load(connection: AsyncConnection, condition: ColumnElement[bool]) -> Sequence[RouteStatus]:
    """Routes with their places, oldest first, inside a transaction of the caller."""
    query = select(routes).where(condition).order_by(routes.c.created_at, routes.c.id)
    found = (await connection.execute(query)).all()
    wanted = select(route_places).where(route_places.c.route.in_(select(routes.c.id).where(condition)))
    places: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for place in await connection.execute(wanted.order_by(route_places.c.position)):
        places[place.route].append(place)
    accounts = await _accounts(connection, found)
    return [_standing(row, places[row.id], accounts.get(row.tenant, {})) for row in found if places[row.id]]


async def _accounts(
    connection: AsyncConnection, rows: Sequence[Row[Any]]
) -> dict[str, dict[str, KnownAccount]]:
    """What is known of the accounts that the routes hold ids of, by tenant and id."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    everybody = set()
    for row in rows:
        with suppress(ValueError):
            wanted[row.tenant].update(ids_of(row.account_ids))
        if row.accounts == row.keywords == "[]" and f'"{Threading.ACCOUNT.value}"' in row.settings:
            everybody.add(row.tenant)
    found = {}
    for tenant, ids in wanted.items():
        if ids or tenant in everybody:
            known_here = await known(connection, tenant, None if tenant in everybody else ids)
            found[tenant] = {one.id: one for one in known_here}
    return found


def is_route(route: Route) -> ColumnElement[bool]:
    """The row of the route, whatever tenant guessed its id."""
    return (routes.c.id == route.id) & (routes.c.tenant == tenant_of(route))


def tenant_of(route: Route) -> str:
    """The tenant as rows name it."""
    return str(route.destination.tenant)


def values_of(route: Route) -> dict[str, Any]:
    """The columns that say what a route is."""
    return {
        "id": route.id,
        "tenant": tenant_of(route),
        "name": route.name,
        "accounts": json.dumps([account.lstrip("@").lower() for account in route.accounts]),
        "account_ids": ids_text(route.known, route.accounts),
        "keywords": json.dumps(route.keywords, ensure_ascii=False),
        "events": json.dumps(route.events),
        "settings": route_json.encode(route),
        "paused_reason": route.paused_reason,
        "paused_by_person": route.paused_by_person,
        "created_by": route.created_by,
    }


def _standing(row: Row[Any], places: Iterable[Row[Any]], accounts: Mapping[str, KnownAccount]) -> RouteStatus:
    tenant = TenantId.parse(row.tenant)
    standing = tuple(
        PlaceStatus(
            Destination(tenant, place.channel, place.thread),
            place.lost_reason,
            place.last_success_at,
            place.last_failure,
            place.lost_at,
            place.left_out,
            place.lost_by_person,
        )
        for place in places
    )
    route = _route(row, standing, accounts)
    return RouteStatus(route, row.created_at, standing, row.paused_at, row.paused_after)


def _named(
    row: Row[Any], accounts: Mapping[str, KnownAccount]
) -> tuple[tuple[str, ...], tuple[KnownAccount, ...]]:
    """The usernames of a route's accounts as they are now, and who is behind them."""
    ids = ids_of(row.account_ids)
    names: dict[str, None] = {}
    found: list[KnownAccount] = []
    for written in json.loads(row.accounts):
        held = [
            accounts.get(one) or KnownAccount(one, written) for one, name in ids.items() if name == written
        ]
        found += held
        names.update(dict.fromkeys([one.name for one in held] or [written]))
    return tuple(names), tuple(found)


def _route(row: Row[Any], places: Sequence[PlaceStatus], accounts: Mapping[str, KnownAccount]) -> Route:
    route = Route(
        id=row.id,
        name=row.name,
        destination=places[0].destination,
        also=tuple(place.destination for place in places[1:]),
        lost=tuple(
            LostPlace(place.destination, place.lost_reason, place.lost_by_person)
            for place in places
            if place.lost_reason is not None
        ),
        paused_reason=row.paused_reason,
        created_by=row.created_by,
        changed_at=row.changed_at,
        paused_by_person=row.paused_by_person,
    )
    try:
        names, behind = _named(row, accounts)
        read = replace(
            route,
            accounts=names,
            known=behind,
            keywords=tuple(json.loads(row.keywords)),
            events=tuple(json.loads(row.events)),
        )
        whole = route_json.decode(row.settings, read)
        if not names and not whole.keywords and whole.appearance.threading is Threading.ACCOUNT:
            return replace(whole, known=tuple(accounts.values()))
        return whole
    except (ValueError, TypeError):
        # One damaged row must stop neither the tenant's other routes nor the router.
        # Nor may it take what it would not: it stands as if a person had paused it.
        return replace(route, paused_reason=route.paused_reason or UNREADABLE, paused_by_person=True)
