"""What the Discord adapter needs from the rest of the bot, beside the ports of the core.

`Tenants` is the class of that name in `bot.storage`.
"""

from __future__ import annotations

from typing import Protocol

from bot.core.chat.ids import TenantId


class Tenant(Protocol):
    """A server that is stored. removed_at: epoch seconds when the bot was removed there."""

    @property
    def id(self) -> TenantId: ...
    @property
    def removed_at(self) -> float | None: ...


class Tenants(Protocol):
    """The servers that the bot is in. A removed one keeps its settings for a while."""

    async def ensure(self, tenant: TenantId, name: str = "") -> Tenant:
        """The bot is there; stored when it was not known."""

    async def remove(self, tenant: TenantId) -> bool:
        """The bot was removed there."""

    async def restore(self, tenant: TenantId) -> bool:
        """The bot is there again after it was removed."""
