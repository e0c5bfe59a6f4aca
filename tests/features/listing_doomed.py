"""A process that reads a list for a file and kills itself on the way."""

from __future__ import annotations

import asyncio
import os
import signal

from bot.app.wiring import App
from bot.core.access import Actor
from bot.core.chat.ids import TenantId
from bot.settings import Settings
from bot.storage.writes.listing_pages import ListingPages, NewPage


def main(settings: Settings, tenant: TenantId, actor: Actor, key: str, page: int, stored: bool) -> None:
    """Confirm the proposal and carry it out; dies at that page. stored: after it is stored, else before."""
    asyncio.run(_read(settings, tenant, actor, key, page, stored))


async def _read(
    settings: Settings, tenant: TenantId, actor: Actor, key: str, page: int, stored: bool
) -> None:
    add = ListingPages.add

    async def dying(self: ListingPages, of: TenantId, reading: str, new: NewPage) -> bool:
        if new.number == page and not stored:
            os.kill(os.getpid(), signal.SIGKILL)
        added = await add(self, of, reading, new)
        if new.number == page:
            os.kill(os.getpid(), signal.SIGKILL)
        return added

    ListingPages.add = dying  # type: ignore[method-assign,assignment]  # this process alone
    app = await App.open(settings)
    claimed = await app.services.proposals.claim(tenant, key, actor)
    assert claimed is not None
    app.executor.begin(claimed)
    await app.executor.outcome(tenant, key)
