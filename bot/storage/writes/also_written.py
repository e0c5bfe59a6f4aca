"""What is written in the transaction that changes a proposal, beside the change itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Actor
from bot.core.audit import AuditEvent
from bot.core.chat.ids import TenantId
from bot.storage.writes.proposal_rows import StoredProposal

AlsoWritten: TypeAlias = Callable[[AsyncConnection, StoredProposal], Awaitable[None]]
"""Work done in that transaction. Only database operations; may run twice."""


class ProposalJournal(Protocol):
    """Keeps the record of what is decided: `bot.storage.writes.audit_journal.AuditJournal`."""

    async def of_proposal(
        self, tenant: TenantId, actor: Actor, event: AuditEvent, outcome: str = "ok"
    ) -> AlsoWritten:
        """What records it."""
