"""Open previews of somebody whose data is deleted: void at once, their texts erased, and their messages say
so."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.ports import Scheduler
from bot.core.routes import dedup_keys
from bot.proposals.announcing import Announcement
from bot.proposals.cards import withdrawn_card
from bot.proposals.kinds import ProposalKinds
from bot.proposals.ports import CardOutbox
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.running_proposals import RunningProposals


class Withdrawals:
    """Voids previews. clock: epoch seconds; scheduler: woken for what is to be delivered."""

    def __init__(
        self,
        running: RunningProposals,
        outbox: CardOutbox,
        scheduler: Scheduler,
        kinds: ProposalKinds,
        clock: Clock,
    ) -> None:
        self._running = running
        self._outbox = outbox
        self._scheduler = scheduler
        self._kinds = kinds
        self._clock = clock
        self._listeners: list[Callable[[Collection[str]], None]] = []

    def listen(self, listener: Callable[[Collection[str]], None]) -> None:
        """Have the ids of what is voided told to it, after the commit."""
        self._listeners.append(listener)

    async def of_person(self, tenant: TenantId, person: str) -> int:
        """Void every open preview that the person asked for; how many there were. What each says from then on
        is queued in the same transaction. StorageUnavailable: nothing is changed."""
        lanes: set[str] = set()
        void: list[str] = []

        async def told(connection: AsyncConnection, stored: StoredProposal) -> None:
            void.append(stored.id)
            if stored.kind in self._kinds:
                word = Announcement(self._outbox, self._kinds, dedup_keys.of_expired, self._card)
                await word(connection, stored)
                lanes.update(word.lanes)

        count = await self._running.withdraw(tenant, person, self._clock(), told)
        for lane in lanes:
            self._scheduler.wake(lane)
        for listener in self._listeners:
            listener(void)
        return count

    def _card(self, stored: StoredProposal) -> Card:
        return withdrawn_card(self._kinds[stored.kind])
