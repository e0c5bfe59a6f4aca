"""The tenants that the bot serves. A removed one keeps its settings for a while."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Executable, Row, Table, Update, delete, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.stores import StoredTenant
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding, count, read_all
from bot.storage.relay import outages, rate_counters
from bot.storage.retention import BATCH
from bot.storage.tables import (
    cursors,
    deliveries,
    events,
    held,
    hook_nonces,
    hooks,
    metadata,
    playground_channels,
    tenants,
)

# Seconds for which a removed tenant's settings wait for the bot to be invited again: 30 days.
GRACE = 30 * 86_400.0

_ADD = adding(tenants)


class StoredTenants:
    """The stored tenants. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def ensure(self, tenant: TenantId, name: str = "") -> StoredTenant:
        """The tenant, stored when it was not; a name given replaces the one stored.

        Cheap when nothing changes. A removed tenant stays removed: see `restore`.
        """
        known = await self.get(tenant)
        if known is not None and name in ("", known.name):
            return known
        row = {"tenant": str(tenant), "name": name, "created_at": self._clock()}

        async def work(connection: AsyncConnection) -> StoredTenant:
            await connection.execute(_ADD[self._database.dialect], row)
            if name:
                await connection.execute(update(tenants).where(_is(tenant)).values(name=name))
            return _tenant((await connection.execute(select(tenants).where(_is(tenant)))).one())

        return await self._database.write(work)

    async def get(self, tenant: TenantId) -> StoredTenant | None:
        """The tenant, removed or not; None when it was never here."""

        async def work(connection: AsyncConnection) -> StoredTenant | None:
            row = (await connection.execute(select(tenants).where(_is(tenant)))).first()
            return None if row is None else _tenant(row)

        return await self._database.read(work)

    async def list(self, *, removed: bool = False) -> tuple[StoredTenant, ...]:
        """All tenants in order of their ids. removed: those that are removed too."""
        query = select(tenants).order_by(tenants.c.tenant)
        if not removed:
            query = query.where(tenants.c.removed_at.is_(None))

        async def work(connection: AsyncConnection) -> tuple[StoredTenant, ...]:
            return tuple(_tenant(row) for row in await connection.execute(query))

        return await self._database.read(work)

    async def remove(self, tenant: TenantId) -> bool:
        """Note that the bot was removed there; nothing is deleted yet. False when it was already."""
        statement = update(tenants).where(_is(tenant), tenants.c.removed_at.is_(None))
        return await self._change(statement.values(removed_at=self._clock()))

    async def restore(self, tenant: TenantId) -> bool:
        """The bot is there again, with the settings it had. False when it was not removed."""
        statement = update(tenants).where(_is(tenant), tenants.c.removed_at.is_not(None))
        return await self._change(statement.values(removed_at=None))

    async def purge(self, grace: float = GRACE) -> tuple[TenantId, ...]:
        """Delete everything of the tenants removed longer ago than `grace` seconds; says which."""
        before = self._clock() - grace

        gone = select(tenants.c.tenant).where(tenants.c.removed_at < before)
        for row in await read_all(self._database, gone):
            await self._thin(row.tenant, tenants.c.removed_at < before)

        async def work(connection: AsyncConnection) -> tuple[TenantId, ...]:
            query = gone.with_for_update()
            left = list((await connection.execute(query)).scalars())
            for tenant in left:
                await _erase(connection, tenant)
            return tuple(TenantId.parse(tenant) for tenant in left)

        return await self._database.change(work)

    async def erase(self, tenant: TenantId) -> None:
        """Delete everything of a tenant, as its people may ask. The channels of the playground stay,
        empty: they are its platform's, as those of any other."""
        await self._thin(str(tenant), true())
        await self._database.change(lambda connection: _erase(connection, str(tenant), keep=_CHANNELS))

    async def _thin(self, tenant: str, still: ColumnElement[bool]) -> None:
        """Delete what a tenant may have very much of, a little at a time, so that no other waits for it.

        still: of `tenants`, what has to hold of it meanwhile.
        """
        holds = select(tenants.c.tenant).where(tenants.c.tenant == tenant, still).exists()
        for table in (deliveries, held, events):
            start = 0
            while True:
                page = select(table.c.id).where(table.c.tenant == tenant, table.c.id > start)
                ids = [
                    row.id for row in await read_all(self._database, page.order_by(table.c.id).limit(BATCH))
                ]
                if not ids:
                    break
                start = ids[-1]
                drop = delete(table).where(table.c.id.in_(ids), holds)
                await self._database.write(partial(_executed, statement=drop))

    async def _change(self, statement: Update) -> bool:
        return await self._database.write(lambda connection: count(connection, statement)) > 0


_CHANNELS: Final = (playground_channels,)


async def _executed(connection: AsyncConnection, statement: Executable) -> None:
    await connection.execute(statement)


async def _erase(connection: AsyncConnection, tenant: str, keep: tuple[Table, ...] = ()) -> None:
    of_it = select(hooks.c.id).where(hooks.c.tenant == tenant)
    await connection.execute(delete(hook_nonces).where(hook_nonces.c.hook.in_(of_it)))
    for table in metadata.sorted_tables:
        if "tenant" in table.c and table not in keep:
            await connection.execute(delete(table).where(table.c.tenant == tenant))
    # These two name places, of which the tenant is a part.
    await rate_counters.forget(connection)
    await outages.forget_tenant(connection, tenant)
    # Whoever holds its routes in memory looks again, and finds none (`bot.storage.relay.routes`).
    version = cursors.c.name == f"routes:{tenant}"
    await connection.execute(update(cursors).where(version).values(position=cursors.c.position + 1))


def _is(tenant: TenantId) -> ColumnElement[bool]:
    return tenants.c.tenant == str(tenant)


def _tenant(row: Row[Any]) -> StoredTenant:
    return StoredTenant(TenantId.parse(row.tenant), row.name, row.created_at, row.removed_at)
