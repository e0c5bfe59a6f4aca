"""Which tenants use which monitor: two places on one Xquik account share its monitors, and none of them
may take one away from the other."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding
from bot.storage.places import watched_monitors
from bot.storage.tables import monitor_uses, tenants

_ADD = adding(monitor_uses)


class MonitorUses:
    """Counts who uses a monitor. kind: "account" or "keyword"; monitor: Xquik's id."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """clock: epoch seconds."""
        self._db = db
        self._clock = clock

    async def use(self, tenant: TenantId, kind: str, monitor: str) -> None:
        """The tenant wants the monitor."""
        row = {"kind": kind, "monitor": monitor, "tenant": str(tenant), "since": self._clock()}

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(_ADD[self._db.dialect], row)
            await watched_monitors.use(connection, tenant, kind, monitor)

        await self._db.write(work)

    async def leave(self, tenant: TenantId, kind: str, monitor: str) -> None:
        """The tenant does not want it any more."""
        gone = delete(monitor_uses).where(_is(kind, monitor), monitor_uses.c.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(gone)
            await watched_monitors.leave(connection, tenant, kind, monitor)

        await self._db.write(work)

    async def users(self, monitors: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
        """Which tenants use each of these monitors, given as kind and id."""
        query = select(monitor_uses.c.kind, monitor_uses.c.monitor, monitor_uses.c.tenant).where(
            monitor_uses.c.monitor.in_(sorted({monitor for _, monitor in monitors}))
        )

        async def work(connection: AsyncConnection) -> dict[tuple[str, str], set[str]]:
            found: dict[tuple[str, str], set[str]] = {pair: set() for pair in monitors}
            for kind, monitor, tenant in await connection.execute(query):
                if (kind, monitor) in found:
                    found[kind, monitor].add(tenant)
            return found

        return await self._db.read(work)

    async def others(self, tenant: TenantId, kind: str, monitor: str) -> int:
        """How many other tenants use it, those that the bot was removed from left out."""
        removed = select(tenants.c.tenant).where(tenants.c.removed_at.is_not(None))
        query = select(func.count()).where(
            _is(kind, monitor),
            monitor_uses.c.tenant != str(tenant),
            monitor_uses.c.tenant.not_in(removed),
        )

        async def work(connection: AsyncConnection) -> int:
            return int((await connection.execute(query)).scalar_one())

        return await self._db.read(work)


def _is(kind: str, monitor: str) -> ColumnElement[bool]:
    return (monitor_uses.c.kind == kind) & (monitor_uses.c.monitor == monitor)
