"""Proposals whose spending is counted in the transactions that claim and settle them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from random import Random
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Actor
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.commands.budgets import BudgetReached
from bot.core.proposal_states import ProposalState
from bot.storage.engine.database import Database
from bot.storage.writes.also_written import AlsoWritten, ProposalJournal
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.proposals import ProposalStore
from bot.storage.writes.sealing import Sealing


class CountsSpending(Protocol):
    """Counts what proposals spend (`bot.proposals.budgeting`)."""

    async def claimed(self, connection: AsyncConnection, stored: StoredProposal) -> None:
        """Reserve it; what is raised undoes the claim."""

    async def settled(self, connection: AsyncConnection, stored: StoredProposal) -> None:
        """Count what it cost."""

    async def short(self, stored: StoredProposal) -> BudgetReached | None:
        """Why it could not be claimed now."""


class BudgetedProposalStore(ProposalStore):
    """The same table. spending: told in each transaction that claims or settles one."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        random: Random,
        kinds: Collection[str],
        sealing: Sealing,
        journal: ProposalJournal | None,
        spending: CountsSpending,
    ) -> None:
        super().__init__(database, clock, random, kinds, sealing, journal)
        self._spending = spending

    async def claim(
        self,
        tenant: TenantId,
        key: str,
        actor: Actor,
        message: str | None = None,
        also: AlsoWritten | None = None,
    ) -> StoredProposal | None:
        """As there. BudgetReached where a budget does not cover it: it stays open then."""
        return await super().claim(tenant, key, actor, message, _both(self._spending.claimed, also))

    async def short(self, _proposal: StoredProposal) -> BudgetReached | None:
        """Why a budget does not cover it as things are; None where all do."""
        return await self._spending.short(_proposal)

    async def settle(
        self,
        proposal: StoredProposal,
        state: ProposalState,
        result: Mapping[str, Any],
        also: AlsoWritten,
    ) -> StoredProposal | None:
        """As there."""
        return await super().settle(proposal, state, result, _both(self._spending.settled, also))


def _both(first: AlsoWritten, then: AlsoWritten | None) -> AlsoWritten:
    async def work(connection: AsyncConnection, stored: StoredProposal) -> None:
        await first(connection, stored)
        if then is not None:
            await then(connection, stored)

    return work
