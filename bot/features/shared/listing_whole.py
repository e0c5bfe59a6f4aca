"""The whole of a listing that costs nothing, as a file at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, TypeVar

import msgspec

from bot.cards.listing_files import ROWS, FileOutcome, ListingFacts, nothing_card, outcome_card
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, File, Line, Tone
from bot.core.commands.declaring import Command
from bot.core.commands.listing import Listing
from bot.core.commands.page_cards import unreadable_words
from bot.core.messages.message import msg
from bot.core.page_walk import PageWalk, walked
from bot.features.services import CommandCall
from bot.proposals.listing_request import file_name
from bot.tabular.cells import Cell
from bot.tabular.formats import TableFormat
from bot.tabular.parts import TablePart, TableParts

MOST_ROWS: Final = 10_000
"""Rows of a file that is made while somebody waits."""
A = TypeVar("A")
T = TypeVar("T")


async def whole_listing(call: CommandCall, command: Command[A], args: A, format: TableFormat) -> Reply:
    """The file of a list, made while the person waits."""
    listing = command.listing
    assert listing is not None  # noqa: S101 - asked for by the button of a list
    title = listing.title(args)
    table = TableParts(format, tuple(column.name for column in listing.columns))
    count = unreadable = 0
    why: str = ""
    full: TablePart | None = None
    await call.progress(Card(msg("{list}: reading…", list=title), (), Tone.INFO))
    async for item in items_of(call, listing, args):
        if isinstance(item, UnreadableRows):
            unreadable += item.rows
            continue
        if count == MOST_ROWS:
            why = msg(
                "These are the first {count} rows. Narrow the list with its options for the others.",
                count=MOST_ROWS,
            )
            break
        row: tuple[Cell, ...] = tuple(column.value(item) for column in listing.columns)
        if (full := table.add(row)) is not None:
            why = msg("The others did not fit into the file. Narrow the list with its options, or take xlsx.")
            break
        count += 1
    if not count:
        return Reply(nothing_card(title, listing.empty(args)))
    part = await asyncio.to_thread(table.close) if full is None else full
    file = File(f"{file_name(title)}.{format.value}", format.content_type, part.content)
    said: Line = (why,) if why else ()
    if unreadable:
        said = (*said, *((" ",) if said else ()), unreadable_words(unreadable))
    who = msg("Requested by {who}.", who=call.invocation.actor.display_name)
    facts = ListingFacts(title, format.value, ROWS)
    return Reply(outcome_card(facts, FileOutcome(count, count, 1, 0, said, part.cut, who)), (file,))


class UnreadableRows(msgspec.Struct, frozen=True):
    """Rows of a page that cannot be read."""

    rows: int


async def items_of(call: CommandCall, listing: Listing[A, T], args: A) -> AsyncIterator[T | UnreadableRows]:
    """Every row once, by the rules of every list (`bot.core.page_walk`), and of each page how many are
    missing."""
    missing = 0

    async def page(cursor: str) -> tuple[tuple[T, ...], str]:
        nonlocal missing
        found = await listing.fetch(call, args, cursor, listing.file_size)
        missing += found.unreadable
        return found.items, found.after

    async for item in walked(page, PageWalk(listing.identity)):
        if missing:
            yield UnreadableRows(missing)
            missing = 0
        yield item
    if missing:
        yield UnreadableRows(missing)
