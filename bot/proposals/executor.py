"""The executor: the one place that performs what a person confirmed.

A proposal advances one durable step at a time. Between two steps the process may die at any point,
and whoever starts next goes on from what is written:

| found | means | then |
|---|---|---|
| claimed | nothing has left | write `dispatching`, perform |
| dispatching | a request may have left | repeat the identical request, same key (draws: look it up) |
| polling | the vendor has it | ask how it stands |

Our own crash never ends as "unknown". A vendor that gives no answer is asked again with growing
pauses, up to a limit; then it has failed if certainly nothing was sent, and is unknown otherwise.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from random import Random
from typing import Final

from cachetools import FIFOCache

from bot.core.chat.cards import Card
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock, Sleep
from bot.core.errors import BotError, said_of_outage
from bot.core.ports import Scheduler
from bot.core.proposal_states import ProposalState
from bot.core.tasks import cancelled
from bot.jobs.periodic import JobScope, MakeJobs, Periodic
from bot.proposals.announcing import ANSWERED_WITHIN, Announcement, Announcer, PostDeletion
from bot.proposals.attempts import (
    CLOSED,
    DAMAGED,
    MISTAKE,
    Accepted,
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
    Settled,
    as_result,
)
from bot.proposals.awaiting import LATER, LOOK_EVERY, MOST_KEPT, AwaitedOutcomes
from bot.proposals.cards import ProposalCards
from bot.proposals.handoff import HandoffLog
from bot.proposals.kinds import Leaves, ProposalKinds
from bot.proposals.outcomes import advised
from bot.proposals.performer import Performer
from bot.proposals.ports import CardOutbox, Step, no_step
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.proposals import ProposalStore

log = logging.getLogger(__name__)

_WATCH: Final = "proposals"

LONGEST_PAUSE: Final = 300.0
"""Seconds between two attempts, at the most."""
LONGEST_WAIT: Final = 30.0
"""Seconds between two looks at the table: another machine may have left something behind."""
OVERDUE_WAIT: Final = 1.0
"""Seconds between two looks while something is due that another task or machine still holds."""
LOOK_AGAIN: Final = 0.5
"""Seconds between two looks of somebody who waits for an outcome that another process brings."""
BEGUN: Final = 1.5
"""Seconds that a click on what is followed to its end waits for its beginning."""
SOON: Final = 8.0
"""Seconds that a click on what one person alone sees waits for the outcome."""
GRACE: Final = 10.0
"""Seconds that `stop` gives to what is under way."""


class Executor:
    """Performs claimed proposals, and recovers those a crash left behind.

    kinds: those that it goes on with; performers: of each of them, by name. scheduler: told the lane of an
    outcome once it is durable. jobs: what runs periodic work. sole: this is the only process on the database,
    so at start everything unsettled is its own to go on with; several wait until the lease of a dead one has
    lapsed. step: told each step's name.
    """

    def __init__(
        self,
        store: ProposalStore,
        kinds: ProposalKinds,
        performers: Mapping[str, Performer],
        outbox: CardOutbox,
        scheduler: Scheduler,
        *,
        clock: Clock,
        sleep: Sleep,
        random: Random,
        handoff: HandoffLog,
        jobs: MakeJobs,
        sole: bool,
        step: Step = no_step,
    ) -> None:
        self._store = store
        self._kinds = kinds
        self._performers = performers
        self._cards = ProposalCards(kinds)
        self._announcer = Announcer(outbox, scheduler, kinds, clock=clock, sleep=sleep)
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._handoff = handoff
        self._sole = sole
        self._step = step
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.clicks = AwaitedOutcomes(store, self._cards, clock, sole=sole)
        # How far what is followed is, as it was told last.
        self._shown: FIFOCache[str, Card] = FIFOCache(MOST_KEPT)
        # When something is due next, as of the last look that came to its end.
        self._due: float | None = None
        watch = Periodic(_WATCH, self._pause, self._look, JobScope.PROCESS, failed=_unread)
        clicks = Periodic("clicks", LOOK_EVERY, self.clicks.look, JobScope.PROCESS, failed=_unread)
        self._watch = jobs([watch, clicks])

    # --- from the outside --------------------------------------------------------------------

    async def start(self) -> None:
        """Go on with everything unsettled, and keep watching until `stop`."""
        await self.recover()
        await self._watch.start()

    async def recover(self) -> None:
        """Take over what an earlier process left behind; what another one holds only once due."""
        await self._take(await self._store.unsettled(None if self._sole else self._clock()))

    async def stop(self) -> None:
        """End the watch; what is under way gets a moment to finish, and is recovered otherwise."""
        await self._watch.stop()
        self.clicks.close()
        await cancelled(self._tasks.values(), grace=GRACE)
        await self._announcer.stop()

    def under_way(self) -> Announcement:
        """The word that a proposal was claimed, for where its message is not answered to: queued by whoever
        claims it, and then given to `begin`."""
        return self._announcer.under_way()

    def begin(self, proposal: StoredProposal, word: Announcement | None = None) -> None:
        """Perform what was just claimed by this process; returns at once."""
        self._announcer.wake(word)
        self._spawn(proposal, again=False)

    async def soon(self, proposal: StoredProposal, within: float = SOON) -> StoredProposal:
        """What was just begun, as it is after waiting a little for its end: for the answer to the click.

        Say `answered` once a person has read how it ended, and ask `later` where it has not ended: until then
        its outcome waits in the outbox, and is told from there where no answer came through. within: seconds.
        """
        task = self._tasks.get(proposal.id)
        if task is not None:
            if not self.clicks.expect(proposal, within + ANSWERED_WITHIN):
                return proposal
            await asyncio.wait({task}, timeout=within)
            if self.clicks.is_settling(proposal.id):
                await asyncio.wait({task})  # it is being stored just now
        stored = await self._store.get(proposal.tenant, proposal.id) or proposal
        if stored.state.settled and not self.clicks.keeps(stored.id):
            await self.clicks.held(stored)  # another process was as quick
        return stored

    async def later(self, proposal: StoredProposal, within: float = LATER) -> Card | None:
        """How it ended, after `soon` had nothing but that it is under way; None where that took too long for
        the message of the click to be changed, where too many wait, and where the person has been told
        directly, or will be. within: seconds."""
        return await self.clicks.later(proposal, within)

    async def begun(self, proposal: StoredProposal, within: float = BEGUN) -> Card:
        """How what was just begun stands once Xquik has it, with what can be done with it then: the answer to
        the click. Where that takes longer, as it stands so far. within: seconds."""
        task = self._tasks.get(proposal.id)
        if task is not None:
            await asyncio.wait({task}, timeout=within)
        stored = await self._store.get(proposal.tenant, proposal.id)
        shown = self._shown.get(proposal.id)
        if shown is not None and stored is not None and stored.state is ProposalState.POLLING:
            return shown
        return self._cards.standing(stored or proposal)

    async def answered(self, key: str) -> None:
        """The person has read in an answer what `soon` returned."""
        await self.clicks.read(key)

    async def expire(self) -> None:
        """Close every preview that nobody decided in time, and have its message say so."""
        announcement = self._announcer.expired()
        await self._store.expire(announcement)
        self._announcer.wake(announcement)

    async def sweep(self) -> None:
        """One look at the table, and everything that is due advanced by one step."""
        await self._take_due()
        if self._tasks:
            await asyncio.wait(set(self._tasks.values()))

    async def outcome(self, tenant: TenantId, key: str) -> Card:
        """See the proposal through to its end, also without `start`; the card of how it ended.

        LookupError when the tenant has no such proposal.
        """
        while True:
            stored = await self._store.get(tenant, key)
            if stored is None:
                msg = "no such proposal"
                raise LookupError(msg)
            if stored.state.settled:
                return self._cards.standing(stored)
            task = self._tasks.get(key)
            if task is not None:
                await asyncio.wait({task})
                continue
            wait = LOOK_AGAIN if stored.poll_at is None else stored.poll_at - self._clock()
            if wait > 0:
                await self._sleep(min(wait, LOOK_AGAIN))
            else:
                await self._take((stored,))

    # --- watching ----------------------------------------------------------------------------

    async def _look(self) -> None:
        self._due = None
        await self._take_due()
        self._due = await self._store.next_due()

    def _pause(self) -> float:
        """Seconds until the next look. What is due and was not taken is in somebody's hands."""
        if self._due is None:
            return LONGEST_WAIT
        wait = self._due - self._clock()
        return min(LONGEST_WAIT, wait) if wait > 0 else OVERDUE_WAIT

    async def _take_due(self) -> None:
        await self.expire()
        await self._take(await self._store.unsettled(before=self._clock()))

    async def _take(self, found: tuple[StoredProposal, ...]) -> None:
        for proposal in found:
            if proposal.id in self._tasks:
                continue
            taken = await self._store.take(proposal)
            if taken is not None:
                self._spawn(taken, again=_maybe_sent(proposal))

    def _spawn(self, proposal: StoredProposal, *, again: bool) -> None:
        if proposal.id in self._tasks:
            return
        task = asyncio.create_task(self._guarded(proposal, again), name=f"proposal-{proposal.id}")
        self._tasks[proposal.id] = task
        task.add_done_callback(lambda _: self._ended(proposal.id))

    def _ended(self, key: str) -> None:
        del self._tasks[key]
        self.clicks.over(key)
        self._watch.soon(_WATCH)

    async def _guarded(self, proposal: StoredProposal, again: bool) -> None:
        try:
            await self._advance(proposal, again)
        except Exception as error:
            # Nothing is lost: the row stays as it is, and its lease lapses.
            stopped = f"proposal {proposal.id} stopped in"  # no message: a log line
            _note(f"{stopped} {proposal.state.value}", error)

    # --- one step ----------------------------------------------------------------------------

    async def _advance(self, proposal: StoredProposal, again: bool) -> None:
        performer = self._performers[proposal.kind]
        current: StoredProposal | None = proposal
        if proposal.state is ProposalState.CLAIMED:
            self._step("claimed")
            if not proposal.intact:
                await self._settle(proposal, AttemptFailed(DAMAGED, {"charged": 0}))
                return
            current = await self._store.dispatching(proposal)
            self._step("dispatching")
        if current is None:
            return
        outcome = await self._attempt(performer, current, again)
        self._step("answered")
        match outcome:
            case Accepted():
                poll_at = self._clock() + min(outcome.after, LONGEST_PAUSE)
                progress = outcome.progress
                if progress is not None:
                    self._shown[current.id] = progress
                word = self._announcer.progress(current, progress) if progress is not None else None
                word = word or self._announcer.resumed(current)
                await self._store.polling(current, outcome.write_action, poll_at, also=word)
                self._announcer.wake(word, current)
                self._step("polling")
            case NoAnswer():
                await self._postpone(current, outcome, again)
            case AttemptDone() | AttemptFailed() | AttemptUnknown():
                await self._settle(current, outcome)

    async def _attempt(self, performer: Performer, proposal: StoredProposal, again: bool) -> AttemptResult:
        try:
            if proposal.state is ProposalState.POLLING:
                return await performer.poll(proposal)
            if not proposal.intact:
                return NoAnswer(CLOSED, maybe_sent=True)
            return await performer.perform(proposal, again=again)
        except BotError as error:
            _note(f"proposal {proposal.id} could not go on", error)  # no message: a log line
            return NoAnswer(AttemptProblem.of(error), maybe_sent=True, after=error.retry_after)
        except Exception as error:
            _note(f"proposal {proposal.id} met a mistake of the bot", error)  # no message: a log line
            return NoAnswer(MISTAKE, maybe_sent=True)

    async def _postpone(self, proposal: StoredProposal, outcome: NoAnswer, again: bool) -> None:
        polling = proposal.state is ProposalState.POLLING
        maybe_sent = polling or again or outcome.maybe_sent
        attempts = proposal.attempts + 1
        retry = self._kinds[proposal.kind].retry
        if attempts >= (retry.maybe_sent if maybe_sent else retry.unsent):
            unsent = AttemptFailed(outcome.problem.offering(True), outcome.result)
            # What the part in doubt cost is not known, whatever is known of the others.
            known = {**outcome.result, "charged": None} if outcome.result else {}
            unknown = AttemptUnknown(outcome.problem, known)
            await self._settle(proposal, unknown if maybe_sent else unsent)
            return
        pause = min(LONGEST_PAUSE, 2.0 ** (attempts - 1)) * self._random.uniform(0.8, 1.2)
        at = self._clock() + max(pause, outcome.after or 0.0)
        word = self._announcer.quiet(proposal, attempts, at)
        if polling:
            await self._store.polling(proposal, proposal.write_action or "", at, attempts, word)
        else:
            await self._store.postpone(proposal, at, {"maybe_sent": maybe_sent}, word)
        self._announcer.wake(word, proposal)
        self._step("postponed")

    async def _settle(self, proposal: StoredProposal, settled: Settled) -> None:
        settled = advised(self._kinds[proposal.kind], settled, proposal.payload)
        if isinstance(settled, AttemptDone):
            await self._handoff.used(proposal, settled.result)
        self._step("settling")
        kind = self._kinds[proposal.kind]
        awaited = self.clicks.settling(proposal, private=kind.private)
        word: Announcement | PostDeletion = (outcome := self._announcer.outcome(awaited=awaited))
        if isinstance(settled, AttemptDone) and kind.leaves is Leaves.DELETION:
            word = self._announcer.deleted(outcome)
        stored = await self._store.settle(proposal, _state(settled), as_result(settled), word)
        self._step("settled")
        if stored is not None:
            if awaited:
                self.clicks.settled(proposal.id, outcome.lanes)
            self._announcer.wake(word, stored)


def _unread(error: Exception) -> None:
    _note("the proposals could not be read", error)  # no message: a log line


def _note(what: str, error: Exception) -> None:
    """A line in the log; with a traceback where the mistake is ours."""
    said = said_of_outage(error)
    if said is None:
        log.error("pending: %s", what, exc_info=error)
    else:
        log.warning("pending: %s: %s", what, said)


def _maybe_sent(proposal: StoredProposal) -> bool:
    """Whether an earlier attempt may have reached the vendor.

    Between attempts it is written down; without a word, a process died on the way.
    """
    if proposal.state is ProposalState.CLAIMED:
        return False
    return proposal.result is None or bool(proposal.result.get("maybe_sent", True))


def _state(settled: Settled) -> ProposalState:
    match settled:
        case AttemptDone():
            return ProposalState.DONE
        case AttemptFailed():
            return ProposalState.FAILED
        case AttemptUnknown():
            return ProposalState.UNKNOWN
