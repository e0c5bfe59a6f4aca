"""Monitors that `apply` was to start and could not: what is pending, until it runs or nobody wants it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.routes.monitor_starts import Start
from bot.core.text.shortening import shorten
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting, read_all
from bot.storage.tables import wanted_monitors

_T = wanted_monitors.c
_PUT = putting(wanted_monitors)
_LONGEST_REASON = 300


class PendingMonitor(msgspec.Struct, frozen=True):
    """What is to be started. until: epoch seconds until which the running bot tries it, 0 for not any more;
    the next `apply` does in any case. reason: why it was not, in words."""

    start: Start
    until: float
    reason: str


class WantedMonitors:
    """What is pending, by tenant, and by what is to be watched."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """clock: epoch seconds."""
        self._db = db
        self._clock = clock

    async def put(self, tenant: TenantId, wanted: PendingMonitor) -> None:
        """It could not be started."""
        start = wanted.start
        row = {
            "tenant": str(tenant),
            "kind": start.kind,
            "watched": start.watched,
            "events": json.dumps(start.events),
            "until": wanted.until,
            "reason": shorten(wanted.reason, _LONGEST_REASON),
        }
        await self._db.write(lambda connection: connection.execute(_PUT[self._db.dialect], row))

    async def drop(self, tenant: TenantId, start: Start) -> None:
        """It runs, or nobody wants it any more."""
        gone = delete(wanted_monitors).where(*_is(tenant, start))

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(gone)

        await self._db.write(work)

    async def of(self, tenant: TenantId) -> tuple[PendingMonitor, ...]:
        """What is pending there."""
        query = select(wanted_monitors).where(_T.tenant == str(tenant)).order_by(_T.kind, _T.watched)
        return tuple(_wanted(row) for row in await read_all(self._db, query))

    async def tenants(self) -> tuple[TenantId, ...]:
        """Where the running bot is to try something again."""
        query = select(_T.tenant).where(_T.until > self._clock()).distinct().order_by(_T.tenant)
        return tuple(TenantId.parse(row.tenant) for row in await read_all(self._db, query))


def _is(tenant: TenantId, start: Start) -> tuple[ColumnElement[bool], ...]:
    return _T.tenant == str(tenant), _T.kind == start.kind, _T.watched == start.watched


def _wanted(row: Row[Any]) -> PendingMonitor:
    return PendingMonitor(Start(row.kind, row.watched, tuple(json.loads(row.events))), row.until, row.reason)
