"""Pages on which the account at Xquik is paid. Making one costs nothing; a person pays it there.

Xquik takes no key for them. Of a top-up it answers with the page that is open, so that the identical request
after a lost answer begins no second one; what is open is kept (`topups`), looked at until it has ended, and
looked up before another is offered.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.billing import billing_card, checkout_card, is_page, topup_card
from bot.core.clocks import Clock
from bot.core.errors import BotError, NotFound
from bot.core.messages.message import msg
from bot.core.ports import Scheduler
from bot.core.routes import dedup_keys
from bot.jobs.periodic import JobScope, Periodic
from bot.proposals.account_changes import of_error
from bot.proposals.attempts import (
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
)
from bot.proposals.kinds import ProposalKind
from bot.proposals.monitors import ClientOf
from bot.proposals.ports import CardOutbox, XquikClients
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.topups import PROCESSING, BegunTopup, Topups
from bot.xquik.models import Topup

REPEATED_FOR: Final = 3_600.0
"""Seconds from the click for which a page is asked for again."""
FOLLOWED_FOR: Final = 2 * 86_400.0
"""Seconds for which a checkout is looked at: more than any stays open."""
LOOK_EVERY: Final = 20.0
"""Seconds between two looks for what is due, and before the first at a checkout."""
SLOWEST: Final = 600.0
"""Seconds between two looks at one checkout, at the most."""
_IN_PROGRESS: Final = "topup_in_progress"
_LOST: Final = "lost"


class TopupPerformer:
    """Performs `credits.topup`. The payload: dollars. clock: epoch seconds."""

    def __init__(self, clients: XquikClients, kind: ProposalKind, topups: Topups, clock: Clock) -> None:
        self._clients = clients
        self._kind = kind
        self._topups = topups
        self._clock = clock

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Make the page, and have it looked at from now on."""
        if again and _late(proposal, self._clock()):
            return AttemptUnknown(_NOT_KNOWN)
        dollars = int(proposal.payload["dollars"])
        try:
            page = await (await self._clients.account_changes(proposal.tenant)).topup(dollars)
            if not is_page(page.url):
                return AttemptFailed(_NO_PAGE, {"charged": 0})
            if page.session:
                begun = BegunTopup(
                    proposal.id,
                    page.session[:255],
                    page.url,
                    dollars,
                    proposal.decided_by or proposal.requester,
                    proposal.place,
                    PROCESSING,
                    self._clock(),
                )
                await self._topups.add(begun, self._clock() + LOOK_EVERY)
        except BotError as error:
            if again and error.code == _IN_PROGRESS:
                # The one under way may be the page whose answer was lost.
                return AttemptUnknown(AttemptProblem.of(error), {"charged": 0})
            return of_error(error, again=again)
        title, told = self._kind.words(proposal.payload).done, bool(proposal.place.channel)
        card = checkout_card(dollars, page.url, title, session=page.session or "", told=told)
        return AttemptDone({"charged": 0}, card)

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """The same."""
        return await self.perform(proposal, again=True)


class PlanPerformer:
    """Performs `subscribe.link`. The payload: tier, or nothing. clock: epoch seconds."""

    def __init__(self, clients: XquikClients, kind: ProposalKind, clock: Clock) -> None:
        self._clients = clients
        self._kind = kind
        self._clock = clock

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Make the page; another one replaces it, and neither costs anything."""
        if again and _late(proposal, self._clock()):
            return AttemptUnknown(_NOT_KNOWN)
        tier = proposal.payload.get("tier")
        try:
            changes = await self._clients.account_changes(proposal.tenant)
            page = await changes.subscribe(None if tier is None else str(tier))
        except BotError as error:
            return of_error(error, again=again)
        if not is_page(page.url):
            return AttemptFailed(_NO_PAGE, {"charged": 0})
        title = self._kind.words(proposal.payload).done
        return AttemptDone({"charged": 0}, billing_card(page, title))

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """The same."""
        return await self.perform(proposal, again=True)


class TopupWatch:
    """Looks at checkouts until each has ended, and tells who began it. clock: epoch seconds."""

    def __init__(
        self, topups: Topups, xquik: ClientOf, outbox: CardOutbox, scheduler: Scheduler, clock: Clock
    ) -> None:
        self._topups = topups
        self._xquik = xquik
        self._outbox = outbox
        self._scheduler = scheduler
        self._clock = clock

    def job(self) -> Periodic:
        """Looks again and again."""
        return Periodic("topups", LOOK_EVERY, self.look, JobScope.INSTALLATION, part="housekeeping")

    async def look(self) -> None:
        """One look at all that is due. Raises StorageUnavailable."""
        for one in await self._topups.due(self._clock()):
            await self._look_at(one)

    async def is_open(self, one: BegunTopup) -> bool:
        """Whether one can still be paid; else it is not followed any more. Raises what asking does."""
        now = await self._asked(one)
        if now is not None and now.status == PROCESSING:
            return True
        await self._topups.ended(one, _LOST if now is None else now.status[:16])
        return False

    async def _look_at(self, one: BegunTopup) -> None:
        age = self._clock() - one.begun_at
        try:
            now = await self._asked(one)
        except BotError:
            now = Topup(status=PROCESSING)  # said at a later look
        if now is None or age > FOLLOWED_FOR:
            await self._topups.ended(one, _LOST)
        elif now.status not in (PROCESSING, ""):
            await self._end(one, now)
        else:
            await self._topups.later(one, self._clock() + min(SLOWEST, max(LOOK_EVERY, age / 10)))

    async def _asked(self, one: BegunTopup) -> Topup | None:
        """How it stands; None where the key that there is now knows it not."""
        try:
            return await (await self._xquik(one.tenant)).account.topup(one.session)
        except NotFound:
            return None

    async def _end(self, one: BegunTopup, now: Topup) -> None:
        lanes: list[str] = []

        async def told(connection: AsyncConnection) -> None:
            lanes.clear()
            if one.place.channel:
                key, card = dedup_keys.of_topup(one.proposal), topup_card(now)
                lanes.append(
                    await self._outbox(connection, one.place, key, card, person=one.person, private=True)
                )

        if await self._topups.ended(one, now.status[:16], told):
            for lane in lanes:
                self._scheduler.wake(lane)


def _late(proposal: StoredProposal, now: float) -> bool:
    return now - (proposal.claimed_at or proposal.created_at) > REPEATED_FOR


_NO_PAGE: Final = AttemptProblem(
    msg("Xquik gave no page"),
    msg("Its answer has no address that can be opened."),
    msg("Pay in the Xquik dashboard. Nothing was charged."),
)
_NOT_KNOWN: Final = AttemptProblem(
    msg("It is not known whether the page was made"),
    msg("The connection was lost, and Xquik gave no answer for an hour. Nothing was paid by it."),
    msg("Run the command again if you still want it."),
)
