"""What performing a proposal needs from the outside, as narrow as it uses it.

`bot.xquik` and `bot.relay.sending.outbox` satisfy these; the composition root hands them in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.dedup_keys import DedupKey
from bot.xquik.account_changes import AccountChanges
from bot.xquik.client import XquikClient
from bot.xquik.draw_runs import DrawRuns
from bot.xquik.extraction_runs import ExtractionRuns
from bot.xquik.models import WriteAction
from bot.xquik.write_kinds import FileContent, WriteName


class WriteCalls(Protocol):
    """The writes of one tenant that take an idempotency key (`bot.xquik.writes`)."""

    async def perform(
        self,
        kind: WriteName,
        payload: Mapping[str, Any],
        idempotency_key: str,
        *,
        file: FileContent | None = None,
    ) -> WriteAction:
        """Send the write once. The same key, payload and file always mean the same one write."""


class XquikClients(Protocol):
    """The ways into Xquik for a tenant. Each raises NotConfigured when it has no key (any more)."""

    async def writes(self, tenant: TenantId) -> WriteCalls:
        """The tenant's writes."""

    async def draw_runs(self, tenant: TenantId) -> DrawRuns:
        """The tenant's draws, to be run."""

    async def extraction_runs(self, tenant: TenantId) -> ExtractionRuns:
        """The tenant's extractions, to be run."""

    async def account_changes(self, tenant: TenantId) -> AccountChanges:
        """The tenant's changes of the account at Xquik."""

    async def client(self, tenant: TenantId) -> XquikClient:
        """What else may be asked, to learn how something ended."""


class CardOutbox(Protocol):
    """Makes a card a durable delivery, inside the caller's transaction."""

    async def __call__(
        self,
        connection: AsyncConnection,
        destination: Destination,
        dedup_key: DedupKey,
        card: Card,
        *,
        edit_message: str | None = None,
        person: str | None = None,
        only_edit: bool = False,
        private: bool = False,
        after: float = 0.0,
        attachment: str | None = None,
    ) -> str:
        """Queue it; returns the lane to wake after the commit. The same dedup_key is delivered once:
        edit that message, else (unless only_edit or private) post anew, else tell the person. A private one
        waits until `after` (epoch seconds). attachment: the file that goes with a new message."""


Step: TypeAlias = Callable[[str], None]
"""Told the name of every step as it is reached; tests stop the process there."""


def no_step(_name: str) -> None:
    """Nobody is told."""
