"""Stored events: what came from Xquik, once a tenant, in the order of `id`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

import msgspec
from sqlalchemy import Row, Select, Subquery, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes.events import Event
from bot.storage.engine import stored_bytes
from bot.storage.engine.bulk import insert_numbered
from bot.storage.engine.database import Database
from bot.storage.intake import columns, event_data
from bot.storage.tables import deliveries, events, held

# Ids of one statement.
_PAGE = 400

# Whoever stores events holds this lock until the commit, so that ids become visible in order and
# no reader of `id > cursor` passes over one that commits later.
ORDER_LOCK = "events"


# These are made for every delivery, and a frozen dataclass takes five times as long to make.
class NewEvent(msgspec.Struct, frozen=True):
    """An event to store. data: JSON text; digest: SHA-256 of what came; via: how it came."""

    tenant: str
    identity: str
    digest: bytes
    type: str
    username: str | None
    query: str | None
    data: str
    occurred_at: float
    received_at: float
    via: str
    account_id: str | None = None


# Events of a tenant that a question about a tweet or an account looks through: it may cost no more than that.
_LOOKED_THROUGH = 20_000


class Events:
    """Reading and pruning events."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, tenant: TenantId, event: int) -> Event | None:
        """The tenant's event with that id of ours."""
        query = select(events).where(events.c.id == event, events.c.tenant == str(tenant))
        rows = await self._db.read(lambda connection: _all(connection, query))
        return to_event(rows[0]) if rows else None

    async def several(self, tenant: TenantId, ids: Sequence[int]) -> dict[int, Event]:
        """Those of the tenant's events that are stored, by their id of ours."""
        found: dict[int, Event] = {}
        for start in range(0, len(ids), _PAGE):
            query = select(events).where(events.c.id.in_(ids[start : start + _PAGE]))
            query = query.where(events.c.tenant == str(tenant))
            rows = await self._db.read(partial(_all, query=query))
            found.update({row.id: to_event(row) for row in rows})
        return found

    async def recent(
        self, tenant: TenantId, limit: int, *, identities: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """The tenant's newest events, newest first; of `identities` only when there are any."""
        query = select(events).where(events.c.tenant == str(tenant))
        if identities:
            query = query.where(events.c.identity.in_(identities))
        query = query.order_by(events.c.id.desc()).limit(limit)
        rows = await self._db.read(lambda connection: _all(connection, query))
        return tuple(to_event(row) for row in rows)

    async def about(self, tenant: TenantId, tweet: str, limit: int) -> tuple[tuple[Event, str], ...]:
        """The tenant's newest events that name a tweet, newest first, with the way each came by.

        tweet: its id, digits alone. Looks through the tenant's newest 20,000 events.
        """
        newest = _newest_of(tenant)
        return await self._with_ways(select(newest).where(newest.c.data.like(f'%"{tweet}"%')), newest, limit)

    async def of_account(
        self, tenant: TenantId, username: str, limit: int, account_id: str | None = None
    ) -> tuple[tuple[Event, str], ...]:
        """The tenant's newest events of an account on X, newest first, with the way each came by.

        username: without @, in any spelling; account_id: X's, where it is known: then what it did under other
        usernames too, and nothing of somebody else. Looks through the tenant's newest 20,000 events.
        """
        newest = _newest_of(tenant)
        same = func.lower(newest.c.username) == username.lower()
        if account_id is not None:
            same = (newest.c.account_id == account_id) | (same & newest.c.account_id.is_(None))
        return await self._with_ways(select(newest).where(same), newest, limit)

    async def _with_ways(
        self, query: Select[Any], newest: Subquery, limit: int
    ) -> tuple[tuple[Event, str], ...]:
        ordered = query.order_by(newest.c.id.desc()).limit(limit)
        rows = await self._db.read(lambda connection: _all(connection, ordered))
        return tuple((to_event(row), row.via) for row in rows)

    async def known_as(self, tenant: TenantId, identity: str) -> Event | None:
        """The tenant's event of that identity ("e:91")."""
        found = await self.recent(tenant, 1, identities=(identity,))
        return found[0] if found else None

    async def between(
        self, tenant: TenantId, since: float, until: float, upto: int, limit: int
    ) -> tuple[Event, ...]:
        """The tenant's newest events received between two moments (epoch seconds), oldest first.

        upto: no event with a greater id.
        """
        query = (
            select(events)
            .where(
                events.c.tenant == str(tenant),
                events.c.id <= upto,
                events.c.received_at >= since,
                events.c.received_at <= until,
            )
            .order_by(events.c.id.desc())
            .limit(limit)
        )
        rows = await self._db.read(lambda connection: _all(connection, query))
        return tuple(to_event(row) for row in reversed(rows))

    async def back(self, tenant: TenantId, after: int, upto: int, limit: int) -> tuple[Event, ...]:
        """The tenant's events behind the id `after`, newest first, from the id `upto` on."""
        mine = events.c.tenant == str(tenant), events.c.id > after, events.c.id <= upto
        query = select(events).where(*mine).order_by(events.c.id.desc()).limit(limit)
        rows = await self._db.read(lambda connection: _all(connection, query))
        return tuple(to_event(row) for row in rows)

    async def via(self, tenant: TenantId, event: int) -> str:
        """By which way an event came: webhook, stream or catchup; "" when it is stored no more."""
        query = select(events.c.via).where(events.c.id == event, events.c.tenant == str(tenant))
        rows = await self._db.read(lambda connection: _all(connection, query))
        return str(rows[0].via) if rows else ""

    async def after(self, position: int, limit: int) -> tuple[Event, ...]:
        """The events of all tenants behind that id, in order."""
        values = {"position": position, "limit": limit}
        rows = await self._db.read(lambda connection: _all(connection, _AFTER, values))
        return tuple(to_event(row) for row in rows)

    async def newest(self) -> int:
        """The greatest id; 0 without any event."""
        rows = await self._db.read(lambda connection: _all(connection, _NEWEST))
        return int(rows[0][0])

    async def prune(self, before: float, start: int, upto: int, limit: int = 1000) -> int | None:
        """Delete events received before a moment, looking at `limit` of them from id `start` on.

        upto: only ids up to here, the router's cursor. An event that still has deliveries stays, and one
        that is held to become part of a message.
        Returns where to go on; None when the rest is too young.
        """
        page = (
            select(events.c.id, events.c.received_at)
            .where(events.c.id > start, events.c.id <= upto)
            .order_by(events.c.id)
            .limit(limit)
        )

        async def work(connection: AsyncConnection) -> int | None:
            rows = (await connection.execute(page)).all()
            old = [row.id for row in rows if row.received_at < before]
            await _drop(connection, old)
            return int(rows[-1].id) if rows and len(old) == len(rows) == limit else None

        return await self._db.write(work)

    async def prune_of(
        self, tenant: str, before: float, start: int, upto: int, became: DropsWhatTheyBecame, limit: int = 500
    ) -> tuple[int | None, int]:
        """The same of one tenant, from its oldest on, with what they became: sent messages, dead letters.

        Returns where to go on, None when the rest is too young, and the bytes that were counted for them.
        """
        page = (
            select(events.c.id, events.c.received_at)
            .where(events.c.tenant == tenant, events.c.id > start, events.c.id <= upto)
            .order_by(events.c.id)
            .limit(limit)
        )

        async def work(connection: AsyncConnection) -> tuple[int | None, int]:
            rows = (await connection.execute(page)).all()
            old = [row.id for row in rows if row.received_at < before]
            freed = await became(connection, old) if old else 0
            freed += await _drop(connection, old)
            return (int(rows[-1].id) if rows and len(old) == len(rows) == limit else None), freed

        return await self._db.write(work)


class DropsWhatTheyBecame(Protocol):
    """`bot.storage.relay.deliveries.drop_of`."""

    async def __call__(self, connection: AsyncConnection, events: Sequence[int]) -> int:
        """Delete what is settled of these events; the bytes that were counted for it."""


async def _drop(connection: AsyncConnection, ids: Sequence[int]) -> int:
    """Delete those of these events that nothing needs any more; the bytes that were counted for them."""
    if not ids:
        return 0
    used = select(deliveries.c.id).where(deliveries.c.event == events.c.id).exists()
    waits = select(held.c.id).where(held.c.event == events.c.id, held.c.released_as.is_(None)).exists()
    size = stored_bytes.size_column(connection.dialect.name).label("size")
    drop = delete(events).where(events.c.id.in_(ids), ~used, ~waits).returning(events.c.tenant, size)
    gone = [(row.tenant, int(row.size)) for row in await connection.execute(drop)]
    await stored_bytes.subtract(connection, "events", gone)
    return sum(size for _, size in gone)


async def behind(connection: AsyncConnection, tenant: TenantId, after: int, limit: int) -> tuple[Event, ...]:
    """The first of the tenant's events behind that id, in order, inside a transaction of the caller."""
    mine = events.c.tenant == str(tenant), events.c.id > after
    query = select(events).where(*mine).order_by(events.c.id).limit(limit)
    return tuple(to_event(row) for row in await _all(connection, query))


async def store_events(connection: AsyncConnection, incoming: Sequence[NewEvent]) -> list[int | None]:
    """Store events; for each its id, None when it had come before: a tenant has an identity once.

    The caller's transaction holds ORDER_LOCK (`Database.serialised`).
    """
    stored, ids = await insert_numbered(
        connection, events, columns.EVENT, [event_row(event) for event in incoming]
    )
    numbers: list[int | None] = list(ids) if ids is not None else await _numbers(connection, incoming, stored)
    new = zip(incoming, numbers, strict=True)
    sizes = [(one.tenant, stored_bytes.size_of(one.data)) for one, number in new if number is not None]
    await stored_bytes.add(connection, "events", sizes)
    return numbers


async def _numbers(
    connection: AsyncConnection, incoming: Sequence[NewEvent], stored: int
) -> list[int | None]:
    # Nobody else stores events before we commit, so the newest ones are these.
    newest = select(events.c.id, events.c.tenant, events.c.identity).order_by(events.c.id.desc())
    added = await connection.execute(newest.limit(stored))
    fresh = {(row.tenant, row.identity): int(row.id) for row in added}
    # A second one in the same group is a duplicate of the first.
    return [fresh.pop((event.tenant, event.identity), None) for event in incoming]


def to_event(row: Row[Any]) -> Event:
    """The event in a row of the table."""
    return Event(
        id=row.id,
        tenant=TenantId.parse(row.tenant),
        type=row.type,
        username=row.username,
        query=row.query,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        data=event_data.read(row.data),
        identity=row.identity,
        account_id=row.account_id,
    )


def _newest_of(tenant: TenantId) -> Subquery:
    """What a question about the tenant's events looks through."""
    query = select(events).where(events.c.tenant == str(tenant)).order_by(events.c.id.desc())
    return query.limit(_LOOKED_THROUGH).subquery()


_NEWEST = select(func.coalesce(func.max(events.c.id), 0))
_AFTER = (
    select(events)
    .where(events.c.id > bindparam("position"))
    .order_by(events.c.id)
    .limit(bindparam("limit", type_=events.c.id.type))
)


def event_row(event: NewEvent) -> tuple[Any, ...]:
    """The values of an event, in the order of `columns.EVENT`."""
    return (
        event.tenant,
        event.identity,
        event.digest,
        event.type,
        event.username,
        event.query,
        event.data,
        event.occurred_at,
        event.received_at,
        event.via,
        event.account_id,
    )


async def _all(
    connection: AsyncConnection, query: Any, values: dict[str, Any] | None = None
) -> Sequence[Row[Any]]:
    return (await connection.execute(query, values)).all()
