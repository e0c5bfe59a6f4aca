"""The clients of Xquik that what is confirmed goes through."""

from __future__ import annotations

from bot.core.chat.ids import TenantId
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.account_changes import AccountChanges
from bot.xquik.client import XquikClient
from bot.xquik.connections import Connections
from bot.xquik.draw_runs import DrawRuns
from bot.xquik.extraction_runs import ExtractionRuns
from bot.xquik.transport.caller import Caller
from bot.xquik.writes import XquikWrites


class TenantClients:
    """Implements `bot.proposals.ports.XquikClients`: the only way to a write on X, a draw, an
    extraction and a change of the account."""

    def __init__(self, connections: Connections, keys: TenantKeys) -> None:
        self._connections = connections
        self._keys = keys

    async def writes(self, tenant: TenantId) -> XquikWrites:
        """The tenant's writes."""
        return XquikWrites(self._connections.transport, await self._keys.key(tenant))

    async def draw_runs(self, tenant: TenantId) -> DrawRuns:
        """The tenant's draws, to be run."""
        return DrawRuns(Caller(self._connections.transport, await self._keys.key(tenant)))

    async def extraction_runs(self, tenant: TenantId) -> ExtractionRuns:
        """The tenant's extractions, to be run."""
        return ExtractionRuns(Caller(self._connections.transport, await self._keys.key(tenant)))

    async def account_changes(self, tenant: TenantId) -> AccountChanges:
        """The tenant's changes of the account at Xquik."""
        return AccountChanges(Caller(self._connections.transport, await self._keys.key(tenant)))

    async def client(self, tenant: TenantId) -> XquikClient:
        """What else may be asked."""
        return self._connections.client(await self._keys.key(tenant))
