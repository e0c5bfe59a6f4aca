"""Watermarks: how far each tenant's events are known to be stored, so that what is missing can be found.

Two ids of Xquik's stand for a tenant. `event`: everything up to it was compared with `GET /events`
and is stored, or was said to be skipped; catch-up alone moves it. `streamed`: the last event of the
stream that is stored. An id is written only after the event it names is durable, so a crash repeats
work and never leaves a gap.

A tenant that has no key or no route any more loses its mark: when it begins again, it begins from
then on, and nothing from before is poured into a new route.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import DIALECTS, Database, insert
from bot.storage.secrets.keys import FIELD
from bot.storage.tables import events, routes, secrets, tenants, watermarks


class Mark(msgspec.Struct, frozen=True):
    """A tenant's mark. event: None when it has not begun, "" when there was no event then.

    happened_at: when `event` happened, or when the mark was made. key_at: when the key was stored
    under which the mark was made. refused: Xquik refused that key. Times: epoch seconds.
    """

    event: str | None
    happened_at: float
    streamed: str | None
    key_at: float
    refused: bool


class Member(msgspec.Struct, frozen=True):
    """A tenant whose events are fetched: it has a key and a route. key_at: when the key was stored."""

    tenant: TenantId
    key_at: float
    mark: Mark | None

    @property
    def refused(self) -> bool:
        """Whether Xquik refused the very key that the tenant has now."""
        return self.mark is not None and self.mark.refused and self.mark.key_at == self.key_at


class Watermarks:
    """The stored marks."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def members(self) -> tuple[Member, ...]:
        """Every tenant whose events are to be fetched, in order of their names."""

        async def work(connection: AsyncConnection) -> tuple[Member, ...]:
            return tuple(_member(row) for row in await connection.execute(_MEMBERS))

        return await self._db.read(work)

    async def member(self, tenant: TenantId) -> Member | None:
        """One of them; None when the tenant has no key or no route."""
        query = _MEMBERS.where(secrets.c.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> Member | None:
            row = (await connection.execute(query)).first()
            return None if row is None else _member(row)

        return await self._db.read(work)

    async def begin(self, member: Member, event: str, happened_at: float) -> None:
        """Begin, or begin anew, with everything up to `event` left aside."""
        values = {"event": event, "happened_at": happened_at, "streamed": None, "refused": False}
        row = {"tenant": str(member.tenant), "key_at": member.key_at, **values}
        await self._db.write(lambda connection: connection.execute(_BEGIN[self._db.dialect], row))

    async def same_account(self, member: Member) -> None:
        """The new key opens the account that the mark is of."""
        change = update(watermarks).where(watermarks.c.tenant == str(member.tenant))
        change = change.values(key_at=member.key_at, refused=False)
        await self._db.write(lambda connection: connection.execute(change))

    async def advance(self, tenant: TenantId, event: str, happened_at: float) -> None:
        """Everything up to this event is stored; an older one than is known changes nothing."""
        await self._move(tenant, "event", event, {"happened_at": happened_at})

    async def streamed(self, tenant: TenantId, event: str) -> None:
        """This event of the stream is stored."""
        await self._move(tenant, "streamed", event, {})

    async def forget_others(self) -> None:
        """Drop the marks of tenants that are no members any more."""
        lost = select(watermarks.c.tenant).where(watermarks.c.tenant.not_in(MEMBER_NAMES))

        async def look(connection: AsyncConnection) -> bool:
            return (await connection.execute(lost.limit(1))).first() is not None

        if await self._db.read(look):
            drop = delete(watermarks).where(watermarks.c.tenant.in_(lost))
            await self._db.write(lambda connection: connection.execute(drop))

    async def known(self, tenant: TenantId, identities: Sequence[str]) -> frozenset[str]:
        """Which of these identities (a few hundred at most) are stored events of the tenant."""
        query = select(events.c.identity).where(
            events.c.tenant == str(tenant), events.c.identity.in_(identities)
        )

        async def work(connection: AsyncConnection) -> frozenset[str]:
            return frozenset((await connection.execute(query)).scalars())

        return await self._db.read(work)

    async def _move(self, tenant: TenantId, column: str, event: str, others: dict[str, Any]) -> None:
        mine = watermarks.c.tenant == str(tenant)
        standing = select(watermarks.c[column]).where(mine).with_for_update()
        change = update(watermarks).where(mine).values(**{column: event}, **others)

        async def work(connection: AsyncConnection) -> None:
            at = (await connection.execute(standing)).scalar()
            if not reaches(at, event):
                await connection.execute(change)

        await self._db.write(work)


async def refuse(connection: AsyncConnection, db: Database, member: Member, now: float) -> bool:
    """Note that Xquik refused the member's key; False when that was known.

    Inside the caller's transaction, which also holds the notice.
    """
    row = {"tenant": str(member.tenant), "key_at": member.key_at, "happened_at": now, "refused": True}
    mine = watermarks.c.tenant == str(member.tenant)
    standing = select(watermarks.c.key_at, watermarks.c.refused).where(mine).with_for_update()
    found = (await connection.execute(standing)).first()
    if found is None:
        statement = insert(db.dialect, watermarks).values(row).on_conflict_do_nothing()
        await connection.execute(statement)
        return True
    await connection.execute(update(watermarks).where(mine).values(refused=True, key_at=member.key_at))
    return not (found.refused and found.key_at == member.key_at)


def reaches(mark: str | None, event: str) -> bool:
    """Whether a mark stands at this event or past it. Ids are numbers that grow; others are only equal."""
    if not mark:
        return False
    if is_number(mark) and is_number(event):
        return int(mark) >= int(event)
    return mark == event


def is_number(event: str) -> bool:
    """Whether an id can be compared by size."""
    return event.isascii() and event.isdigit()


def resume_after(mark: Mark) -> str | None:
    """The later of the two ids: everything up to it is stored. None where there is none."""
    if mark.streamed and not reaches(mark.event, mark.streamed):
        return mark.streamed
    return mark.event or None


_HAS_ROUTE = select(routes.c.id).where(routes.c.tenant == secrets.c.tenant).exists()
_IS_REMOVED = (
    select(tenants.c.tenant)
    .where(tenants.c.tenant == secrets.c.tenant, tenants.c.removed_at.is_not(None))
    .exists()
)
MEMBER_NAMES = select(secrets.c.tenant).where(secrets.c.field == FIELD, _HAS_ROUTE, ~_IS_REMOVED)
"""Of every tenant whose events are fetched."""
_MEMBERS: Select[Any] = (
    select(
        secrets.c.tenant,
        secrets.c.updated_at,
        watermarks.c.event,
        watermarks.c.happened_at,
        watermarks.c.streamed,
        watermarks.c.key_at,
        watermarks.c.refused,
    )
    .select_from(secrets.outerjoin(watermarks, watermarks.c.tenant == secrets.c.tenant))
    .where(secrets.c.field == FIELD, _HAS_ROUTE, ~_IS_REMOVED)
    .order_by(secrets.c.tenant)
)


def _begin(dialect: str) -> Any:
    statement = insert(dialect, watermarks)
    names = ("event", "happened_at", "streamed", "key_at", "refused")
    return statement.on_conflict_do_update(
        index_elements=["tenant"], set_={name: statement.excluded[name] for name in names}
    )


_BEGIN = {dialect: _begin(dialect) for dialect in DIALECTS}


def _member(row: Row[Any]) -> Member:
    mark = None
    if row.key_at is not None:
        mark = Mark(row.event, row.happened_at, row.streamed, row.key_at, bool(row.refused))
    return Member(TenantId.parse(row.tenant), row.updated_at, mark)
