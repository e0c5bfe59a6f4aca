"""Telling people how a proposal stands: cards that are as durable as what they tell.

Each is queued in the transaction that makes it true, and its lane is woken after the commit. An
outcome reaches people in any case; that a preview expired, or that Xquik is silent, is only worth an
edit of the message that says otherwise. What was asked in a terminal has no place here: whoever waits
for it prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card, Priority, Text
from bot.core.clocks import Clock, Sleep
from bot.core.messages.message import msg
from bot.core.ports import Scheduler
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import KeyOfProposal
from bot.core.tasks import TaskSet
from bot.proposals.cards import ProposalCards
from bot.proposals.kinds import Leaves, ProposalKinds
from bot.proposals.long_work import below_card, part_card
from bot.proposals.ports import CardOutbox
from bot.storage.writes.posted import GONE, mark_deleted
from bot.storage.writes.proposal_rows import StoredProposal

HEAD_START: Final = 1.5
"""Seconds from the click that its own answer gets, before anything replaces it."""
QUIET_AFTER: Final = 20.0
"""Seconds from the click after which a message must not go on saying that it is under way."""
ANSWERED_WITHIN: Final = 30.0
"""Seconds that the answer to a click gets to tell an outcome. Then it is told without: the answer was
lost, or the process that was to give it."""
STAGE: Final = 120.0
"""Seconds within which the word about a silent Xquik is not renewed."""
_SILENCE: Final = 2
"""Looks in a row at something accepted that got no answer: a single one is no silence yet."""


ProposalCard: TypeAlias = Callable[[StoredProposal], Card]
"""Draws how a proposal stands."""


@dataclass
class Announcement:
    """One card to be queued. outcome: it must reach people, by a new message or directly if need be.

    after: epoch seconds until which the answer to a click may tell it, and have it withdrawn. lanes: where it
    was queued; none where there is nobody to tell.
    """

    outbox: CardOutbox
    kinds: ProposalKinds
    dedup_key: KeyOfProposal
    card: ProposalCard
    outcome: bool = False
    after: float = 0.0
    lanes: set[str] = field(default_factory=set)

    async def __call__(self, connection: AsyncConnection, stored: StoredProposal) -> None:
        """Queue it, inside the transaction that changed the proposal."""
        if not stored.place.channel or not (self.outcome or stored.message):
            return
        files = (stored.result or {}).get("files") if self.outcome else None
        if files:
            await self._with_files(connection, stored, files)
            return
        private = self.kinds[stored.kind].private
        # A private preview is seen, and decided, by one person.
        person = (stored.decided_by if private else None) or stored.requester
        card = self.card(stored)
        lane = await self.outbox(
            connection,
            stored.place,
            self.dedup_key(stored.id),
            # Whoever was to give that answer may have died between giving it and taking this back.
            maybe_read_card(card) if private and self.after else card,
            edit_message=stored.message,
            person=person if self.outcome else None,
            only_edit=not self.outcome,
            private=private,
            after=self.after,
        )
        self.lanes.add(lane)

    async def _with_files(
        self, connection: AsyncConnection, stored: StoredProposal, files: Sequence[str]
    ) -> None:
        """The outcome as new messages, since an edit brings no file and notifies nobody; what said how far it
        was says that it has ended."""
        private = self.kinds[stored.kind].private
        person = (stored.decided_by if private else None) or stored.requester
        send = partial(self.outbox, connection, stored.place)
        if stored.message:
            ended = below_card(self.kinds[stored.kind], stored.payload)
            key = self.dedup_key(stored.id)
            self.lanes.add(await send(key, ended, edit_message=stored.message, only_edit=True))
        for number, file in enumerate(files, start=1):
            card = self.card(stored) if number == 1 else part_card(number, len(files))
            key = dedup_keys.of_file(number, stored.id)
            self.lanes.add(await send(key, card, person=person, private=private, attachment=file))


@dataclass
class PostDeletion:
    """A tweet is gone from X: how that ended, and the message about it, which loses its buttons.

    posts: the kinds whose proposals make one.
    """

    outcome: Announcement
    posted: Announcement
    posts: frozenset[str]

    async def __call__(self, connection: AsyncConnection, stored: StoredProposal) -> None:
        """Queue both, inside the transaction that settles the deletion."""
        await self.outcome(connection, stored)
        tweet = str(stored.payload.get("tweet_id", ""))
        for shown in await mark_deleted(connection, stored.tenant, tweet, self.posts):
            gone = len((shown.result or {}).get(GONE, ()))
            key = dedup_keys.of_part_deleted(gone) if gone else self.posted.dedup_key
            await replace(self.posted, dedup_key=key)(connection, shown)


def maybe_read_card(card: Card) -> Card:
    """An outcome that is told in place of the answer to a click, which may have told it already."""
    said = msg(
        "You may have read this already, where you confirmed it. It is told again, and was not done again."
    )
    return replace(card, blocks=(*card.blocks, Text((said,), subtle=True, priority=Priority.ESSENTIAL)))


class Announcer:
    """Makes announcements and wakes their lanes. clock: epoch seconds."""

    def __init__(
        self,
        outbox: CardOutbox,
        scheduler: Scheduler,
        kinds: ProposalKinds,
        *,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._outbox = outbox
        self._scheduler = scheduler
        self._kinds = kinds
        self._cards = ProposalCards(kinds)
        self._clock = clock
        self._sleep = sleep
        self._wakes = TaskSet()

    def outcome(self, *, awaited: bool = False) -> Announcement:
        """How it ended. awaited: a click waits for it, and its answer comes first."""
        after = self._clock() + ANSWERED_WITHIN if awaited else 0.0
        return self._word(dedup_keys.of_outcome, outcome=True, after=after)

    def deleted(self, outcome: Announcement) -> PostDeletion:
        """A deletion that is confirmed."""
        posts = frozenset(kind.name for kind in self._kinds if kind.leaves is Leaves.POST)
        return PostDeletion(outcome, self._word(dedup_keys.of_deleted), posts)

    def expired(self) -> Announcement:
        """Nobody decided it in time."""
        return self._word(dedup_keys.of_expired)

    def under_way(self) -> Announcement:
        """It was confirmed elsewhere than in its message."""
        return self._word(dedup_keys.of_confirmed)

    def progress(self, stored: StoredProposal, card: Card) -> Announcement:
        """How far a long work is."""
        step = int(self._clock() - (stored.claimed_at or stored.created_at))
        return Announcement(self._outbox, self._kinds, dedup_keys.of_progress(step), lambda _stored: card)

    def resumed(self, stored: StoredProposal) -> Announcement | None:
        """Xquik answers again, and is not finished; None where nothing was said of a silence."""
        if stored.attempts < _SILENCE:
            return None
        return self._word(dedup_keys.of_resumed(stored.attempts))

    def quiet(self, stored: StoredProposal, tried: int, next_at: float) -> Announcement | None:
        """Xquik is silent; None while that is not worth a word. tried: requests without an answer,
        in a row; next_at: epoch seconds of the next."""
        clicked = stored.claimed_at or stored.created_at
        asked = stored.write_action is not None
        if next_at - clicked < QUIET_AFTER or (asked and tried < _SILENCE):
            return None
        stage = int((self._clock() - clicked) // STAGE)
        card = partial(self._cards.quiet, tried=tried, next_at=next_at)
        return Announcement(self._outbox, self._kinds, dedup_keys.of_quiet(stage), card)

    def _word(self, key: KeyOfProposal, *, outcome: bool = False, after: float = 0.0) -> Announcement:
        return Announcement(
            self._outbox, self._kinds, key, self._cards.standing, outcome=outcome, after=after
        )

    def wake(
        self, announcement: Announcement | PostDeletion | None, stored: StoredProposal | None = None
    ) -> None:
        """Have it delivered, after the commit; but not before the answer to the click on `stored`:
        that one replaces the same message, and must not be the last."""
        if isinstance(announcement, PostDeletion):
            lanes = announcement.outcome.lanes | announcement.posted.lanes
        else:
            lanes = announcement.lanes if announcement else set()
        for lane in lanes:
            self._wakes.start(self._wake(lane, stored), f"wake-{lane}")

    async def stop(self) -> None:
        """Wake no more. What is queued is durable, and found at the next start."""
        await self._wakes.close()

    async def _wake(self, lane: str, stored: StoredProposal | None) -> None:
        early = 0.0 if stored is None else (stored.claimed_at or 0.0) + HEAD_START - self._clock()
        if early > 0:
            await self._sleep(early)
        self._scheduler.wake(lane)
