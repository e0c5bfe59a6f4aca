"""Proposals that are being carried out: which there are, and that somebody wants no more of one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import RowMapping, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Actor
from bot.core.chat.ids import TenantId
from bot.core.proposal_states import ProposalState
from bot.core.text.shortening import cut
from bot.storage.engine.database import Database
from bot.storage.tables import proposals
from bot.storage.writes import media_of_proposals
from bot.storage.writes import proposal_rows as rows
from bot.storage.writes.also_written import AlsoWritten
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.sealing import ERASED

_T = proposals.c
# As they are in the condition of the index.
_RUNNING = [ProposalState.CLAIMED.value, ProposalState.DISPATCHING.value, ProposalState.POLLING.value]


class RunningProposal(msgspec.Struct, frozen=True):
    """One that was confirmed and has not ended."""

    id: str
    requester: str
    payload: dict[str, Any]


class RunningProposals:
    """What runs in the table `proposals`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of_kinds(self, tenant: TenantId, kinds: Collection[str]) -> tuple[RunningProposal, ...]:
        """Those of a tenant, in the order in which they were confirmed."""
        query = (
            select(_T.id, _T.requester, _T.payload)
            .where(_T.tenant == str(tenant), _T.kind.in_(sorted(kinds)), _T.state.in_(_RUNNING))
            .order_by(_T.claimed_at, _T.id)
        )

        async def work(connection: AsyncConnection) -> tuple[RunningProposal, ...]:
            return tuple(map(_running, (await connection.execute(query)).mappings()))

        return await self._db.read(work)

    async def acting_as(self, tenant: TenantId, account: str, now: float) -> tuple[int, int]:
        """How many previews of a tenant that can still be confirmed would be done as that account, by Xquik's
        own id, and how many that were confirmed are under way."""
        open_ones = and_(_T.state == ProposalState.OPEN.value, _T.expires_at > now)
        query = select(_T.state, _T.payload).where(
            _T.tenant == str(tenant), or_(open_ones, _T.state.in_(_RUNNING))
        )

        async def work(connection: AsyncConnection) -> tuple[int, int]:
            rows_found = (await connection.execute(query)).all()
            states = [
                state for state, payload in rows_found if rows.load(payload).get("account_id") == account
            ]
            waiting = states.count(ProposalState.OPEN.value)
            return waiting, len(states) - waiting

        return await self._db.read(work)

    async def waiting_of(self, tenant: TenantId, person: str, now: float) -> int:
        """How many previews that a person asked for can still be confirmed. now: epoch seconds."""
        query = (
            select(func.count())
            .select_from(proposals)
            .where(
                _T.tenant == str(tenant),
                _T.requester == person,
                _T.state == ProposalState.OPEN.value,
                _T.expires_at > now,
            )
        )

        async def work(connection: AsyncConnection) -> int:
            return int((await connection.execute(query)).scalar_one())

        return await self._db.read(work)

    async def under_way(self, tenant: TenantId) -> int:
        """How many of a tenant were confirmed and have not ended."""
        query = (
            select(func.count())
            .select_from(proposals)
            .where(_T.tenant == str(tenant), _T.state.in_(_RUNNING))
        )

        async def work(connection: AsyncConnection) -> int:
            return int((await connection.execute(query)).scalar_one())

        return await self._db.read(work)

    async def withdraw(self, tenant: TenantId, person: str, now: float, also: AlsoWritten) -> int:
        """Close every open proposal that a person asked for, and do `also` for each in the same transaction;
        how many. What was asked for and by whom is erased: that it was withdrawn stays for a while, for
        whoever presses it yet. now: epoch seconds."""
        change = (
            update(proposals)
            .where(_T.tenant == str(tenant), _T.requester == person, _T.state == ProposalState.OPEN.value)
            .values(state=ProposalState.CANCELLED.value, settled_at=now, **ERASED)
            .returning(*proposals.c)
        )

        async def work(connection: AsyncConnection) -> int:
            over = (await connection.execute(change)).mappings().all()
            for row in over:
                closed = rows.read(row)
                await media_of_proposals.ended(connection, closed, now)
                await also(connection, closed)
            gone = update(proposals).where(_T.id.in_([row["id"] for row in over]))
            await connection.execute(gone.values(**rows.withdrawn()))
            return len(over)

        return await self._db.write(work)

    async def stopped_by(self, tenant: TenantId, key: str) -> str:
        """The name of who wants no more of it; "" while nobody does."""
        query = select(_T.stopped_by).where(_T.id == key, _T.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> str:
            return (await connection.execute(query)).scalar_one_or_none() or ""

        return await self._db.read(work)

    async def stop(self, tenant: TenantId, key: str, actor: Actor) -> StoredProposal | None:
        """Write down that it is to end with what there is. None when it does not run (any more)."""
        change = (
            update(proposals)
            .where(_T.id == key, _T.tenant == str(tenant), _T.state.in_(_RUNNING))
            .values(stopped_by=cut(actor.display_name, 120) or actor.id)
            .returning(*proposals.c)
        )

        async def work(connection: AsyncConnection) -> StoredProposal | None:
            row = (await connection.execute(change)).mappings().first()
            return None if row is None else rows.read(row)

        return await self._db.write(work)


def _running(row: RowMapping) -> RunningProposal:
    payload: dict[str, Any] = rows.load(row["payload"])
    return RunningProposal(row["id"], row["requester"], payload)
