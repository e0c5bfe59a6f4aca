"""The hand-off log: one row an upload, and one a write that used media. By tenant; never the text of
anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding
from bot.storage.tables import media_handoff

_T = media_handoff.c
_ADD: Final = adding(media_handoff)


class HandoffRow(msgspec.Struct, frozen=True):
    """event: upload, post, reply or dm. at: epoch seconds. fields: as other programs read them."""

    id: str
    event: str
    at: float
    fields: Mapping[str, Any]


class MediaHandoff:
    """The table `media_handoff`. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def add(self, tenant: TenantId, id: str, event: str, fields: Mapping[str, Any]) -> None:
        """Note what happened, unless it is noted under that id already (a crash came in between)."""
        row = {
            "id": id,
            "tenant": str(tenant),
            "event": event,
            "at": self._clock(),
            "fields": json.dumps(fields, ensure_ascii=False),
        }
        await self._db.write(lambda connection: connection.execute(_ADD[self._db.dialect], row))

    async def rows(
        self, tenant: TenantId, after: HandoffRow | None = None, most: int = 500
    ) -> tuple[HandoffRow, ...]:
        """The tenant's rows, oldest first. after: those behind this one."""
        query = select(media_handoff).where(_T.tenant == str(tenant)).order_by(_T.at, _T.id).limit(most)
        if after is not None:
            query = query.where(or_(_T.at > after.at, and_(_T.at == after.at, _T.id > after.id)))

        async def work(connection: AsyncConnection) -> tuple[HandoffRow, ...]:
            found = await connection.execute(query)
            return tuple(HandoffRow(row.id, row.event, row.at, json.loads(row.fields)) for row in found)

        return await self._db.read(work)
