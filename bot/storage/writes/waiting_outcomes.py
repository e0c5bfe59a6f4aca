"""Outcomes of proposals while they wait in the outbox for an answer to a click that tells them first."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes import dedup_keys
from bot.core.routes.deliveries import DeliveryState
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import is_open, withdraw
from bot.storage.tables import deliveries, proposals

_T = deliveries.c


class WaitingOutcomes:
    """What is asked of them, whichever process put them there."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def ended(self, keys: Collection[str]) -> frozenset[str]:
        """Which of these proposals are settled."""
        query = select(proposals.c.id).where(
            proposals.c.id.in_(sorted(keys)), proposals.c.settled_at.is_not(None)
        )

        async def work(connection: AsyncConnection) -> frozenset[str]:
            return frozenset((await connection.execute(query)).scalars())

        return await self._db.read(work)

    async def hold(self, tenant: TenantId, proposal: str, until: float) -> frozenset[str]:
        """Keep the outbox from telling how it ended until then (epoch seconds), since an answer is about to.
        The lanes in which it waits; none where somebody has been told, or is being told just now."""
        # By the index of what is open, which is little: there is none by what messages are about.
        waits = (
            is_open(deliveries),
            _T.tenant == str(tenant),
            _T.dedup_key == dedup_keys.of_outcome(proposal),
            _T.state == DeliveryState.WAITING,
        )
        change = update(deliveries).where(*waits).values(not_before=until).returning(_T.lane)

        async def work(connection: AsyncConnection) -> frozenset[str]:
            return frozenset((await connection.execute(change)).scalars())

        return await self._db.write(work)

    async def told(self, proposal: str, lanes: Iterable[str]) -> None:
        """An answer has told how it ended: what waits in these lanes to tell it is not needed."""

        async def work(connection: AsyncConnection) -> None:
            for lane in lanes:
                await withdraw(connection, lane, dedup_keys.of_outcome(proposal))

        await self._db.write(work)
