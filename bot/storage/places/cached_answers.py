"""Answers of Xquik that cost credits and stay true for a while, a tenant's own."""

from __future__ import annotations

import logging

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.tables import cached_answers

_LOG = logging.getLogger(__name__)
_PUT = putting(cached_answers)


class CachedAnswer(msgspec.Struct, frozen=True):
    """body: as stored, JSON by convention. fetched_at: epoch seconds."""

    body: str
    fetched_at: float


class CachedAnswers:
    """The stored answers. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, tenant: TenantId, key: str) -> CachedAnswer | None:
        """The answer, None when there is none or it is too old."""
        query = select(cached_answers.c.body, cached_answers.c.fetched_at).where(
            cached_answers.c.tenant == str(tenant),
            cached_answers.c.key == key,
            cached_answers.c.expires_at > self._clock(),
        )

        async def work(connection: AsyncConnection) -> CachedAnswer | None:
            row = (await connection.execute(query)).first()
            return None if row is None else CachedAnswer(row.body, row.fetched_at)

        return await self._database.read(work)

    async def put(self, tenant: TenantId, key: str, body: str, *, lifetime: float) -> None:
        """Store an answer fetched now, where that is possible: it is there already, and may be paid for, so
        what cannot be kept is asked for again. lifetime: seconds for which `get` gives it."""
        now = self._clock()
        row = {
            "tenant": str(tenant),
            "key": key,
            "body": body,
            "fetched_at": now,
            "expires_at": now + lifetime,
        }
        try:
            await self._database.write(lambda c: c.execute(_PUT[self._database.dialect], row))
        except StorageUnavailable as error:
            _LOG.warning("an answer of Xquik is not kept: %s", error.detail)

    async def outdated(self, tenant: TenantId, begins: str) -> None:
        """What is kept under keys that begin so was true once: it is asked for again where that can be. Where
        this cannot be stored, it is believed for as long as it would have been."""
        change = (
            update(cached_answers)
            .where(
                cached_answers.c.tenant == str(tenant),
                cached_answers.c.key.startswith(begins, autoescape=True),
            )
            .values(fetched_at=0.0)
        )
        try:
            await self._database.write(lambda c: c.execute(change))
        except StorageUnavailable as error:
            _LOG.warning("an answer of Xquik is believed though it is old: %s", error.detail)
