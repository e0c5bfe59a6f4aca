"""What a place and the people in it set for themselves, a value each: their timezone, their language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import LimitReached
from bot.core.messages.message import Message
from bot.storage.engine.database import Database
from bot.storage.engine.statements import count, putting

MOST: Final = 20_000
"""Of one tenant: everybody may set their own."""
PLACE: Final = ""
"""The subject of the place itself."""


class OwnValues:
    """The values in a table with `tenant`, `subject`, `set_at` and one column more.

    column: its name; spared: subjects that have their room in any case; detail, remedy: of the error when the
    tenant has as many as it may. clock: epoch seconds.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        table: Table,
        column: str,
        *,
        spared: Iterable[str] = (PLACE,),
        detail: Message,
        remedy: Message,
    ) -> None:
        self._db = database
        self._clock = clock
        self._table = table
        self._column = column
        self._spared = frozenset(spared)
        self._detail = detail
        self._remedy = remedy
        self._put = putting(table)

    async def put(self, tenant: TenantId, subject: str, value: str) -> None:
        """Set that of a person, or of the place (`PLACE`). LimitReached when the tenant has as many as it
        may."""
        row = {"tenant": str(tenant), "subject": subject, self._column: value, "set_at": self._clock()}
        of_tenant = select(func.count()).where(self._table.c.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> None:
            await self._db.serialised(connection, f"{self._table.name}:{tenant}")
            await connection.execute(self._put[self._db.dialect], row)
            if subject not in self._spared and (await connection.execute(of_tenant)).scalar_one() > MOST:
                raise LimitReached(self._detail, remedy=self._remedy)

        await self._db.change(work)

    async def remove(self, tenant: TenantId, subject: str) -> bool:
        """Take it back; False when there was none."""
        t = self._table.c
        statement = delete(self._table).where(t.tenant == str(tenant), t.subject == subject)
        return await self._db.change(lambda connection: count(connection, statement)) > 0


async def values_of(
    connection: AsyncConnection, table: Table, column: str, tenant: TenantId, subjects: Iterable[str]
) -> dict[str, str]:
    """What those of these subjects set that set something, inside a transaction of the caller."""
    query = select(table.c.subject, table.c[column]).where(
        table.c.tenant == str(tenant), table.c.subject.in_({*subjects})
    )
    return {str(subject): str(value) for subject, value in await connection.execute(query)}
