"""The clients of Xquik that what is confirmed goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.chat.ids import TenantId
from bot.features.services import Xquik
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.connections import Connections
from bot.xquik.writes import XquikWrites

if TYPE_CHECKING:
    from bot.xquik.resources.reads import XquikReads
    from bot.xquik.resources.spends import XquikSpends


class TenantClients:
    """Implements `bot.proposals.ports.XquikClients`: the only way to a write on X."""

    def __init__(self, connections: Connections, keys: TenantKeys) -> None:
        self._xquik = Xquik(connections, keys)
        self._connections = connections
        self._keys = keys

    async def writes(self, tenant: TenantId) -> XquikWrites:
        """The tenant's writes."""
        return XquikWrites(self._connections.transport, await self._keys.key(tenant))

    async def reads(self, tenant: TenantId) -> XquikReads:
        """The tenant's reads."""
        return await self._xquik.reads(tenant)

    async def spends(self, tenant: TenantId) -> XquikSpends:
        """The tenant's spending requests."""
        return await self._xquik.spends(tenant)
