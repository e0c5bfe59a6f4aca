"""Why tenants' places are quiet, kept until that is over: told once, also by the next process.

A change is made only if nobody made it before: of two processes that see the same, one tells of it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes.silences import Silence, SilenceCause, Watched
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding, count, read_all
from bot.storage.intake.watermarks import MEMBER_NAMES
from bot.storage.tables import route_places, routes, silences

# Causes that are kept elsewhere: with the places and routes themselves.
LOST: Final = "permission"
PAUSED: Final = "paused"
CAUSES: Final = (*(cause.value for cause in SilenceCause), LOST, PAUSED)
"""Every cause that is counted."""
_BY_CAUSE = select(silences.c.cause, func.count().label("number")).group_by(silences.c.cause)
_LOST = select(func.count(route_places.c.lane.distinct())).where(
    route_places.c.lost_reason.is_not(None), route_places.c.lost_by_person.is_not(true())
)
_PAUSED = select(func.count()).where(
    routes.c.paused_reason.is_not(None), routes.c.paused_by_person.is_(true())
)
_ADD = adding(silences)
_OTHERS = silences.c.tenant.not_in(MEMBER_NAMES)


class _Detail(msgspec.Struct, frozen=True):
    watched: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]


async def standing(db: Database, tenant: TenantId) -> tuple[Silence, ...]:
    """Those of a tenant that are not over, the oldest first."""
    query = select(silences).where(silences.c.tenant == str(tenant))
    found = [_silence(row) for row in await read_all(db, query)]
    return tuple(sorted(found, key=lambda one: (one.since, one.key)))


class Silences:
    """Those that are not over, for whoever asks."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, tenant: TenantId) -> tuple[Silence, ...]:
        """See `standing`."""
        return await standing(self._db, tenant)

    async def named(self, tenant: TenantId, id: str) -> Silence | None:
        """The one with that id; None when it is over, or of another tenant."""
        return next((one for one in await self.of(tenant) if one.id == id), None)


async def with_id(connection: AsyncConnection, tenant: TenantId, id: str) -> Silence | None:
    """The one with that id, inside a transaction of the caller; None when it is over."""
    query = select(silences).where(silences.c.tenant == str(tenant), silences.c.id == id)
    row = (await connection.execute(query)).first()
    return None if row is None else _silence(row)


async def begin(connection: AsyncConnection, tenant: TenantId, new: Silence) -> bool:
    """Store it; False when it was."""
    row = {"tenant": str(tenant), **_key(new), "id": new.id, "since": new.since, "detail": _detail(new)}
    return (await connection.execute(_ADD[connection.dialect.name], row)).rowcount == 1


async def change(connection: AsyncConnection, tenant: TenantId, before: Silence, after: Silence) -> bool:
    """Note what else is quiet and who was told; False when it is not as it was before."""
    statement = update(silences).where(*_is(tenant, before))
    return await count(connection, statement.values(detail=_detail(after))) == 1


async def end(connection: AsyncConnection, tenant: TenantId, over: Silence) -> bool:
    """Forget it; False when it is not as it was."""
    return await count(connection, delete(silences).where(*_is(tenant, over))) == 1


async def forget_others(db: Database) -> None:
    """Drop those of tenants that have no key or no route any more: nothing is awaited there."""

    async def look(connection: AsyncConnection) -> bool:
        return (await connection.execute(select(silences.c.id).where(_OTHERS).limit(1))).first() is not None

    if await db.read(look):
        await db.write(lambda connection: connection.execute(delete(silences).where(_OTHERS)))


async def counts(db: Database) -> Counter[str]:
    """How many there are of each cause; LOST: places that cannot be written to, PAUSED: routes that somebody
    paused."""

    async def work(connection: AsyncConnection) -> dict[str, int]:
        found = {str(row.cause): int(row.number) for row in await connection.execute(_BY_CAUSE)}
        lost = (await connection.execute(_LOST)).scalar_one()
        paused = (await connection.execute(_PAUSED)).scalar_one()
        return {**found, LOST: int(lost), PAUSED: int(paused)}

    return Counter(await db.read(work))


def _key(one: Silence) -> dict[str, str]:
    return {"cause": one.cause.value, "subject": one.subject}


def _is(tenant: TenantId, one: Silence) -> tuple[ColumnElement[bool], ...]:
    key = [silences.c[name] == value for name, value in _key(one).items()]
    return (
        silences.c.tenant == str(tenant),
        *key,
        silences.c.id == one.id,
        silences.c.detail == _detail(one),
    )


def _detail(one: Silence) -> str:
    told = _Detail(tuple((what.kind, what.name, what.id) for what in one.watched), one.places)
    return msgspec.json.encode(told).decode()


def _silence(row: Row[Any]) -> Silence:
    told = msgspec.json.decode(row.detail, type=_Detail)
    watched = tuple(Watched(*parts) for parts in told.watched)
    return Silence(row.id, SilenceCause(row.cause), row.subject, row.since, watched, told.places)
