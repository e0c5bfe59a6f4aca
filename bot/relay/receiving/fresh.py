"""The events as the router reads them: those that this process has just stored need not be read again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from bot.core.clocks import Clock
from bot.core.routes.events import Event
from bot.storage.engine.database import Database
from bot.storage.intake.events import Events

# Characters of the events' data held. When it would be more, the database is read until it is caught up with.
SIZE_LIMIT = 8 << 20
# Seconds between looks for events of other processes, while our own come one after another.
LOOK_EVERY = 0.5


class FreshEvents(Events):
    """`Events` whose `after` hands out what was added, as long as nothing can be missing before it.

    Ids ascend by one. Where one is not here, another process may have stored it: then, and for all that
    is not here, the database is asked.
    """

    def __init__(self, db: Database, clock: Clock, limit: int = SIZE_LIMIT) -> None:
        super().__init__(db)
        self._clock = clock
        self._limit = limit
        self._size = 0
        self._held: deque[tuple[Event, int]] = deque()
        # Behind this id there was nothing else at `_looked_at`; None when that is not known.
        self._reached: int | None = None
        self._looked_at = 0.0

    def add(self, stored: Iterable[tuple[Event, int]]) -> None:
        """Hold events that are durable, in the order of their ids, each with the length of its data."""
        for event, size in stored:
            self._held.append((event, size))
            self._size += size
        if self._size > self._limit:
            self._held.clear()
            self._size = 0
            self._reached = None

    async def after(self, position: int, limit: int) -> tuple[Event, ...]:
        """See `Events.after`. What another process has stored may be found up to `LOOK_EVERY` later."""
        found = self._next(position, limit)
        if found:
            self._reached = found[-1].id
            return tuple(found)
        now = self._clock()
        if not self._held and position == self._reached and 0 <= now - self._looked_at < LOOK_EVERY:
            return ()
        self._looked_at = now
        read = await super().after(position, limit)
        self._reached = None if len(read) == limit else read[-1].id if read else position
        return read

    def _next(self, position: int, limit: int) -> list[Event]:
        held = self._held
        while held and held[0][0].id <= position:
            self._size -= held.popleft()[1]
        found: list[Event] = []
        while held and len(found) < limit and held[0][0].id == position + 1:
            event, size = held.popleft()
            self._size -= size
            position += 1
            found.append(event)
        return found
