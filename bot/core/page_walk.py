"""A page walk: reading a list page by page without trusting it to end. One set of rules for every list.

Each row counts once, where it comes first. A walk ends where the list says so, where a cursor comes again,
after `BARREN` pages in a row without anything new (single ones may be empty), and after `MOST_PAGES`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from enum import StrEnum
from typing import Final, Generic, TypeAlias, TypeVar

from bot.core.errors import Expired

T = TypeVar("T")
BARREN: Final = 3
"""Pages in a row without anything new."""
MOST_PAGES: Final = 1_000


class WalkEnd(StrEnum):
    """Why a walk is over. LIST: the list has no further page; REPEATS: a cursor came again; BARREN, BOUND:
    see the module."""

    LIST = "list"
    REPEATS = "repeats"
    BARREN = "barren"
    BOUND = "bound"


RowIdentity: TypeAlias = Callable[[T], str]
"""What tells a row from all others."""


class PageWalk(Generic[T]):
    """Where somebody stands in a list. at: the cursor of the next page, "" for the first; ended: None while
    there is one to read; pages: that were read."""

    def __init__(
        self,
        identity: RowIdentity[T],
        *,
        seen: Iterable[str] = (),
        cursors: Iterable[str] = (),
        barren: int = 0,
        most: int = MOST_PAGES,
    ) -> None:
        """seen, cursors, barren: of pages that were read before:
        the identities of their rows, the cursor behind each, and how many of the last brought nothing new.
        most: pages in all."""
        self._identity = identity
        self._seen = set(seen)
        before = tuple(cursors)
        self._cursors = set(before)
        self._barren = barren
        self._allowed = BARREN
        self._most = most
        self.at = before[-1] if before else ""
        self.pages = len(before)
        self.ended: WalkEnd | None = None

    def take(self, rows: Iterable[T], after: str) -> list[T]:
        """The rows of the page it stood before that are new. after: the cursor behind them, "" for none."""
        fresh: list[T] = []
        for row in rows:
            identity = self._identity(row)
            if identity not in self._seen:
                self._seen.add(identity)
                fresh.append(row)
        self.pages += 1
        self._barren = 0 if fresh else self._barren + 1
        if fresh:
            self._allowed = BARREN
        self.ended = self._end(after)
        self._cursors.add(after)
        self.at = after if self.ended is None else ""
        return fresh

    def restart(self) -> None:
        """Stand before the first page again. The pages that were read bring nothing new then, and may be
        passed."""
        self._allowed = BARREN + self.pages
        self._barren = 0
        self._cursors.clear()
        self.at = ""

    def _end(self, after: str) -> WalkEnd | None:
        if not after:
            return WalkEnd.LIST
        if after in self._cursors:
            return WalkEnd.REPEATS
        if self._barren >= self._allowed:
            return WalkEnd.BARREN
        return WalkEnd.BOUND if self.pages >= self._most else None


PageAt: TypeAlias = Callable[[str], Awaitable[tuple[Iterable[T], str]]]
"""The page at a cursor, "" for the first: its rows, and the cursor behind them, "" where the list ends."""


async def walked(fetch: PageAt[T], walk: PageWalk[T]) -> AsyncIterator[T]:
    """Every row once, in the order of the pages, for lists that cost nothing.

    A cursor that is forgotten (`Expired`) begins the list anew, once; rows that came already stay out.
    """
    restarted = False
    while walk.ended is None:
        try:
            rows, after = await fetch(walk.at)
        except Expired:
            if not walk.at or restarted:
                raise
            restarted = True
            walk.restart()
            continue
        for row in walk.take(rows, after):
            yield row
