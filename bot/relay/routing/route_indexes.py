"""The route indexes of the tenants that had events lately, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from cachetools import LRUCache

from bot.core.chat.ids import TenantId
from bot.core.routes.events import Event
from bot.relay.routing.route_index import RouteIndex
from bot.storage.relay.account_names import AccountNames
from bot.storage.relay.mutes import Mutes
from bot.storage.relay.routes import Routes

# Entries of all of them together, some 200 bytes each.
INDEX_LIMIT = 200_000


class RouteIndexes:
    """Loaded when needed, bounded in all, and current: a changed route counts from the next batch on."""

    def __init__(self, routes: Routes, mutes: Mutes, names: AccountNames, limit: int = INDEX_LIMIT) -> None:
        self._routes = routes
        self._mutes = mutes
        self._names = names
        # One that is larger than all may be is held alone.
        self._held: LRUCache[str, tuple[int, RouteIndex]] = LRUCache(
            limit, getsizeof=lambda held: min(held[1].size, limit)
        )

    async def of(self, events: Sequence[Event]) -> dict[str, RouteIndex]:
        """The current index of each tenant among the events."""
        tenants = {str(event.tenant): event.tenant for event in events}
        versions = await self._routes.versions(list(tenants))
        found = {}
        for name, tenant in tenants.items():
            version = versions.get(name)
            if version is None:
                found[name] = _NO_ROUTES
                continue
            held = self._held.get(name)
            if held is None or held[0] != version:
                # Read after the version: an index newer than it says is only read once more.
                held = (version, await self._load(tenant))
                self._held[name] = held
            found[name] = held[1]
        return found

    async def _load(self, tenant: TenantId) -> RouteIndex:
        routes = await self._routes.of_tenant(tenant)
        muted = await self._mutes.of_tenant(tenant)
        names = await self._names.of_tenant(tenant)
        return RouteIndex(routes, ((one.channel, one.account, one.account_id) for one in muted), names)


_NO_ROUTES = RouteIndex(())
