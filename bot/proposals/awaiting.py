"""Clicks whose answer tells how it ended: what one person alone sees is changed by it, and by nothing else.

An outcome that such a click waits for goes into the outbox with a pause before it is delivered, and is
withdrawn from there once the person has read it. Where nobody reads it in time (the process died, the
platform took no answer any more) the outbox tells the person directly.

Where several processes share a database, the one that performs may not be the one whose click waits. So the
outcome of what was clicked lately gets that pause in any process, and whoever waits looks what has ended
(`look`), keeps the outbox from telling it meanwhile, and tells it only where it has not been told.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Collection
from typing import Final

from cachetools import FIFOCache

from bot.core.chat.cards import Card
from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable, said_of_outage
from bot.proposals.announcing import ANSWERED_WITHIN
from bot.proposals.cards import ProposalCards
from bot.proposals.open_previews import SHOWN_FOR, Awaited, OpenPreviews
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.proposals import ProposalStore

log = logging.getLogger(__name__)

LATER: Final = SHOWN_FOR
"""Seconds for which the message of such a click can still be changed, as that of a preview."""
LOOK_EVERY: Final = 5.0
"""Seconds between two looks at what clicks wait for, all of it in one query."""
MOST_WAITING: Final = 200
"""Clicks that wait in one process: who comes after that is told directly."""
MOST_OF_PLACE: Final = 40
"""Those of one place."""
MOST_KEPT: Final = 200
"""Outcomes that wait for the answer to a click: what is older goes out by itself."""


class AwaitedOutcomes:
    """Whose clicks wait, and where their outcomes wait for them. clock: epoch seconds; sole: no other process
    is on the database. closed: nothing ends here any more. previews: those that one person alone sees."""

    def __init__(self, store: ProposalStore, cards: ProposalCards, clock: Clock, *, sole: bool) -> None:
        self._store = store
        self._outcomes = store.outcomes
        self._cards = cards
        self._clock = clock
        self._sole = sole
        self._waiting: dict[str, Awaited] = {}
        self._kept: FIFOCache[str, frozenset[str]] = FIFOCache(MOST_KEPT)
        self._settling: set[str] = set()
        self.previews = OpenPreviews(store, cards, clock, sole=sole)
        self.closed = False

    def close(self) -> None:
        """Let all go that wait: nothing ends here any more."""
        self.closed = True
        self.previews.close()
        for click in self._waiting.values():
            click.ended.set()

    def expect(self, proposal: StoredProposal, within: float) -> bool:
        """A click on it waits from now on, for so many seconds; False where too many do already."""
        until = self._clock() + within
        known = self._waiting.get(proposal.id)
        if known is not None:
            known.until = until
            return True
        of_places = Counter(click.tenant for click in self._waiting.values())
        if len(self._waiting) >= MOST_WAITING or of_places[proposal.tenant] >= MOST_OF_PLACE:
            return False
        self._waiting[proposal.id] = Awaited(proposal.tenant, until)
        return True

    def give_up(self, key: str) -> None:
        """It waits no more."""
        self._waiting.pop(key, None)

    async def look(self) -> None:
        """Wake those whose wait has ended elsewhere, or has lasted too long. Raises StorageUnavailable."""
        now = self._clock()
        for key, click in [*self._waiting.items()]:
            if click.until <= now:
                click.ended.set()
                self.give_up(key)
        if self._waiting and not self._sole:
            for key in await self._outcomes.ended(self._waiting):
                if key in self._waiting:
                    self._waiting[key].ended.set()
        await self.previews.look()

    def settling(self, proposal: StoredProposal, *, private: bool) -> bool:
        """How it ended is being stored just now; whether a click waits for that, here or elsewhere."""
        if proposal.id in self._waiting:
            self._settling.add(proposal.id)
            return True
        clicked = proposal.claimed_at or proposal.created_at
        # Its click may wait in another process as long as that can wait at all.
        return private and not self._sole and self._clock() < clicked + LATER + ANSWERED_WITHIN

    def is_settling(self, key: str) -> bool:
        """Whether it is being stored just now."""
        return key in self._settling

    def settled(self, key: str, lanes: Collection[str]) -> None:
        """It is stored, and its outcome waits in these lanes."""
        if key in self._waiting:
            self._kept[key] = frozenset(lanes)
            self._waiting[key].ended.set()

    def over(self, key: str) -> None:
        """Nothing is under way for it here."""
        self._settling.discard(key)

    def keeps(self, key: str) -> bool:
        """Whether its outcome was stored here, and waits for the answer to its click."""
        return key in self._kept

    async def held(self, proposal: StoredProposal) -> bool:
        """Keep the outbox from telling how it ended while an answer does; False where the person has been
        told already, or is being told. Raises StorageUnavailable."""
        until = self._clock() + ANSWERED_WITHIN
        lanes = await self._outcomes.hold(proposal.tenant, proposal.id, until)
        self._kept[proposal.id] = lanes
        return bool(lanes)

    async def read(self, key: str) -> None:
        """The person has read it in an answer: nothing else tells it."""
        self.give_up(key)
        lanes = self._kept.pop(key, frozenset())
        if not lanes:
            return
        try:
            await self._outcomes.told(key, lanes)
        except StorageUnavailable as error:
            _note(f"proposal {key} is told a second time", error)  # no message: a log line

    async def later(self, proposal: StoredProposal, within: float) -> Card | None:
        """How it ended, for an answer to tell, within so many seconds; None where that took too long, where
        too many wait, and where the person has been told directly, or will be."""
        if within <= 0 or self.closed or not self.expect(proposal, within):
            self.give_up(proposal.id)
            return None
        click = self._waiting[proposal.id]
        try:
            # It may have ended elsewhere before anybody looked for that.
            if (card := await self._to_tell(proposal, click)) is not None:
                return card
            try:
                async with asyncio.timeout(within):
                    await click.ended.wait()
            except TimeoutError:
                return None
            return await self._to_tell(proposal, click)
        finally:
            self.give_up(proposal.id)

    async def _to_tell(self, proposal: StoredProposal, click: Awaited) -> Card | None:
        try:
            stored = await self._store.get(proposal.tenant, proposal.id)
            if stored is None or not stored.state.settled or self._clock() >= click.until:
                return None
            if await self.held(stored):
                return self._cards.standing(stored)
        except StorageUnavailable as error:
            _note(f"how proposal {proposal.id} stands is not known here", error)  # no message: a log line
        return None


def _note(what: str, error: StorageUnavailable) -> None:
    log.warning("pending: %s: %s", what, said_of_outage(error))
