"""Walking through pages without trusting them to end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from bot.core.errors import Expired
from bot.xquik.models import Page

T = TypeVar("T")


async def whole(
    fetch: Callable[[str | None], Awaitable[Page[T]]], *, identity: Callable[[T], str]
) -> tuple[T, ...]:
    """The whole list, as `iterate` walks it."""
    return tuple([item async for item in iterate(fetch, identity=identity)])


async def iterate(
    fetch: Callable[[str | None], Awaitable[Page[T]]],
    *,
    identity: Callable[[T], str],
    cursor: str | None = None,
    max_pages: int = 1000,
) -> AsyncIterator[T]:
    """Every item of every page once, in the order of the pages.

    fetch: gets one page for a cursor (None: the first). identity: an item's id, for de-duplication.
    Ends when the list ends, when a cursor or a whole page repeats, or after `max_pages`. A cursor that
    Xquik has forgotten (410) restarts from the first page once; items seen already stay out.
    """
    cursors: set[str] = set()
    seen: set[str] = set()
    restarted = False
    for _ in range(max_pages):
        try:
            page = await fetch(cursor)
        except Expired:
            if cursor is None or restarted:
                raise
            cursor, restarted = None, True
            cursors.clear()
            continue
        fresh = [item for item in page.items if identity(item) not in seen]
        for item in fresh:
            if identity(item) not in seen:
                seen.add(identity(item))
                yield item
        follows = page.next_cursor if page.has_more else None
        # After a restart the first pages bring nothing new: only then may an empty page be passed.
        if follows is None or follows in cursors or (not fresh and not restarted):
            return
        cursors.add(follows)
        cursor = follows
