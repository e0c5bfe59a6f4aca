"""A page of a listing as a card: its rows, and what is said of them. Pure."""

from __future__ import annotations

from typing import Any

from bot.core.chat.cards import Block, Card, Line, Text, line
from bot.core.commands.cost import charged_words, credit_words
from bot.core.commands.listing import Listing, PageFrame, PageRows
from bot.core.messages.message import Message, msg, nmsg


def page_card(
    listing: Listing[Any, Any],
    args: Any,
    rows: PageRows[Any],
    blocks: tuple[Block, ...],
    frame: PageFrame,
    *,
    number: int,
    start: int,
    repeated: bool,
    charged: int | None = None,
) -> Card:
    """The page without buttons. blocks: its rows, drawn; start: how many rows stand before it; repeated: the
    list ends here because what follows was shown already; charged: credits, None of a list that is free."""
    said: list[Block] = [*frame.above, *blocks]
    if not rows.items and not repeated:
        said.append(Text(_nothing(listing, args, rows, frame)))
    said.extend(frame.below)
    if rows.partial:
        said.append(Text(line(rows.partial)))
    if rows.unreadable:
        said.append(Text(line(unreadable_words(rows.unreadable))))
    if repeated:
        said.append(Text(line(msg("The list ends here: what follows was shown already.")), subtle=True))
    elif _short(rows, start):
        words = msg("The list ends here, though it is said to have {total}.", total=rows.total or 0)
        said.append(Text(line(words), subtle=True))
    if rows.note and rows.items:
        said.append(Text(rows.note, subtle=True))
    where = _where(rows, number, start)
    price = None if charged is None else charged_words(charged)
    # In one text: a message holds so many blocks.
    if noted := [one for one in (where, price) if one]:
        said.append(Text(line(noted[0], *(part for one in noted[1:] for part in (" ", one))), subtle=True))
    return Card(frame.title or listing.title(args), tuple(said), frame.tone)


def unreadable_words(rows: int) -> Message:
    """That so many rows are missing."""
    return nmsg(
        "{n} more row came in a shape that cannot be read, and is left out.",
        "{n} more rows came in a shape that cannot be read, and are left out.",
        n=rows,
    )


def _short(rows: PageRows[Any], start: int) -> bool:
    """Whether a list ends before its own figure, and nothing else says why."""
    if rows.total is None or rows.after or rows.partial or rows.unreadable or not rows.items:
        return False
    return start + len(rows.items) < rows.total


def turn_label(label: str, cost: int, *, guessed: bool = False) -> str:
    """What a button that turns a page is called. cost: credits that the page costs at most; guessed: usually,
    it may be more."""
    if not cost:
        return label
    words = credit_words(cost)
    if guessed:
        return msg("{label} (about {credits})", label=label, credits=words)
    return msg("{label} (up to {credits})", label=label, credits=words)


def _nothing(listing: Listing[Any, Any], args: Any, rows: PageRows[Any], frame: PageFrame) -> Line:
    if rows.after:
        return line(msg("Nothing is left of this page; go on to the next."))
    return (frame.empty or listing.empty(args)) if rows.first else line(msg("Nothing follows any more."))


def _where(rows: PageRows[Any], number: int, start: int) -> str:
    """Which part of the list this is; "" where it is all of it, or nothing."""
    if rows.first and not rows.after:
        return ""
    if rows.total is None or not rows.items:
        return msg("Page {number}.", number=number)
    last = start + len(rows.items)
    return msg("Rows {first}–{last} of {total}.", first=start + 1, last=last, total=max(rows.total, last))
