"""“All as a file…” below a list: at once where that costs nothing, else a proposal with its price."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from msgspec import structs

from bot.cards.listing_files import ROWS, ListingFacts, question_card
from bot.core.access import NOTHING
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Answer, Audience, Proposal
from bot.core.chat.cards import Button, Card, Choice, Form, Input, InputKind
from bot.core.commands import permits
from bot.core.commands.declaring import Action, Command
from bot.core.commands.listing import Listing
from bot.core.commands.pager import PAGE_LIFETIME, PageShown
from bot.core.commands.reopening import bound_again, check_opener, remembered, values_of
from bot.core.errors import Conflict, Expired, LimitReached, UsageError
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.core.proposal_states import ProposalState
from bot.core.text.numerals import whole_number
from bot.features.services import CommandCall
from bot.features.shared.listing_kinds import LISTING_FILE
from bot.features.shared.listing_whole import whole_listing
from bot.features.shared.permitted import require
from bot.proposals.coverage import covers
from bot.proposals.listing_files import GO_ON, FindCommand, over
from bot.proposals.listing_request import MOST_ROWS, FileRequest, bound
from bot.storage.writes.listing_pages import Reading
from bot.tabular.formats import TableFormat

FILE: Final = "list.file"
"""The button below a list that one person sees, and its form."""
FILE_HERE: Final = "list.filehere"
"""The same below one that the channel sees."""
MOST_KEPT: Final = 1_000_000
"""Rows of a place that are stored for files; each for a week."""
_FORMAT: Final = "format"
_ROWS: Final = "rows"


class ListingFiles:
    """The buttons, and what they do. find: the command of these words."""

    def __init__(self, find: FindCommand) -> None:
        self._find = find

    def actions(self) -> tuple[Action, ...]:
        """The declarations, for the catalogue. What the command of a list needs is asked at each press."""
        return (
            Action(FILE, self.file, NOTHING, form=self.form, needs_key=False, check=self.check),
            Action(FILE_HERE, self.file, NOTHING, Audience.CHANNEL, self.form, False, check=self.check),
            Action(GO_ON, self.go_on, NOTHING, Audience.CHANNEL, stored=False),
        )

    async def buttons(self, page: PageShown) -> tuple[Button, ...]:
        """For a page of a list that has columns, and rows."""
        listing = page.command.listing
        if listing is None or not listing.columns or not page.rows.items:
            return ()
        name = FILE_HERE if page.command.audience is Audience.CHANNEL else FILE
        states = page.call.services.states
        person = page.call.invocation.actor.id
        state = remembered(page.command, page.values, person)
        key = await states.keep(page.call.tenant, name, state, lifetime=PAGE_LIFETIME, person=person)
        return (Button(msg("All as a file…"), ActionRef(name, key)),)

    async def form(self, call: CommandCall, key: str, state: Mapping[str, Any]) -> Form:
        """Which format, and of a list that costs credits how much of it."""
        command, listing, _ = await self._permitted(call, state)
        name = FILE_HERE if command.audience is Audience.CHANNEL else FILE
        formats = tuple(Choice(_LABELS[one], one.value) for one in TableFormat)
        csv = TableFormat.CSV.value
        inputs = [Input(_FORMAT, msg("Format"), InputKind.CHOICE, value=csv, choices=formats)]
        if not listing.cost.free:
            label, hint = msg("At most how many rows"), msg("Empty: all, {most} at most", most=MOST_ROWS)
            inputs.append(Input(_ROWS, label, InputKind.INTEGER, required=False, hint=hint))
        return Form(msg("All as a file"), ActionRef(name, key), tuple(inputs), submit=msg("Make the file"))

    async def check(self, call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> None:
        """Refuse what cannot be made while the form may still be open."""
        await self._permitted(call, state)
        _format_of(values)
        _rows_of(values)

    async def file(self, call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
        """The file, or the question whether to read all of it for its price."""
        command, listing, args = await self._permitted(call, state)
        wanted_format = _format_of(values)
        if listing.cost.free:
            return await whole_listing(call, command, args, wanted_format)
        wanted = _rows_of(values)
        expected = None if listing.count is None else await listing.count(call, args)
        request = FileRequest(
            command=command.name,
            values=values_of(state),
            title=listing.title(args),
            format=wanted_format,
            reading=secrets.token_hex(16),
            most=bound(expected, wanted),
            expected=expected,
            asked=wanted is not None,
        )
        return await self._proposed(call, listing, request, Reading())

    async def go_on(self, call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Answer:
        """The same reading once more, behind what is stored of it."""
        stored = await call.services.proposals.get(call.tenant, str(state["key"]))
        result = (stored and stored.result) or {}
        if stored is None or stored.kind != LISTING_FILE.name or stored.state is not ProposalState.DONE:
            raise Expired(msg("What this button belongs to is no longer stored here."))
        if not result.get("more"):
            raise Expired(msg("There is nothing more to read here."), remedy=msg("Run the command again."))
        request = FileRequest.of(stored.payload)
        found = {"path": request.command.split(), "values": request.values}
        _, listing, args = await self._permitted(call, found)
        reading = await call.services.pages.reading(call.tenant, request.reading)
        if not reading.pages:
            raise Expired(
                msg("What was read is no longer stored: that is kept for a week."),
                remedy=msg("Run the command again."),
            )
        request = structs.replace(request, asked=False, paid=reading.credits)
        if over(reading):
            return await self._proposed(call, listing, structs.replace(request, most=reading.rows), reading)
        if reading.rows >= MOST_ROWS:
            raise LimitReached(
                msg("{most} rows were read, which is the most for a file.", most=MOST_ROWS),
                remedy=msg("Narrow the list with its options."),
            )
        expected = None if listing.count is None else await listing.count(call, args)
        most = min(MOST_ROWS, max(bound(expected, None), reading.rows + listing.file_size))
        return await self._proposed(
            call, listing, structs.replace(request, most=most, expected=expected), reading
        )

    async def _proposed(
        self, call: CommandCall, listing: Listing[Any, Any], request: FileRequest, reading: Reading
    ) -> Proposal:
        """The proposal, confirmed already where it costs less than the place wants to be asked about.

        reading: what was read before.
        """
        done = over(reading)
        await _room(call, reads=not done)
        rows = min(request.most, MOST_ROWS if request.expected is None else request.expected) - reading.rows
        there = None if request.expected is None else request.expected - reading.rows
        sold = listing.sold(rows, there)
        price = 0 if done else listing.price(rows, there)
        covered = not price or await covers(await call.xquik(), price)
        preview = question_card(
            ListingFacts(request.title, request.format.value, listing.cost.unit or ROWS),
            request.expected,
            request.most,
            price,
            read=reading.rows,
            least=listing.least if sold > max(0, rows) else 1,
            covered=covered,
            given=request.values,
        )
        cheap = price <= await call.services.spending.threshold(call.tenant)
        at_once = done or (request.expected is not None and cheap and covered)
        bounded = structs.replace(
            request, short=not covered, price=listing.price(request.most - reading.rows)
        )
        made = LISTING_FILE.proposal(bounded.payload(), preview, credits=price, at_once=at_once)
        return replace(made, command=request.command)

    async def _permitted(
        self, call: CommandCall, state: Mapping[str, Any]
    ) -> tuple[Command[Any], Listing[Any, Any], Any]:
        """The command with its options, for who may run it now."""
        words = " ".join(state["path"])
        command = self._find(words)
        if command is None or command.listing is None or not command.listing.columns:
            raise Expired(
                msg("`{command}` gives no file in this version of the bot.", command=words),
                remedy=msg("`help` shows what there is."),
            )
        await require(call, command.deed)
        check_opener(command, state, call.invocation.actor.id)
        if command.needs_key:
            await permits.need_key(call.services.keys, call.tenant)
        args = bound_again(command, values_of(state))
        return command, command.listing, args


def file_button_of(card: Card) -> ActionRef | None:
    """What asks for all of the list on a card; None where that is none with a file."""
    refs = (button.action for button in card.buttons if button.action is not None)
    return next((ref for ref in refs if ref.name in (FILE, FILE_HERE)), None)


async def _room(call: CommandCall, *, reads: bool) -> None:
    """Conflict while the person has another file made; LimitReached where the place has had enough read.
    reads: whether anything more is to be read."""
    running = await call.services.running.of_kinds(call.tenant, {LISTING_FILE.name})
    if any(one.requester == call.invocation.actor.id for one in running):
        raise Conflict(
            msg("Another list is being read into a file for you."),
            remedy=msg("Wait until it is there, or press Stop below it; then ask again."),
        )
    if reads and await call.services.pages.count(call.tenant) >= MOST_KEPT:
        raise LimitReached(
            msg(
                "{most} rows were read for files here within a week, which is as many as are kept.",
                most=MOST_KEPT,
            ),
            remedy=msg("Try again in a few days, when the oldest of them are deleted."),
        )


def _format_of(values: Mapping[str, str]) -> TableFormat:
    given = values.get(_FORMAT, "").strip().lower() or TableFormat.CSV.value
    try:
        return TableFormat(given)
    except ValueError:
        known = Joined(tuple(one.value for one in TableFormat), JoinedBy.COMMA)
        raise UsageError(
            msg("There is no such format."),
            option=_FORMAT,
            example=TableFormat.CSV.value,
            remedy=msg("Choose one of: {formats}.", formats=known),
        ) from None


def _rows_of(values: Mapping[str, str]) -> int | None:
    """How many rows are wanted at the most; None for all."""
    given = values.get(_ROWS, "").strip()
    if not given:
        return None
    try:
        wanted = whole_number(given)
    except ValueError:
        wanted = 0
    if not 1 <= wanted <= MOST_ROWS:
        raise UsageError(
            msg("The number of rows is a whole number from 1 to {most}.", most=MOST_ROWS),
            option=_ROWS,
            example="1000",
            remedy=msg("Leave it empty for all of the list."),
        )
    return wanted


_LABELS: Final = {
    TableFormat.CSV: msg("csv – for Excel, Sheets, anything"),
    TableFormat.JSON: msg("json – for programs"),
    TableFormat.JSONL: msg("jsonl – for programs, line by line"),
    TableFormat.XLSX: msg("xlsx – for Excel"),
}
