"""Walking through pages of the API, by the rules of every list (`bot.core.page_walk`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from bot.core.page_walk import MOST_PAGES, PageWalk, walked
from bot.xquik.models import Page

T = TypeVar("T")


async def whole(
    fetch: Callable[[str | None], Awaitable[Page[T]]], *, identity: Callable[[T], str]
) -> tuple[T, ...]:
    """The whole list, as `iterate` walks it."""
    return tuple([item async for item in iterate(fetch, identity=identity)])


def iterate(
    fetch: Callable[[str | None], Awaitable[Page[T]]],
    *,
    identity: Callable[[T], str],
    max_pages: int = MOST_PAGES,
) -> AsyncIterator[T]:
    """Every item of every page once, in the order of the pages. Free lists only.

    fetch: gets one page for a cursor (None: the first). identity: an item's id. A cursor that Xquik has
    forgotten (410) restarts from the first page once; items seen already stay out.
    """

    async def page(cursor: str) -> tuple[tuple[T, ...], str]:
        found = await fetch(cursor or None)
        return found.items, (found.next_cursor or "") if found.has_more else ""

    return walked(page, PageWalk(identity, most=max_pages))
