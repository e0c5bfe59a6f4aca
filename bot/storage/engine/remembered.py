"""What is read for every command, from memory for as long as nobody changed it.

The tables of `bot.storage.tables.changes` count their changes, whoever makes them. A value that was read is
given again while that count was looked at within the last second and is what it was when the value was read;
one look serves all values. So a change by this process (`Database.change`) holds at once, and one by
another process, or by SQL, as soon as PostgreSQL tells of it (`changed`), and within a second where that is
lost, and on SQLite. A database that cannot be asked gives no values: nobody may do
what was allowed a while ago because the database is away.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol, TypeVar

from cachetools import LRUCache
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Monotonic
from bot.storage.tables.changes import changes

T = TypeVar("T")

FRESH: Final = 1.0
"""Seconds for which a look at the count holds."""
MOST: Final = 10_000
"""Values that are held; those not used for longest go first."""

_COUNT = select(changes.c.number)


class Reads(Protocol):
    """`bot.storage.engine.database.Database.read`."""

    async def __call__(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T: ...


class Remembered:
    """See the module. read: a transaction that sees one moment. ticks: seconds that never go back."""

    def __init__(self, read: Reads, ticks: Monotonic = time.monotonic) -> None:
        self._read = read
        self._ticks = ticks
        self._held: LRUCache[tuple[str, ...], Any] = LRUCache(MOST)
        # The count that all held values were read at, when it was learned, and until when that holds.
        self._number = -1
        self._learned = self._until = float("-inf")
        # One more with every change by this process: what was read before one is not kept after it.
        self._turn = 0

    def forget(self) -> None:
        """This process changed something: what is held is compared before it is given again."""
        self._turn += 1
        self._until = float("-inf")

    def changed(self, number: str | None) -> None:
        """Another process may have changed something. number: the count then, as the triggers tell it; None
        where that is not known."""
        if number is None or number != str(self._number):  # else it is what was read already
            self.forget()

    async def get(self, key: tuple[str, ...], load: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """What `load` reads, under a key of its own; it is not changed by whoever gets it.
        StorageUnavailable when the database cannot answer."""
        began = self._ticks()
        if began < self._until:
            try:
                found: T = self._held[key]
            except KeyError:
                pass
            else:
                return found
        return await self._look(key, load, began)

    async def _look(
        self, key: tuple[str, ...], load: Callable[[AsyncConnection], Awaitable[T]], began: float
    ) -> T:
        turn, number, held = self._turn, self._number, self._held.get(key, _NOTHING)

        async def work(connection: AsyncConnection) -> tuple[int, Any]:
            now = (await connection.execute(_COUNT)).scalar_one_or_none() or 0
            return now, held if now == number and held is not _NOTHING else await load(connection)

        now, value = await self._read(work)
        # What was read before a change, or beside a read that saw more, is no news by now.
        if turn == self._turn and (now >= self._number or began > self._learned):
            if now != self._number:
                self._held.clear()
            self._number, self._learned = now, self._ticks()
            self._until = max(self._until, began + FRESH)
            self._held[key] = value
        found: T = value
        return found


_NOTHING: Final = object()
