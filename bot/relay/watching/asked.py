"""Tenants that the watch is to look at before their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.core.chat.ids import TenantId


class UrgentTenants:
    """Whom to look at at once, because something changed there: asked for in the process that relays."""

    def __init__(self) -> None:
        self._tenants: set[TenantId] = set()
        self._event = asyncio.Event()

    def soon(self, tenant: TenantId) -> None:
        """Something may have changed there."""
        self._tenants.add(tenant)
        self._event.set()

    def wake(self) -> None:
        """Have another round, for those who are due by themselves."""
        self._event.set()

    def begin(self) -> None:
        """A round begins: what is asked for from now on is for the next."""
        self._event.clear()

    def keep(self, tenants: Iterable[TenantId]) -> None:
        """Forget all others."""
        self._tenants.intersection_update(tenants)

    def take(self, tenant: TenantId) -> None:
        """It is looked at now; whoever asks from now on asks for another look."""
        self._tenants.discard(tenant)

    def __contains__(self, tenant: TenantId) -> bool:
        return tenant in self._tenants

    async def wait(self) -> None:
        """Until somebody asks."""
        await self._event.wait()
