"""Listings: a page of anything, declared once.

    FOLLOWERS = Listing(
        title=lambda args: msg("Followers of @{user}", user=str(args.user)),
        fetch=followers,  # one page, from a cursor
        identity=lambda user: user.id,
        draw=draw_people,
        empty=lambda args: line(msg("Nobody follows @{user}.", user=str(args.user))),
        columns=(Column("id", lambda user: user.id), Column("username", lambda user: user.username)),
        cost=PROFILES,
    )
    listing_command("user followers", FOLLOWERS, SPENDING, "List followers", "user followers @nasa")

The kernel does the rest: the first page, Next and Back (`bot.core.commands.pager`), and all of it as a file.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from bot.core.chat.cards import Block, Button, File, Line, Tone
from bot.core.chat.invocation import Call
from bot.core.commands.cost import FREE_OF_CHARGE, Cost

A = TypeVar("A")
T = TypeVar("T")

Cell: TypeAlias = str | int | float | bool | datetime | tuple[str, ...] | None
"""A value in a file. Ids are texts: a spreadsheet would round their digits. Moments have their zone. Several
texts are a list in JSON, and one text with spaces between them in a table."""


@dataclass(frozen=True)  # no slots: Python 3.11 could not make a PageRows[str](…) then
class PageRows(Generic[T]):
    """One page. after: the cursor of the next one, "" where the list ends. total: how many rows there are in
    all, and start: how many of them stand before this page, where that is known. partial: why this is not all
    of what was asked for, "" where it is. unreadable: how many rows of it came in no shape that can be read.
    note: what is to be known of the list besides, said below its rows. charged: credits,
    where that is not what its rows cost: something else was read too, or all of it is kept here.
    at: the cursor of this page, "" for the first: the pager fills it in.
    """

    items: tuple[T, ...]
    after: str = ""
    total: int | None = None
    start: int | None = None
    partial: str = ""
    unreadable: int = 0
    note: Line = ()
    charged: int | None = None
    at: str = ""

    @property
    def first(self) -> bool:
        """Whether the list begins here."""
        return not self.at


class PageFrame(msgspec.Struct, frozen=True):
    """What stands around the rows of a page, where that is more than a title and a note. title, empty: in
    place of those of the listing; above, below: blocks; buttons: before Back and Next; files: go with the
    list where it is opened, and with no other page."""

    title: str = ""
    empty: Line = ()
    above: tuple[Block, ...] = ()
    below: tuple[Block, ...] = ()
    tone: Tone = Tone.INFO
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()


CellOf: TypeAlias = Callable[[T], Cell]
"""What a row has in a column."""


@dataclass(frozen=True)  # as above
class Column(Generic[T]):
    """A column of the file. name: its heading, in snake_case."""

    name: str
    value: CellOf[T]


TitleOf: TypeAlias = Callable[[A], str]
"""The title of every page."""
IdentityOf: TypeAlias = Callable[[T], str]
"""What tells a row from all others: its id."""
EmptyLine: TypeAlias = Callable[[A], Line]
"""What is said where there is no row at all: why, and what to do next."""
FetchRows: TypeAlias = Callable[[Call[Any], A, str, int], Awaitable[PageRows[T]]]
"""One page: the call, the options, the cursor ("" for the first page) and how many rows at most. Raises
Expired for a cursor that leads nowhere any more: the first page is offered then. What the person may see is
decided each time, whatever the cursor says."""
DrawRows: TypeAlias = Callable[[Call[Any], A, PageRows[T]], Awaitable[tuple[Block, ...]]]
"""The rows of a page, of which there is one at least, as blocks."""
FramePage: TypeAlias = Callable[[Call[Any], A, PageRows[T]], Awaitable[PageFrame]]
"""What stands around a page."""
CostBesides: TypeAlias = Callable[[A], int]
"""Credits that a page with these options may cost beside its rows."""
CountRows: TypeAlias = Callable[[Call[Any], A], Awaitable[int | None]]
"""How many rows there are in all, for the estimate of a file; None where nobody knows that beforehand."""


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[A, T]):
    """A list that is read page by page.

    title: of the card. empty: said where there is no row at all. frame: see `PageFrame`. size: rows of a
    page. columns: of the file; none: there is no file. cost: of reading: `fixed` for each page that is
    fetched, `each` for each row. guessed: Xquik alone decides how many rows a page has, and `size` is what is
    usual. file_size: rows that are fetched at once for a file, and where pages cannot
    be turned; least: as few as can be had at once, whatever is asked for. count: see `CountRows`. besides:
    what a page may cost besides, where that depends on the options. kept: the first page brings all of it, so
    that the others cost nothing; `fetch` raises Expired for one that is not kept any more.
    """

    title: TitleOf[A]
    fetch: FetchRows[A, T]
    identity: IdentityOf[T]
    draw: DrawRows[A, T]
    empty: EmptyLine[A]
    frame: FramePage[A, T] | None = None
    size: int = 10
    columns: tuple[Column[T], ...] = ()
    file_size: int = 100
    least: int = 1
    cost: Cost = FREE_OF_CHARGE
    guessed: bool = False
    count: CountRows[A] | None = None
    besides: CostBesides[A] | None = None
    kept: bool = False

    def page_price(self, args: A, size: int, cursor: str = "") -> int:
        """What a page of so many rows costs at most, in credits. cursor: of the page, "" for the first."""
        if self.kept and cursor:
            return 0
        return self.cost.of(size) + (0 if self.besides is None else self.besides(args))

    def paid(self, rows: PageRows[T]) -> int:
        """What a page was charged, in credits, as Xquik charges for its rows."""
        return self.cost.of(len(rows.items) + rows.unreadable) if rows.charged is None else rows.charged

    def sold(self, rows: int, there: int | None = None) -> int:
        """How many rows are paid for where a file is to have that many more: a last page has its least, or
        what is there of it. there: how many more the list has, where that is known."""
        full, rest = divmod(max(0, rows), self.file_size)
        sold = full * self.file_size + (max(rest, self.least) if rest else 0)
        return sold if there is None else min(sold, max(0, there))

    def affordable(self, credits: int) -> int:
        """How many rows one page can have for that many credits."""
        left = credits - self.cost.fixed
        if left < 0:
            return 0
        return left // self.cost.each if self.cost.each else self.file_size

    def price(self, rows: int, there: int | None = None) -> int:
        """The estimate for that many rows more of a file, in credits."""
        pages = math.ceil(max(0, rows) / self.file_size)
        return self.cost.each * self.sold(rows, there) + self.cost.fixed * pages


KeyOf: TypeAlias = Callable[[T], tuple[str, ...]]
"""What rows are ordered by; no two have the same."""


def page_of(items: Sequence[T], key: KeyOf[T], cursor: str, size: int, *, note: Line = ()) -> PageRows[T]:
    """A page of what is at hand whole, in the order of its keys.

    The cursor is the key of the last row before the page, not its number: rows that come or go meanwhile move
    no other to a page that was read already, nor to one that is left out.
    """
    ordered = sorted(items, key=key)
    start = bisect_right(ordered, tuple(json.loads(cursor)), key=key) if cursor else 0
    shown = tuple(ordered[start : start + size])
    more = start + len(shown) < len(ordered)
    after = json.dumps(key(shown[-1]), separators=(",", ":")) if shown and more else ""
    return PageRows(shown, after, total=len(ordered), start=start, note=note)
