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
from bot.xquik.models import Credits, DrawDetail, DrawPage, WriteAction
from bot.xquik.resources.spends import DrawRequest
from bot.xquik.write_kinds import WriteName


class WriteCalls(Protocol):
    """The writes of one tenant that take an idempotency key (`bot.xquik.writes`)."""

    async def perform(self, kind: WriteName, payload: Mapping[str, Any], idempotency_key: str) -> WriteAction:
        """Send the write once. The same key and payload always mean the same one write."""


class OutcomeReads(Protocol):
    """What is looked at to learn how something ended (`bot.xquik.resources.reads`). Free of charge."""

    async def write_action(self, action_id: str) -> WriteAction:
        """How a write that was accepted stands now."""

    async def credits(self) -> Credits:
        """The balance."""

    async def draws(self, cursor: str | None = None, limit: int = 50) -> DrawPage:
        """The draws of the account, newest first."""

    async def draw(self, draw_id: str) -> DrawDetail:
        """A draw with its winners."""


class Spends(Protocol):
    """What spends credits (`bot.xquik.resources.spends`)."""

    async def create_draw(self, request: DrawRequest, idempotency_key: str) -> DrawDetail:
        """Run a draw, once. The same key and request always mean the same one draw."""


class XquikClients(Protocol):
    """The ways into Xquik for a tenant. Each raises NotConfigured when it has no key (any more)."""

    async def writes(self, tenant: TenantId) -> WriteCalls:
        """The tenant's writes."""

    async def reads(self, tenant: TenantId) -> OutcomeReads:
        """The tenant's reads."""

    async def spends(self, tenant: TenantId) -> Spends:
        """The tenant's spending requests."""


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
    ) -> str:
        """Queue it; returns the lane to wake after the commit. The same dedup_key is delivered once:
        edit that message, else (unless only_edit or private) post anew, else tell the person. A private one
        waits until `after` (epoch seconds)."""


Step: TypeAlias = Callable[[str], None]
"""Told the name of every step as it is reached; tests stop the process there."""


def no_step(_name: str) -> None:
    """Nobody is told."""
