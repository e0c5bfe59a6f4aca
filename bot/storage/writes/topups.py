"""Checkouts for credits that were begun here: which there are, and how each ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import msgspec
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding, read_all
from bot.storage.tables import topups

AlsoEnded: TypeAlias = Callable[[AsyncConnection], Awaitable[None]]
"""Work done in the transaction that ends one. Only database operations; may run twice."""
PROCESSING: Final = "processing"
"""What Xquik calls one that nobody has paid yet."""
_T = topups.c
_ADD = adding(topups)


class BegunTopup(msgspec.Struct, frozen=True):
    """One of them. proposal: what was confirmed; session, url: Xquik's; dollars: whole; person: who confirmed
    it; place: where; state: "processing", "paid", "failed", "expired", or "lost" where it was looked at for
    as long as any; begun_at: epoch seconds."""

    proposal: str
    session: str
    url: str
    dollars: int
    person: str
    place: Destination
    state: str
    begun_at: float

    @property
    def tenant(self) -> TenantId:
        """Whose it is."""
        return self.place.tenant


class Topups:
    """The table `topups`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, one: BegunTopup, look_at: float) -> None:
        """Remember one, once for a proposal. look_at: epoch seconds, when it is looked at."""
        row = {
            "proposal": one.proposal,
            "tenant": str(one.tenant),
            "session": one.session,
            "url": one.url,
            "dollars": one.dollars,
            "person": one.person,
            "channel": one.place.channel,
            "thread": one.place.thread,
            "state": one.state,
            "begun_at": one.begun_at,
            "look_at": look_at,
        }
        await self._db.write(lambda connection: connection.execute(_ADD[self._db.dialect], row))

    async def open_of(self, tenant: TenantId) -> BegunTopup | None:
        """The newest of a tenant that has not ended, as far as is known."""
        query = (
            select(topups)
            .where(_T.tenant == str(tenant), _T.look_at.is_not(None))
            .order_by(_T.begun_at.desc())
            .limit(1)
        )
        return next(map(_read, await read_all(self._db, query)), None)

    async def due(self, now: float, most: int = 100) -> tuple[BegunTopup, ...]:
        """Those that are to be looked at, the longest due first."""
        query = select(topups).where(_T.look_at <= now).order_by(_T.look_at).limit(most)
        return tuple(map(_read, await read_all(self._db, query)))

    async def later(self, one: BegunTopup, look_at: float) -> None:
        """Look at it then."""
        change = update(topups).where(_T.proposal == one.proposal, _T.look_at.is_not(None))
        await self._db.write(lambda connection: connection.execute(change.values(look_at=look_at)))

    async def ended(self, one: BegunTopup, state: str, also: AlsoEnded | None = None) -> bool:
        """It ended so, and `also` is done in the same transaction; False where that was known."""
        change = (
            update(topups)
            .where(_T.proposal == one.proposal, _T.look_at.is_not(None))
            .values(state=state, look_at=None)
            .returning(_T.proposal)
        )

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(change)).first() is None:
                return False
            if also is not None:
                await also(connection)
            return True

        return await self._db.write(work)


def _read(row: Row[Any]) -> BegunTopup:
    return BegunTopup(
        row.proposal,
        row.session,
        row.url,
        row.dollars,
        row.person,
        Destination(TenantId.parse(row.tenant), row.channel, row.thread),
        row.state,
        row.begun_at,
    )
