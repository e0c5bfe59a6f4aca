"""Listings: a page of anything, declared once.

    FOLLOWERS = Listing(
        title=lambda args: f"Followers of @{args.user}",
        fetch=followers,                      # one page, from a cursor
        identity=lambda user: user.id,
        draw=lambda users: (people_table(users),),
        columns=(Column("id", lambda user: user.id), Column("username", lambda user: user.username)),
        cost=Cost(each=1, unit=Unit("profile", "profiles")),
    )
    listing_command("user followers", FOLLOWERS, SPENDING, "List followers", "user followers @nasa")

The kernel does the rest: the first page, Next and Back (`bot.core.commands.pager`), and all of it as a file.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from bot.core.chat.cards import Block, Button, Line, Tone
from bot.core.chat.invocation import Call
from bot.core.commands.cost import FREE_OF_CHARGE, Cost

A = TypeVar("A")
T = TypeVar("T")

Cell: TypeAlias = str | int | float | bool | datetime | None
"""A value in a file. Ids are texts: a spreadsheet would round their digits. Moments have their zone."""


@dataclass(frozen=True, slots=True)
class PageRows(Generic[T]):
    """One page. after: the cursor of the next one, "" where the list ends. total: how many there are in all,
    where that is known. partial: why this is not all of what was asked for, "" where it is."""

    items: tuple[T, ...]
    after: str = ""
    total: int | None = None
    partial: str = ""


CellOf: TypeAlias = Callable[[T], Cell]
"""What a row has in a column."""


@dataclass(frozen=True, slots=True)
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
NoteBelow: TypeAlias = Callable[[PageRows[T]], Line]
"""What is said below the rows of a page."""
FetchRows: TypeAlias = Callable[[Call[Any], A, str, int], Awaitable[PageRows[T]]]
"""One page: the call, the options, the cursor ("" for the first page) and how many rows at most."""
DrawRows: TypeAlias = Callable[[Call[Any], A, PageRows[T]], Awaitable[tuple[Block, ...]]]
"""The rows of a page as blocks, never none."""
RowButtons: TypeAlias = Callable[[Call[Any], A, PageRows[T]], Awaitable[tuple[Button, ...]]]
"""Buttons of a page beside Back and Next."""
CountRows: TypeAlias = Callable[[Call[Any], A], Awaitable[int | None]]
"""How many rows there are in all, for the estimate of a file; None where nobody knows that beforehand."""


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[A, T]):
    """A list that is read page by page.

    title: of the card. empty: said where there is no row at all. note: below the rows of every page.
    size: rows of a page. columns: of the file; none: there is no file. cost: of reading: `fixed` for each
    page that is fetched, `each` for each row. file_size: rows that are fetched at once for a file. count: see
    `CountRows`.
    """

    title: TitleOf[A]
    fetch: FetchRows[A, T]
    identity: IdentityOf[T]
    draw: DrawRows[A, T]
    empty: EmptyLine[A]
    note: NoteBelow[T] | None = None
    buttons: RowButtons[A, T] | None = None
    tone: Tone = Tone.INFO
    size: int = 10
    columns: tuple[Column[T], ...] = ()
    file_size: int = 100
    cost: Cost = FREE_OF_CHARGE
    count: CountRows[A] | None = None
