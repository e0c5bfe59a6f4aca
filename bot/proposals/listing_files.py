"""All of a listing as a file: the performer of what was confirmed, which reads it to its end.

It works in steps of a few seconds. Each page is stored before the next one is asked for, and a step ends as
"not finished yet", so that a restart, or another process, goes on behind the last page that is stored; only a
page whose answer was on its way when the process died is read, and paid for, again. What ends a reading early
– somebody's Stop, no credits, an error of Xquik's – leaves what was read so far, as files, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec
from cachetools import FIFOCache

from bot.cards.listing_files import (
    ROWS,
    FileOutcome,
    ListingFacts,
    nothing_card,
    outcome_card,
    progress_card,
)
from bot.cards.people import people
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Bold, Button, ButtonStyle, Card, Line
from bot.core.chat.invocation import Call
from bot.core.clocks import Clock
from bot.core.commands.binding import bind
from bot.core.commands.cost import credit_words
from bot.core.commands.declaring import Command
from bot.core.commands.listing import Listing
from bot.core.commands.page_cards import unreadable_words
from bot.core.errors import BotError, Expired, StorageUnavailable, UpstreamUnavailable, UsageError
from bot.core.messages.message import Message, msg
from bot.core.page_walk import PageWalk, WalkEnd
from bot.proposals.attempts import (
    Accepted,
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    NoAnswer,
)
from bot.proposals.cards import STOP
from bot.proposals.listing_parts import ListingParts
from bot.proposals.listing_request import MOST_ROWS, FileRequest, file_name
from bot.proposals.long_work import stop_button
from bot.storage.writes.listing_pages import ListingPages, NewPage, Reading
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.running_proposals import RunningProposals
from bot.xquik.errors import NotSent

GO_ON: Final = "list.on"
"""Reads on where a reading ended early."""
STEP: Final = 4.0
"""Seconds of a step, at the most one page more: others have their turn, and people see how far it is."""
WAIT: Final = 2.0
"""Seconds between two looks of one that waits for its turn."""
AT_ONCE: Final = 3
"""Readings of a place that read at the same time, of different people."""
_KNOWN: Final = 20
"""Readings whose rows, or whose last page, this process keeps in memory."""
FEWER: Final = 10
"""A list that is shorter than its figure by more than a tenth of it is explained."""
_AS_READING: Final = "reading"

FindCommand: TypeAlias = Callable[[str], Command[Any] | None]
"""The command of these words."""
CallFor: TypeAlias = Callable[[StoredProposal], Call[Any]]
"""What a listing is read with for who asked for it."""


@dataclass(slots=True)
class _Walked:
    """How far a reading is. unreadable: rows that this process could not read."""

    walk: PageWalk[Any]
    unreadable: int = 0


class _Work(msgspec.Struct, frozen=True):
    """A proposal with what it names."""

    proposal: StoredProposal
    request: FileRequest
    command: Command[Any]
    listing: Listing[Any, Any]
    args: Any

    def short_of(self, reading: Reading) -> int | None:
        """How many rows there should be, where the list ended long before that; else None."""
        expected = self.request.expected
        return expected if expected and reading.rows < expected - expected // FEWER else None

    @property
    def facts(self) -> ListingFacts:
        """For cards."""
        return ListingFacts(self.request.title, self.request.format.value, self.listing.cost.unit or ROWS)


class ListingFilePerformer:
    """Performs `listing.file`. clock: epoch seconds."""

    def __init__(
        self,
        pages: ListingPages,
        running: RunningProposals,
        parts: ListingParts,
        find: FindCommand,
        call: CallFor,
        clock: Clock,
    ) -> None:
        self._pages = pages
        self._running = running
        self._parts = parts
        self._find = find
        self._call = call
        self._clock = clock
        self._walks: FIFOCache[str, _Walked] = FIFOCache(_KNOWN)
        self._unsaved: FIFOCache[str, tuple[NewPage, str]] = FIFOCache(_KNOWN)

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """The first step. What was read before is stored, so it makes no difference whether there was one."""
        del again
        return await self.poll(proposal)

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """One step more."""
        work = self._understood(proposal)
        if work is None:
            return AttemptFailed(_NOT_UNDERSTOOD, {"charged": 0})
        try:
            reading = await self._pages.reading(proposal.tenant, work.request.reading)
            waits = None if proposal.stopped_by else await self._waits_for(work)
            if waits:
                first = proposal.write_action is None
                shown = self._progress(work, reading, waits) if first else None
                return Accepted(_AS_READING, WAIT, shown)
            return await self._step(work, reading)
        except StorageUnavailable as error:
            return NoAnswer(AttemptProblem.of(error), maybe_sent=False, after=error.retry_after)

    def _understood(self, proposal: StoredProposal) -> _Work | None:
        """None for what another version of the bot stored, or a command that is not there any more."""
        try:
            request = FileRequest.of(proposal.payload)
            command = self._find(request.command)
            if command is None or command.listing is None:
                return None
            args = bind(command, request.values)
        except (KeyError, TypeError, ValueError, UsageError):
            return None
        return _Work(proposal, request, command, command.listing, args)

    async def _waits_for(self, work: _Work) -> Message | None:
        """Why it is not its turn: the same person, or the same reading, one at a time; of a place, a few."""
        proposal = work.proposal
        running = await self._running.of_kinds(proposal.tenant, {proposal.kind})
        before = running[: next((i for i, one in enumerate(running) if one.id == proposal.id), 0)]
        if any(one.requester == proposal.requester for one in before):
            return msg("Another file that {who} asked for is read first.", who=proposal.requester_name)
        if any(one.payload.get("reading") == work.request.reading for one in before):
            return msg("The same list is being read already.")
        if len({one.requester for one in before}) >= AT_ONCE:
            return msg("{count} other files are being read here; this one follows.", count=AT_ONCE)
        return None

    async def _step(self, work: _Work, reading: Reading) -> AttemptResult:
        """Read until the step is over, a page at least, or the list."""
        tenant, request = work.proposal.tenant, work.request
        until = self._clock() + STEP
        partial = ""
        while True:
            if over(reading) and reading.rows <= request.most:
                return await self._done(work, reading, (partial,) if partial else (), more=False)
            if name := await self._running.stopped_by(tenant, work.proposal.id):
                return await self._done(work, reading, (msg("Stopped by {who}.", who=name),), more=True)
            if reading.rows >= request.most:
                return await self._enough(work, reading)
            if not _next_size(work.listing, request, reading):
                return await self._spent(work, reading)
            try:
                page, told = await self._next(work, reading)
            except StorageUnavailable:
                raise
            except BotError as error:
                return await self._broken(work, reading, error)
            # It is paid for: where it cannot be stored now it is kept for the next step, not read again.
            self._unsaved[request.reading] = (page, told)
            added = await self._pages.add(tenant, request.reading, page)
            self._unsaved.pop(request.reading, None)
            if not added:
                # Another process reads the same: what it stored counts.
                self._walks.pop(request.reading, None)
                return Accepted(_AS_READING, WAIT)
            reading, partial = reading.with_page(page), told or partial
            if self._clock() >= until and not reading.ended:
                return Accepted(_AS_READING, 0.0, self._progress(work, reading))

    async def _next(self, work: _Work, reading: Reading) -> tuple[NewPage, str]:
        """The next page, as far as it is new; and why it is not all that was asked for."""
        unsaved = self._unsaved.get(work.request.reading)
        if unsaved is not None and unsaved[0].number == reading.pages + 1:
            return unsaved
        listing = work.listing
        known = await self._walked(work, reading)
        walk = known.walk
        size = _next_size(listing, work.request, reading)
        found = await listing.fetch(self._call(work.proposal), work.args, walk.at, size)
        fresh = walk.take(found.items, found.after)
        known.unreadable += found.unreadable
        page = NewPage(
            number=walk.pages,
            columns=tuple(column.name for column in listing.columns),
            rows=[
                (listing.identity(one), *(column.value(one) for column in listing.columns)) for one in fresh
            ],
            after=walk.at,
            credits=listing.paid(found),
        )
        return page, found.partial or (_CIRCLES if walk.ended not in (None, WalkEnd.LIST) else "")

    async def _walked(self, work: _Work, reading: Reading) -> _Walked:
        """Where the reading stands; from what is stored after a restart, or when another process went on."""
        key = work.request.reading
        known = self._walks.get(key)
        if known is None or known.walk.pages != reading.pages:
            seen: set[str] = set()
            for number in range(1, reading.pages + 1):
                rows = await self._pages.page(work.proposal.tenant, key, number)
                seen.update(str(row[0]) for row in rows)
            walk = PageWalk(
                work.listing.identity,
                seen=seen,
                cursors=reading.cursors,
                barren=reading.barren,
                most=MOST_ROWS,
            )
            known = _Walked(walk, 0 if known is None else known.unreadable)
            self._walks[key] = known
        return known

    async def _broken(self, work: _Work, reading: Reading, error: BotError) -> AttemptResult:
        """It ends with an error: what was read so far, or nothing."""
        if not reading.rows:
            # What Xquik began to read it may have charged; what it refused, or never got, it has not.
            unsaid = isinstance(error, UpstreamUnavailable) and not isinstance(error, NotSent)
            return AttemptFailed(AttemptProblem.of(error).offering(True), {"charged": None if unsaid else 0})
        # Where the cursor is forgotten the list could only be read, and paid for, from its beginning.
        forgotten = isinstance(error, Expired)
        title = Bold(msg("{title}.", title=error.title))
        why: Line = (title, " ", error.detail, *(() if forgotten else (" ", error.remedy)))
        return await self._done(work, reading, why, more=not forgotten)

    async def _enough(self, work: _Work, reading: Reading) -> AttemptResult:
        """It ends because no more than this was confirmed: what a person asked for, or our own bound."""
        said = msg("As many as were asked for are read: {rows}.", rows=work.facts.counted(work.request.most))
        line: Line = (said, " ", _MORE)
        if reading.rows > work.request.most:
            sold = msg("Xquik sold {rows}.", rows=work.facts.counted(reading.rows))
            line = (*line, " ", sold, " ", msg("“Go on” gives the others, which are not paid for again."))
        return await self._done(work, reading, line, more=True, enough=work.request.asked)

    async def _spent(self, work: _Work, reading: Reading) -> AttemptResult:
        """It ends because what was confirmed is paid: pages brought fewer new rows than they cost."""
        paid = msg(
            "What was confirmed covers no further page: {price}.", price=credit_words(work.request.price or 0)
        )
        charged = msg("Xquik charges each row that it gives, also one that it gave before.")
        return await self._done(work, reading, (paid, " ", charged, " ", _MORE), more=True)

    async def _done(
        self, work: _Work, reading: Reading, why: Line, *, more: bool, enough: bool = False
    ) -> AttemptResult:
        """The files of what was read. more: whether there may be more to read; enough: whether that is as
        much as a person asked for."""
        proposal, request = work.proposal, work.request
        known = self._walks.pop(request.reading, None)
        if known is not None and known.unreadable:
            why = (*why, *((" ",) if why else ()), unreadable_words(known.unreadable))
        result = {"charged": reading.credits, "rows": reading.rows}
        columns = tuple(column.name for column in work.listing.columns)
        if not reading.rows:
            words = why or work.listing.empty(work.args)
            return AttemptDone(result, nothing_card(request.title, words))
        name = file_name(request.title)
        made = await self._parts.measure(
            proposal.tenant, request.reading, request.format, name, columns, most=request.most
        )
        by = proposal.decided_by_name or proposal.requester_name
        outcome = FileOutcome(
            rows=min(reading.rows, request.most),
            in_files=made.rows,
            files=len(made.parts),
            credits=reading.credits,
            why=why,
            cut=made.cut,
            who=people(proposal.requester_name, by),
            before=request.paid,
            enough=enough,
            listed=None if more or not over(reading) else work.short_of(reading),
        )
        buttons = (
            (Button(msg("Go on"), ActionRef(GO_ON, proposal.id), style=ButtonStyle.PRIMARY),) if more else ()
        )
        card = outcome_card(work.facts, outcome, buttons)
        return AttemptDone({**result, "more": more}, card, tuple(str(part) for part in made.parts))

    def _progress(self, work: _Work, reading: Reading, waits: Message | None = None) -> Card:
        stop = stop_button(ActionRef(STOP, work.proposal.id))
        expected = work.request.expected
        shown = None if expected is None else min(expected, work.request.most)
        return progress_card(work.facts, reading.rows, shown, reading.credits, stop, waits=waits)


def over(reading: Reading) -> bool:
    """Whether there is nothing more to read."""
    return reading.ended


def _next_size(listing: Listing[Any, Any], request: FileRequest, reading: Reading) -> int:
    """How many rows the next page is to have; 0 where what was confirmed covers no further one. Of what was
    confirmed as the most nothing is exceeded, of an estimate less than a page of the least size."""
    size = min(listing.file_size, request.most - reading.rows)
    if request.price is None:
        return size
    rows = listing.affordable(request.price - (reading.credits - request.paid))
    return 0 if rows < (listing.least if request.expected is None else 1) else min(size, rows)


_MORE: Final = msg("There may be more.")
_CIRCLES: Final = msg("Xquik began to repeat itself, so the list ends here.")
_NOT_UNDERSTOOD: Final = AttemptProblem(
    msg("This list cannot be read"),
    msg("The command, or an option of it, is not there in this version of the bot."),
    msg("Nothing was read or charged. Run the command again."),
)
