"""Open previews of somebody whose data is deleted: void at once, their texts erased, and their messages say
so."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card, Priority, Text, Tone
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.messages.message import msg
from bot.core.ports import Scheduler
from bot.core.routes import dedup_keys
from bot.proposals.announcing import Announcement
from bot.proposals.kinds import ProposalKind, ProposalKinds
from bot.proposals.ports import CardOutbox
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.running_proposals import RunningProposals

GONE: Final = msg(
    "Who asked for this had their data deleted here: it cannot be confirmed any more, and its text is erased."
)
"""What became of such a preview."""


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

    async def of_person(self, tenant: TenantId, person: str) -> int:
        """Void every open preview that the person asked for; how many there were. What each says from then on
        is queued in the same transaction. StorageUnavailable: nothing is changed."""
        lanes: set[str] = set()

        async def told(connection: AsyncConnection, stored: StoredProposal) -> None:
            if stored.kind in self._kinds:
                word = Announcement(self._outbox, self._kinds, dedup_keys.of_expired, self._card)
                await word(connection, stored)
                lanes.update(word.lanes)

        count = await self._running.withdraw(tenant, person, self._clock(), told)
        for lane in lanes:
            self._scheduler.wake(lane)
        return count

    def _card(self, stored: StoredProposal) -> Card:
        return withdrawn_card(self._kinds[stored.kind])


def withdrawn_card(kind: ProposalKind) -> Card:
    """In place of such a preview: neither its text nor a name."""
    said = Text((GONE, " ", kind.words({}).nothing), priority=Priority.ESSENTIAL)
    return Card(msg("Withdrawn"), (said,), Tone.NEUTRAL)
