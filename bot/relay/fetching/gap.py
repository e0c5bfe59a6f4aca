"""What lies between a mark and now in the list of events, found by walking it from its new end.

The list is newest first and has to be stored oldest first. The walk remembers the oldest events it
has seen, up to a bound, and lets go of newer ones: when the gap is larger than that, it is closed in
several walks, from its old end on. Cursors are never used twice, so it does not matter whether pages
shift while events arrive.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import msgspec

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.events import Event, IncomingEvent
from bot.relay.receiving.delivery_body import NotAnEventError, read_body
from bot.relay.routing.route_index import RouteIndex
from bot.storage.intake.watermarks import Mark, is_number, reaches
from bot.xquik.models import Page
from bot.xquik.resources.event_feed import RawEvent

HELD_EVENTS: Final = 5_000
HELD_BYTES: Final = 16 * 1024 * 1024
"""What one walk holds of a tenant at most (and one page more)."""
LONGEST_WALK: Final = 500
"""Pages; what lies behind 50,000 events is not looked for."""
COUNTED_STALE: Final = 1_000
"""Events too old to be posted are counted up to here."""


class Listed(msgspec.Struct, frozen=True):
    """An event of the list. content: None when it is stored already, or is not to be."""

    id: str | None
    happened_at: float
    content: bytes | None
    dated: bool


@dataclass(slots=True)
class Gap:
    """What a walk found. pages: those held, newest first, each newest first.

    stale: how many are too old to be posted; skipped: so many of them in each place that they would
    have gone to. more_skipped: there may be more. whole: everything up to now is held.
    """

    pages: deque[list[Listed]] = field(default_factory=deque)
    stale: int = 0
    skipped: Counter[Destination] = field(default_factory=Counter)
    more_skipped: bool = False
    whole: bool = True

    def oldest_first(self) -> list[Listed]:
        """What is held, in the order in which it happened."""
        return [item for page in reversed(self.pages) for item in reversed(page)]


FetchPage: TypeAlias = Callable[[str | None], Awaitable[Page[RawEvent]]]
"""A page of the list of events, newest first; the first without a cursor."""


KnownOf: TypeAlias = Callable[[Sequence[str]], Awaitable[frozenset[str]]]
"""Which of these identities are stored already."""


class Walk:
    """One walk through a tenant's events, back to its mark."""

    def __init__(
        self,
        tenant: TenantId,
        mark: Mark,
        fetch: FetchPage,
        known: KnownOf,
        index: RouteIndex,
        *,
        now: float,
        max_age: float | None,
        held_events: int = HELD_EVENTS,
    ) -> None:
        """fetch: a page by its cursor, None for the first. known: which identities are stored.

        index: of the tenant's routes, to say where what is too old would have gone. now: epoch
        seconds. max_age: seconds; nothing that happened longer ago is to be posted.
        """
        self._tenant = tenant
        self._mark = mark
        self._fetch = fetch
        self._known = known
        self._index = index
        self._now = now
        self._max_age = max_age
        self._held_events = held_events
        self._gap = Gap()
        self._seen: set[str] = set()
        self._events = 0
        self._bytes = 0

    async def run(self) -> Gap:
        """Walk until the mark, the end of the list, or nothing but what is too old."""
        cursor: str | None = None
        cursors: set[str] = set()
        for _ in range(LONGEST_WALK):
            page = await self._fetch(cursor)
            arrived = await self._take(page.items)
            cursor = page.next_cursor if page.has_more else None
            if arrived or cursor is None or cursor in cursors:
                return self._gap
            if self._gap.stale >= COUNTED_STALE:
                break
            cursors.add(cursor)
        self._gap.more_skipped = True
        return self._gap

    async def _take(self, items: Sequence[RawEvent]) -> bool:
        """Take a page in; whether the walk is at its end."""
        read: list[tuple[RawEvent, IncomingEvent]] = []
        fresh = arrived = False
        for item in items:
            if item.id is not None and item.id in self._seen:
                continue  # pages may overlap while events arrive
            fresh = True
            if item.id is not None:
                self._seen.add(item.id)
            event = _read(item.content, self._now)
            if event is None:
                continue
            if self._is_reached(item, event):
                arrived = True
                break
            read.append((item, event))
        if read:
            stored = await self._known([event.identity for _, event in read])
            self._hold([self._listed(item, event, event.identity in stored) for item, event in read])
        return arrived or (bool(items) and not fresh)  # what brings nothing new is a page that repeats

    def _is_reached(self, item: RawEvent, event: IncomingEvent) -> bool:
        if item.id is None:
            return False
        if reaches(self._mark.event, item.id):
            return True
        if self._mark.event and is_number(self._mark.event) and is_number(item.id):
            return False
        # Ids that cannot be compared, and the event of the mark may be gone from the list.
        return bool(self._mark.event) and event.occurred_at < self._mark.happened_at

    def _listed(self, item: RawEvent, event: IncomingEvent, stored: bool) -> Listed:
        # Where the event does not say when it happened, or says a time to come, it is "now".
        dated = event.occurred_at != self._now
        keep = not stored
        if keep and self._max_age is not None and event.occurred_at < self._now - self._max_age:
            keep = False
            self._skip(event)
        return Listed(item.id, event.occurred_at, item.content if keep else None, dated)

    def _skip(self, event: IncomingEvent) -> None:
        self._gap.stale += 1
        self._gap.skipped.update(target.destination for target in self._index.targets(self._as_stored(event)))

    def _as_stored(self, event: IncomingEvent) -> Event:
        return Event(
            id=0,
            tenant=self._tenant,
            type=event.type,
            username=event.username,
            query=event.query,
            occurred_at=event.occurred_at,
            received_at=self._now,
            data=event.data,
            identity=event.identity,
            account_id=event.account_id,
        )

    def _hold(self, page: list[Listed]) -> None:
        self._gap.pages.append(page)
        self._events += len(page)
        self._bytes += _size(page)
        while len(self._gap.pages) > 1 and (self._events > self._held_events or self._bytes > HELD_BYTES):
            dropped = self._gap.pages.popleft()
            self._events -= len(dropped)
            self._bytes -= _size(dropped)
            self._gap.whole = False


def _read(content: bytes, now: float) -> IncomingEvent | None:
    """The event in the JSON; None for a test, and for what nobody can read later either."""
    try:
        return read_body(content, now).event
    except NotAnEventError:
        return None


def _size(page: Sequence[Listed]) -> int:
    return sum(len(item.content or b"") for item in page)
