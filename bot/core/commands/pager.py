"""Pages of listings: the first, and Next and Back, which survive a restart.

A button remembers the command and the raw values it was given, never what came of them. A press is the
command once more: looked up, bound, and permitted to who pressed at that moment. Of what is confidential not
even marks of the rows are remembered: a cursor, and that for a short time.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

import msgspec

from bot.core.afterwards import or_else
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Button, Card, File, Text, line
from bot.core.chat.invocation import Call, Invocation, Values
from bot.core.commands.admission import Admission
from bot.core.commands.answering import Answering
from bot.core.commands.asking import CallOf, ErrorCard
from bot.core.commands.budgets import metered
from bot.core.commands.consent import check_place
from bot.core.commands.declaring import Catalogue, Command
from bot.core.commands.journal import NO_JOURNAL, Journal, command_doing, recorded
from bot.core.commands.listing import Listing, PageFrame, PageRows
from bot.core.commands.outcomes import InvocationOutcome, outcome_of
from bot.core.commands.page_cards import page_card, turn_label
from bot.core.commands.reopening import bound_again, check_opener, remembered, values_of
from bot.core.commands.spending import SpendingGate
from bot.core.errors import BotError, Expired, said_of_outage
from bot.core.messages.message import msg, pmsg
from bot.core.ports import ButtonStates, Responder

_LOG = logging.getLogger(__name__)
NEXT: Final = "list.next"
BACK: Final = "list.back"
FIRST: Final = "list.first"
TURNS: Final = frozenset({NEXT, BACK, FIRST})
# The state of a page, which all of its buttons share.
_PAGE: Final = "list.page"
PAGE_LIFETIME: Final = 24 * 3600.0
CONFIDENTIAL_LIFETIME: Final = 15 * 60.0
"""Seconds for which pages of what is confidential can be turned, as questions."""
# Pages that one can go back, the characters of their cursors, and rows by which a repeated page is known.
_MOST_PAGES: Final = 100
_MOST_CURSORS: Final = 64 * 1024
_MOST_SEEN: Final = 2_000


class PageShown(msgspec.Struct, frozen=True):
    """A page that is about to be shown. values: the options as they were given; number: from 1."""

    call: Call[Any]
    command: Command[Any]
    args: Any
    values: Values
    rows: PageRows[Any]
    number: int


FurtherButtons: TypeAlias = Callable[[PageShown], Awaitable[tuple[Button, ...]]]
"""What else can be done with a list, beside turning its pages."""


async def no_further(_page: PageShown) -> tuple[Button, ...]:
    """Nothing else."""
    return ()


class _Walk(msgspec.Struct, frozen=True):
    """How somebody came to a page. number: of the page; cursors: of the newest pages on the way, its own
    last; starts: how many rows stand before each; seen: marks of the rows before it."""

    number: int = 1
    cursors: tuple[str, ...] = ("",)
    starts: tuple[int, ...] = (0,)
    seen: tuple[str, ...] = ()

    def on(self, after: str, marks: Sequence[str]) -> _Walk:
        """To the next page, past rows with these marks."""
        cursors = (*self.cursors, after)[-_MOST_PAGES:]
        while len(cursors) > 1 and sum(map(len, cursors)) > _MOST_CURSORS:
            cursors = cursors[1:]
        starts = (*self.starts, self.starts[-1] + len(marks))[-len(cursors) :]
        return _Walk(self.number + 1, cursors, starts, (*self.seen, *marks)[-_MOST_SEEN:])

    def back(self) -> _Walk:
        """To the page before."""
        if len(self.cursors) < 2:
            return _Walk()
        fewer = self.starts[-1] - self.starts[-2]
        kept = self.seen[: max(0, len(self.seen) - fewer)]
        return _Walk(self.number - 1, self.cursors[:-1], self.starts[:-1], kept)


class Pager:
    """Shows pages. call: what listings are read with; further: more buttons for a page; gate: counts what
    they cost."""

    def __init__(
        self,
        catalogue: Catalogue,
        admission: Admission,
        states: ButtonStates,
        answering: Answering,
        *,
        present_error: ErrorCard,
        call: CallOf,
        further: FurtherButtons = no_further,
        journal: Journal = NO_JOURNAL,
        gate: SpendingGate | None = None,
    ) -> None:
        self._journal = journal
        self._gate = gate
        self._meter = None if gate is None else gate.meter
        self._catalogue = catalogue
        self._admission = admission
        self._states = states
        self._answering = answering
        self._present_error = present_error
        self._call = call
        self._further = further

    async def first(
        self, call: Call[Any], command: Command[Any], args: Any, values: Values, *, turns: bool
    ) -> Reply:
        """The first page. turns: whether its buttons can be pressed; where not, it is as long as what costs
        nothing can be."""
        about = await _about(call, command, args)
        card, files = await self._page(call, command, args, values, _Walk(), turns=turns, about=about)
        return Reply(card, files)

    async def turn(self, invocation: Invocation, ref: ActionRef, responder: Responder) -> InvocationOutcome:
        """Another page in place of the one whose button was pressed; where its cursor leads nowhere any more,
        the error offers the first."""
        state = await self._states.recall(invocation.tenant, _PAGE, ref.key)
        if state is None:
            raise Expired(
                msg("The pages of this list are kept for a day only."),
                remedy=msg("Run the command again; what you alone may see is kept for 15 minutes."),
            )
        command = self._listed(state)
        await self._admission.permit(invocation, command)
        check_opener(command, state, invocation.actor.id)
        check_place(command.audience, responder)
        values = values_of(state)
        args = bound_again(command, values)
        if command.needs_key:
            await self._admission.need_key(invocation)
        await responder.acknowledge(command.audience)
        call = replace(self._call(invocation), progress=responder.progress)
        walk, about = _turned(state, ref.name), str(state.get("about", ""))
        if await _about(call, command, args) != about:
            raise Expired(
                msg("The X accounts are others by now than when this was asked about. Nothing was read."),
                remedy=msg("Run `{command}` again; it asks anew.", command=command.name),
            )
        doing = command_doing(command, args, values)
        try:
            card, _ = await recorded(
                self._journal,
                invocation,
                doing,
                lambda: self._page(call, command, args, values, walk, turns=True, about=about),
            )
        except BotError as error:
            if not walk.cursors[-1] or not _forgotten(error):
                raise
            again = Button(msg("First page"), action=ActionRef(FIRST, ref.key))
            await responder.fail(self._present_error(error, (again,)))
            return outcome_of(error)
        await self._answering.deliver(invocation, Reply(card, replace=True), responder, command)
        return InvocationOutcome.OK

    def _listed(self, state: Mapping[str, Any]) -> Command[Any]:
        path = tuple(state["path"])
        command = self._catalogue.command(path)
        if command is None or command.listing is None:
            raise Expired(
                msg("`{command}` is no list of this version of the bot.", command=" ".join(path)),
                remedy=msg("`help` shows what there is now."),
            )
        return command

    async def _page(
        self,
        call: Call[Any],
        command: Command[Any],
        args: Any,
        values: Values,
        walk: _Walk,
        *,
        turns: bool,
        about: str,
    ) -> tuple[Card, tuple[File, ...]]:
        listing = command.listing
        assert listing is not None  # noqa: S101 - of a command that lists
        cursor = walk.cursors[-1]
        size = listing.size if turns or not listing.cost.free else max(listing.size, listing.file_size)
        price = listing.page_price(args, size, cursor)
        read = await metered(
            self._meter,
            call.invocation,
            command.name,
            price,
            lambda: listing.fetch(call, args, cursor, size),
            listing.paid,
            single=listing.besides is None,
        )
        rows = await self._cut_short(call, listing, replace(read, at=cursor), size)
        confidential = command.audience is Audience.CONFIDENTIAL
        marks = [] if confidential else [_mark(listing.identity(item)) for item in rows.items]
        rows, repeated = _ended(rows, marks, walk)
        blocks = await listing.draw(call, args, rows) if rows.items else ()
        frame = await self._frame(call, listing, args, rows)
        start = walk.starts[-1] if rows.start is None else rows.start
        card = page_card(
            listing,
            args,
            rows,
            blocks,
            frame,
            number=walk.number,
            start=start,
            repeated=repeated,
            charged=listing.paid(read) if listing.page_price(args, size) else None,
        )
        try:
            turning = await self._turning(call, command, values, walk, rows, marks, about)
            further = await self._further(PageShown(call, command, args, values, rows, walk.number))
        except BotError as error:
            # The page is read, and may be paid for: it is shown whatever becomes of its buttons.
            _LOG.warning("a page has no buttons: %s", said_of_outage(error))
            note = msg("The buttons of this list could not be kept: {why}", why=error.detail)
            return replace(card, blocks=(*card.blocks, Text(line(note))), buttons=frame.buttons), frame.files
        return replace(card, buttons=(*frame.buttons, *turning, *further)), frame.files

    async def _cut_short(
        self, call: Call[Any], listing: Listing[Any, Any], rows: PageRows[Any], size: int
    ) -> PageRows[Any]:
        """The page, which says so where it is short because the credits ended: Xquik gives as many rows as
        they are enough for."""
        each = listing.cost.each
        if self._gate is None or not each or not rows.after or rows.partial or listing.guessed:
            return rows
        if len(rows.items) + rows.unreadable >= size:
            return rows
        unknown = "whether the credits ended is not known"  # no message: for the log
        if await or_else(self._gate.covers(call.tenant, each), True, what=unknown):
            return rows
        told = msg("The Xquik credits were enough for these rows alone. `credits topup` buys more.")
        return replace(rows, partial=told)

    async def _frame(
        self, call: Call[Any], listing: Listing[Any, Any], args: Any, rows: PageRows[Any]
    ) -> PageFrame:
        """What stands around the page; nothing where that fails: the page is read, and may be paid for."""
        if listing.frame is None:
            return PageFrame()
        missing = "what stands around a page is missing"  # no message: for the log
        return await or_else(listing.frame(call, args, rows), PageFrame(), what=missing)

    async def _turning(
        self,
        call: Call[Any],
        command: Command[Any],
        values: Values,
        walk: _Walk,
        rows: PageRows[Any],
        marks: Sequence[str],
        about: str,
    ) -> tuple[Button, ...]:
        """Back and Next, as far as there is a page."""
        names = [(BACK, pmsg("a page", "Back"), walk.back().cursors[-1])] if len(walk.cursors) > 1 else []
        names += [(NEXT, pmsg("a page", "Next"), rows.after)] if rows.after else []
        if not names:
            return ()
        state = {
            **remembered(command, values, call.invocation.actor.id),
            "number": walk.number,
            "cursors": list(walk.cursors),
            "starts": list(walk.starts),
            "seen": list(walk.seen),
            "after": rows.after,
            "marks": list(marks),
            **({"about": about} if about else {}),
        }
        confidential = command.audience is Audience.CONFIDENTIAL
        lifetime = CONFIDENTIAL_LIFETIME if confidential else PAGE_LIFETIME
        key = await self._states.keep(
            call.tenant, _PAGE, state, lifetime=lifetime, person=call.invocation.actor.id
        )
        listing = command.listing
        return tuple(
            Button(_label(label, listing, cursor), action=ActionRef(name, key))
            for name, label, cursor in names
        )


async def _about(call: Call[Any], command: Command[Any], args: Any) -> str:
    """What the consent to a list is about now (`Consent.about`); "" for one that needs none."""
    return "" if command.consent is None else (await command.consent(call, args)).about


def _label(label: str, listing: Listing[Any, Any] | None, cursor: str) -> str:
    """What a button is called, with what its page costs."""
    if listing is None or (listing.kept and cursor):
        return label
    return turn_label(label, listing.cost.of(listing.size), guessed=listing.guessed)


def _turned(state: Mapping[str, Any], name: str) -> _Walk:
    """Where a button of that name leads from the page of that state."""
    here = _Walk(int(state["number"]), tuple(state["cursors"]), tuple(state["starts"]), tuple(state["seen"]))
    if name == NEXT and state["after"]:
        return here.on(str(state["after"]), state["marks"])
    return here.back() if name == BACK else _Walk()


def _ended(rows: PageRows[Any], marks: Sequence[str], walk: _Walk) -> tuple[PageRows[Any], bool]:
    """The page, and whether the list ends here because Xquik begins to repeat itself."""
    if marks and walk.number > 1 and set(marks) <= {*walk.seen}:
        return replace(rows, items=(), after=""), True
    if rows.after and rows.after in walk.cursors:
        return replace(rows, after=""), True
    return rows, False


def _mark(identity: str) -> str:
    """A short text that tells rows apart; ids may be of any length."""
    return hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _forgotten(error: BotError) -> bool:
    """Whether it says that a cursor leads nowhere any more: Xquik has several codes for that."""
    return isinstance(error, Expired) or "cursor" in (error.code or "")
