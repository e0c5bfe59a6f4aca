"""The parts of threads that are being posted: the key of each, and the tweet that came of it.

The keys of a thread are stored before its first request leaves, so whoever goes on with it, after whatever,
repeats the identical requests: each part is posted once.
"""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database, insert
from bot.storage.tables import thread_parts

_T = thread_parts.c


class ThreadPart(msgspec.Struct, frozen=True):
    """number: from 1. key: the idempotency key of its request. action: Xquik's record of it, once it was
    accepted or done; tweet: what was posted, None until it is known. charged: credits."""

    number: int
    key: str
    action: str | None
    tweet: str | None
    charged: int


class ThreadParts:
    """Over the table of parts. random: where keys come from."""

    def __init__(self, database: Database, random: Random) -> None:
        self._database = database
        self._random = random

    async def begin(self, tenant: TenantId, proposal: str, count: int) -> tuple[ThreadPart, ...]:
        """The parts of a thread, in order; made with their keys where they are not there yet."""
        rows = [
            {
                "tenant": str(tenant),
                "proposal": proposal,
                "number": number,
                "key": f"xqb-{self._random.getrandbits(128):032x}",
                "charged": 0,
            }
            for number in range(1, count + 1)
        ]
        made = insert(self._database.dialect, thread_parts).on_conflict_do_nothing()
        query = (
            select(thread_parts).where(_T.tenant == str(tenant), _T.proposal == proposal).order_by(_T.number)
        )

        async def work(connection: AsyncConnection) -> tuple[ThreadPart, ...]:
            await connection.execute(made, rows)
            found = await connection.execute(query)
            return tuple(ThreadPart(r.number, r.key, r.action, r.tweet, r.charged) for r in found)

        return await self._database.write(work)

    async def accepted(self, tenant: TenantId, proposal: str, number: int, action: str) -> None:
        """Xquik has a part, and has not said yet what came of it."""
        await self._note(tenant, proposal, number, {"action": action})

    async def posted(
        self, tenant: TenantId, proposal: str, number: int, tweet: str, charged: int, *, action: str | None
    ) -> None:
        """A part stands on X. action: Xquik's record of it, where it named one."""
        await self._note(tenant, proposal, number, {"tweet": tweet, "charged": charged, "action": action})

    async def _note(self, tenant: TenantId, proposal: str, number: int, values: dict[str, Any]) -> None:
        named = (_T.tenant == str(tenant), _T.proposal == proposal, _T.number == number)
        statement = update(thread_parts).where(*named).values(values)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.write(work)
