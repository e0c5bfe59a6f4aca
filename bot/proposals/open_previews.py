"""Previews that one person alone sees: their message can be changed only by the interaction that showed it,
and only for a while, so that one which is withdrawn meanwhile says so in its place.

Where several processes share a database, the one that withdraws may not be the one that showed it: `look`
asks what has ended. What is not told so is told at a press.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from bot.core.chat.answers import Later, Reply
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable
from bot.proposals.cards import ProposalCards
from bot.storage.writes.proposal_rows import WITHDRAWN, StoredProposal
from bot.storage.writes.proposals import ProposalStore

SHOWN_FOR: Final = 13 * 60.0
"""Seconds for which the message of an interaction can still be changed: Discord takes it for 15 minutes."""
MOST_SHOWN: Final = 200
"""Previews that are remembered in one process: the oldest is let go for one more."""


@dataclass(slots=True)
class Awaited:
    """An interaction whose message is changed once its proposal has ended. until: epoch seconds; ended: it
    did, or nobody waits any more."""

    tenant: TenantId
    until: float
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class OpenPreviews:
    """Those that this process has shown. clock: epoch seconds; sole: no other process is on the database."""

    def __init__(self, store: ProposalStore, cards: ProposalCards, clock: Clock, *, sole: bool) -> None:
        self._store = store
        self._cards = cards
        self._clock = clock
        self._sole = sole
        self._shown: dict[str, Awaited] = {}
        self._closed = False

    def later(self, proposal: StoredProposal) -> Later | None:
        """Waits for what takes the place of its preview; None for one whose message can be changed anyway."""
        return self.later_of(proposal.id, proposal.tenant) if self._cards.private(proposal) else None

    def later_of(self, key: str, tenant: TenantId) -> Later | None:
        """The same of one that one person alone sees."""
        if self._closed:
            return None
        preview = Awaited(tenant, self._clock() + SHOWN_FOR)
        while len(self._shown) >= MOST_SHOWN:
            self._let_go(next(iter(self._shown)))
        self._shown[key] = preview
        return lambda: self._instead(key, preview)

    def withdrawn(self, keys: Collection[str]) -> None:
        """These are void now."""
        for key in keys:
            self._let_go(key)

    async def look(self) -> None:
        """Wake those that ended elsewhere, and let go of what is too old. Raises StorageUnavailable."""
        now = self._clock()
        self.withdrawn([key for key, one in self._shown.items() if one.until <= now])
        if self._shown and not self._sole:
            self.withdrawn(await self._store.outcomes.ended(self._shown))

    def close(self) -> None:
        """Let all go."""
        self._closed = True
        self.withdrawn([*self._shown])

    def _let_go(self, key: str) -> None:
        if (one := self._shown.pop(key, None)) is not None:
            one.ended.set()

    async def _instead(self, key: str, preview: Awaited) -> Reply | None:
        await preview.ended.wait()
        if self._closed or self._clock() >= preview.until:
            return None
        try:
            stored = await self._store.get(preview.tenant, key)
        except StorageUnavailable:
            return None
        if stored is None or not (stored.result or {}).get(WITHDRAWN):
            return None
        return Reply(self._cards.standing(stored), replace=True, in_place=True)
