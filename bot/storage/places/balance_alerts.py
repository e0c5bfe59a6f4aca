"""Below which balance a channel of a place is told of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting, read_all
from bot.storage.tables import balance_alerts

_T = balance_alerts.c
_PUT = putting(balance_alerts)


class BalanceAlert(msgspec.Struct, frozen=True):
    """below: credits; place: where it is told; told_at: since when it is below, as was told, in epoch
    seconds; 0 while it is not."""

    below: int
    place: Destination
    told_at: float = 0.0


class BalanceAlerts:
    """The table `balance_alerts`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def put(self, alert: BalanceAlert) -> None:
        """Set it for its place; what was told counts no more."""
        place = alert.place
        row = {
            "tenant": str(place.tenant),
            "below": alert.below,
            "channel": place.channel,
            "thread": place.thread,
            "told_at": 0.0,
        }
        await self._db.write(lambda connection: connection.execute(_PUT[self._db.dialect], row))

    async def remove(self, tenant: TenantId) -> None:
        """Tell of it no more."""
        gone = delete(balance_alerts).where(_T.tenant == str(tenant))
        await self._db.write(lambda connection: connection.execute(gone))

    async def of(self, tenant: TenantId) -> BalanceAlert | None:
        """What is set there."""
        query = select(balance_alerts).where(_T.tenant == str(tenant))
        return next(map(_read, await read_all(self._db, query)), None)

    async def all(self) -> tuple[BalanceAlert, ...]:
        """Of every tenant."""
        return tuple(map(_read, await read_all(self._db, select(balance_alerts).order_by(_T.tenant))))

    async def note(
        self,
        alert: BalanceAlert,
        told_at: float,
        also: Callable[[AsyncConnection], Awaitable[None]] | None = None,
    ) -> bool:
        """It is below since then, or not any more (0), and `also` is done in the same transaction. False
        where another process noted it, or it was set anew."""
        change = (
            update(balance_alerts)
            .where(_T.tenant == str(alert.place.tenant), _T.told_at == alert.told_at, _T.below == alert.below)
            .values(told_at=told_at)
            .returning(_T.tenant)
        )

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(change)).first() is None:
                return False
            if also is not None:
                await also(connection)
            return True

        return await self._db.write(work)


def _read(row: Row[Any]) -> BalanceAlert:
    place = Destination(TenantId.parse(row.tenant), row.channel, row.thread)
    return BalanceAlert(row.below, place, row.told_at)
