"""How far events are routed: one cursor for all tenants, and one for each that lags behind it.

A tenant that has more to route than its share is passed by the common cursor, which writes down what it
passed: from `position` to `upto`. That is routed beside it, and the row goes when it is done. Every step
names the position it starts from, so of two routers one changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes.events import Event
from bot.storage.engine.database import DIALECTS, Database, insert
from bot.storage.engine.in_thread import driver
from bot.storage.intake.events import to_event
from bot.storage.tables import cursors, events, router_lags

CURSOR = "router"


class Lag(msgspec.Struct, frozen=True):
    """A tenant's events behind the id `position`, up to the id `upto`, are still to be routed."""

    position: int
    upto: int


class Positions(msgspec.Struct, frozen=True):
    """common: the id up to which events are routed, but for those of the tenants in `lags`."""

    common: int
    lags: Mapping[str, Lag]

    @property
    def whole(self) -> int:
        """The id up to which everything is routed."""
        return min([self.common, *(lag.position for lag in self.lags.values())])

    def of(self, tenant: TenantId) -> int:
        """The id up to which the tenant's events are routed."""
        lag = self.lags.get(str(tenant))
        return self.common if lag is None else lag.position


class TenantCursors:
    """Where routing stands."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def positions(self) -> Positions:
        """The cursors, all of one moment."""

        async def work(connection: AsyncConnection) -> Positions:
            common = (await connection.execute(_COMMON)).scalar() or 0
            rows = await connection.execute(_ALL)
            return Positions(common, {row.tenant: Lag(row.position, row.upto) for row in rows})

        return await self._db.read(work)

    async def events(self, tenant: str, lag: Lag, limit: int) -> tuple[Event, ...]:
        """The first of the tenant's events that it lags behind with, in order."""
        values = {"tenant": tenant, "start": lag.position, "upto": lag.upto, "limit": limit}

        async def work(connection: AsyncConnection) -> tuple[Event, ...]:
            return tuple(to_event(row) for row in await connection.execute(_EVENTS, values))

        return await self._db.read(work)


async def routed_upto(connection: AsyncConnection, tenant: TenantId) -> int:
    """The id up to which the tenant's events are routed, inside a transaction of the caller."""
    mine = select(router_lags.c.position).where(router_lags.c.tenant == str(tenant))
    position = (await connection.execute(mine)).scalar()
    return int(position if position is not None else (await connection.execute(_COMMON)).scalar() or 0)


async def move_common(connection: AsyncConnection, dialect: str, start: int, upto: int) -> bool:
    """Move the common cursor on; False when it was not at `start`."""
    if start == 0:
        await connection.execute(_FIRST[dialect])
    raw = driver(connection)
    if raw is not None:
        return raw.execute(_MOVE_ON_SQLITE, (upto, CURSOR, start)).rowcount == 1
    moved = await connection.execute(_MOVE, {"start": start, "end": upto})
    return moved.rowcount == 1


async def fall_behind(connection: AsyncConnection, dialect: str, passed: Mapping[str, Lag]) -> None:
    """Write down what the common cursor passed; one that lags already has only more to come.

    Inside the transaction that moves the cursor.
    """
    rows = [
        {"tenant": tenant, "position": lag.position, "upto": lag.upto}
        for tenant, lag in sorted(passed.items())
    ]
    if rows:
        await connection.execute(_FALL_BEHIND[dialect], rows)


async def catch_up(connection: AsyncConnection, tenant: str, lag: Lag, position: int) -> bool:
    """Move a tenant's cursor on, and remove it at its end; False when the lag is another by now."""
    values = {"of": tenant, "start": lag.position, "last": lag.upto}
    if position >= lag.upto:
        changed = await connection.execute(_CAUGHT_UP, values)
    else:
        changed = await connection.execute(_ADVANCE, {**values, "to": position})
    return changed.rowcount == 1


# Built once: building them costs more than executing them.
_COMMON = select(cursors.c.position).where(cursors.c.name == CURSOR)
_ALL = select(router_lags)
_EVENTS = (
    select(events)
    .where(
        events.c.tenant == bindparam("tenant"),
        events.c.id > bindparam("start"),
        events.c.id <= bindparam("upto"),
    )
    .order_by(events.c.id)
    .limit(bindparam("limit", type_=events.c.id.type))
)
_FIRST = {
    dialect: insert(dialect, cursors).values(name=CURSOR, position=0).on_conflict_do_nothing()
    for dialect in DIALECTS
}
_MOVE = (
    update(cursors)
    .where(cursors.c.name == CURSOR, cursors.c.position == bindparam("start"))
    .values(position=bindparam("end"))
)
_MOVE_ON_SQLITE = "UPDATE cursors SET position = ? WHERE name = ? AND position = ?"  # no message: SQL
_FALL_BEHIND = {
    dialect: (new := insert(dialect, router_lags)).on_conflict_do_update(
        index_elements=["tenant"], set_={"upto": new.excluded.upto}
    )
    for dialect in DIALECTS
}
_MINE = (
    (router_lags.c.tenant == bindparam("of"))
    & (router_lags.c.position == bindparam("start"))
    & (router_lags.c.upto == bindparam("last"))
)
_ADVANCE = update(router_lags).where(_MINE).values(position=bindparam("to"))
_CAUGHT_UP = delete(router_lags).where(_MINE)
