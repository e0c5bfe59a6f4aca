"""The router: moves durable cursors over stored events and makes deliveries of them.

It runs outside the web request, in batches: at once when an event comes after a pause, and then at most
so many times a second, so that events that come one by one share a commit. What a batch makes and the
cursor's move are one transaction that names the position it started from, so a crash, or a second router
beside this one, makes no event come twice or not at all. A tenant with more than its share of a batch is
routed by a cursor of its own, in turns with others (`bot.relay.routing.quota`), always in the order of
its events.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.ports import Scheduler
from bot.core.routes.account_names import Sighting
from bot.core.routes.events import Event
from bot.relay.observing import RelayObserver
from bot.relay.routing.deletions import acted_on
from bot.relay.routing.expanding import Expansion, expand, joined
from bot.relay.routing.planning import Scheduling
from bot.relay.routing.quota import (
    Expand,
    Quota,
    RoutedBatch,
    Steps,
    at_once,
    common_batch,
    next_turns,
    passing,
    slices,
    step,
    turn,
)
from bot.relay.routing.renaming import Renaming
from bot.relay.routing.route_index import RouteIndex
from bot.relay.routing.route_indexes import RouteIndexes
from bot.relay.routing.routed_apart import SLICE, RoutesApart, route_apart
from bot.storage.engine.database import Database
from bot.storage.intake.events import Events
from bot.storage.intake.tenant_cursors import Lag, TenantCursors, catch_up, fall_behind, move_common
from bot.storage.relay.deliveries import NewDelivery, add

# Seconds for which events gather after a batch, before the next one. Nobody feels them behind a message that
# was posted on another server, and at 400 events a second they save nine of ten commits.
GATHER = 0.08
# Seconds for which a tenant whose turn failed is left alone.
_REST = 5.0
# Seconds after which the event loop has its turn while a batch is worked out.
_STEP = 0.002
# Words that filters look for, from which the event loop does not wait for the answer.
_LONG_SEARCH = 200


RoutedUpTo: TypeAlias = Callable[[TenantId], Awaitable[int]]
"""The id up to which the events of a tenant are routed: `Router.position_of`."""


class Router:
    """Turns events into deliveries, and wakes the lanes they are in."""

    def __init__(
        self,
        db: Database,
        events: Events,
        indexes: RouteIndexes,
        scheduler: Scheduler,
        schedules: Scheduling,
        renaming: Renaming,
        *,
        clock: Clock,
        observer: RelayObserver,
        max_age: float | None = None,
        poll: float = 1.0,
        gather: float = GATHER,
        quota: Quota | None = None,
        apart: RoutesApart | None = None,
    ) -> None:
        """max_age: seconds; an event that happened longer before it came is stored but not sent.

        poll: seconds after which it looks for events that another process stored. gather: seconds after what
        was routed, in which further events are waited for before they are routed together. apart: stores
        batches that are messages alone by a process of its own.
        """
        self._db = db
        self._events = events
        self._indexes = indexes
        self._scheduler = scheduler
        self._schedules = schedules
        self._renaming = renaming
        self._clock = clock
        self._observer = observer
        self._max_age = max_age
        self._poll = poll
        self._gather = gather
        self._quota = quota or Quota()
        self._apart = apart
        self._cursors = TenantCursors(db)
        self._arrived = asyncio.Event()
        self._stopped = asyncio.Event()
        # The cursors as they are stored; None when that is not known.
        self._position: int | None = None
        self._lagging: dict[str, Lag] = {}
        # Whether the last batch was all that there was.
        self._caught_up = True
        self._last_turn = ""
        # How many events a lagging tenant's share was made of, and until when one rests that failed.
        self._batch_sizes: dict[str, int] = {}
        self._resting: dict[str, float] = {}
        self._stopping = False

    def stop(self) -> None:
        """Let `run` end after the batch it is at."""
        self._stopping = True
        self._arrived.set()
        self._stopped.set()

    def notify(self) -> None:
        """Events were stored."""
        self._arrived.set()

    async def run(self, pause: Sleep) -> None:
        """Route until stopped. pause: waits so many seconds after a failure."""
        while not self._stopping:
            self._arrived.clear()
            try:
                while not self._stopping and await self.route_batch():
                    if self._caught_up:
                        await _within(self._gather, self._stopped)
            except Exception as error:
                # Nothing may end the router: what it could not do now it does from the cursor later.
                self._observer.trouble("router", error)
                self._position = None
                await pause(1.0)
                continue
            if not self._stopping:
                await _within(self._poll, self._arrived)

    async def route_batch(self) -> bool:
        """Route the next events of all, and a round of turns of those that lag; whether there may be more."""
        if self._position is None:
            positions = await self._cursors.positions()
            self._position, self._lagging = positions.common, dict(positions.lags)
            self._batch_sizes.clear()
        more = await self._route_common(self._position)
        if self._position is None or not self._lagging:
            return more
        return await self._round() or more

    async def position(self) -> int:
        """The id up to which every event is routed."""
        return (await self._cursors.positions()).whole

    async def position_of(self, tenant: TenantId) -> int:
        """The id up to which a tenant's events are routed."""
        return (await self._cursors.positions()).of(tenant)

    async def _route_common(self, position: int) -> bool:
        events = await self._events.after(position, self._quota.events)
        if not events:
            return False
        try:
            batch = await self._common(events)
            if self._apart is not None and batch.is_plain:
                await self._hand_over(self._apart, batch, events, position)
            else:
                await self._advance(batch, position)
        except StorageUnavailable:
            raise
        except Exception as error:
            # Whose fault it was shows in their own turns; the others' are routed all the same.
            self._observer.trouble("router", error)
            if self._position is not None and (rest := [e for e in events if e.id > self._position]):
                await self._advance(passing(rest, self._clock()), self._position)
        whole = len(events) < self._quota.events and self._position == events[-1].id
        self._caught_up = whole and not self._lagging
        return True

    async def _common(self, events: Sequence[Event]) -> RoutedBatch:
        indexes = await self._current([e for e in events if str(e.tenant) not in self._lagging])
        now = self._clock()
        expand_one, lagging = self._expander(indexes, now), frozenset(self._lagging)
        return await worked_out(indexes, common_batch(events, lagging, expand_one, self._quota, now))

    async def _hand_over(
        self, process: RoutesApart, batch: RoutedBatch, events: Sequence[Event], position: int
    ) -> None:
        """As `_advance`, by another process, in slices."""
        for part in slices(batch, events, SLICE):
            added = part.made.deliveries
            try:
                moved, again = await route_apart(process, position, part.upto, added)
            except StorageUnavailable:
                self._wake(added)  # one that hung or died may have stored them all the same
                raise
            if not moved:
                self._position = None  # somebody else was quicker
                if again:  # perhaps the one that died, whose answer nobody had
                    self._wake(added)
                return
            self._position = position = part.upto
            self._done(part, added)

    async def _advance(self, batch: RoutedBatch, position: int) -> None:
        """Move the common cursor and store what the events became, if it is still where it was."""
        dialect = self._db.dialect

        async def work(connection: AsyncConnection) -> Sequence[NewDelivery] | None:
            if not await move_common(connection, dialect, position, batch.upto):
                return None
            if batch.passed:
                await fall_behind(connection, dialect, batch.passed)
            return await self._store(connection, batch)

        added = await self._db.write(work)
        if added is None:
            self._position = None  # somebody else was quicker
            return
        self._position = batch.upto
        for tenant, passed in batch.passed.items():
            before = self._lagging.get(tenant, passed)
            self._lagging[tenant] = Lag(before.position, passed.upto)
        self._done(batch, added)

    async def _round(self) -> bool:
        """Turns of the lagging tenants, up to a batch's worth; whether there may be more to do at once."""
        now = self._clock()
        waiting = [t for t in self._lagging if self._resting.get(t, now) <= now]
        share = max(self._quota.turn, self._quota.batch // max(1, len(waiting)))
        weight = 0
        for tenant in next_turns(waiting, self._last_turn)[: self._quota.turns]:
            self._last_turn = tenant
            try:
                weight += await self._turn(tenant, share)
            except StorageUnavailable:
                raise
            except Exception as error:
                self._observer.trouble("router", error)
                self._resting[tenant] = now + _REST
                # What comes before the event at fault can still be routed.
                self._batch_sizes[tenant] = max(1, self._batch_sizes.get(tenant, self._quota.events) // 2)
            if self._position is None or self._stopping or weight >= self._quota.batch:
                break
        return bool(waiting)

    async def _turn(self, tenant: str, share: int) -> int:
        """Route a lagging tenant's next events; about how many rows that made."""
        lag = self._lagging[tenant]
        size = self._batch_sizes.get(tenant, self._quota.events)
        events = await self._cursors.events(tenant, lag, size)
        whole = lag.upto if len(events) < size else events[-1].id
        indexes, now = await self._current(events), self._clock()
        expand_one = self._expander(indexes, now)
        batch = await worked_out(indexes, turn(events, whole, expand_one, share, now))

        async def work(connection: AsyncConnection) -> Sequence[NewDelivery] | None:
            if not await catch_up(connection, tenant, lag, batch.upto):
                return None
            return await self._store(connection, batch)

        added = await self._db.write(work)
        if added is None:
            self._position = None  # somebody else was quicker
            return 0
        self._resting.pop(tenant, None)
        if batch.upto >= lag.upto:
            del self._lagging[tenant]
            self._batch_sizes.pop(tenant, None)
        else:
            self._lagging[tenant] = Lag(batch.upto, lag.upto)
            # What does not fit is read again: next time about as many as did.
            grown = 2 * len(batch.routed)
            self._batch_sizes[tenant] = min(self._quota.events, max(grown, 1))
        self._done(batch, added)
        return batch.made.weight

    def _done(self, batch: RoutedBatch, added: Sequence[NewDelivery]) -> None:
        self._wake(added)
        if batch.routed:
            self._observer.routed(batch.routed)

    def _wake(self, added: Sequence[NewDelivery]) -> None:
        for lane in {new.lane for new in added}:
            self._scheduler.wake(lane)

    async def _current(self, events: Sequence[Event]) -> dict[str, RouteIndex]:
        """The index of each tenant among the events, which knows what they tell of usernames."""
        indexes = await self._indexes.of(events)
        news: dict[TenantId, list[Sighting]] = {}
        for event in events:
            if found := indexes[str(event.tenant)].news(event):
                news.setdefault(event.tenant, []).extend(found)
        if not news:
            return indexes
        for tenant, sightings in news.items():
            posted = [event for event in events if event.tenant == tenant and self._is_posted(event)]
            await self._renaming.take(tenant, sightings, posted)
        return await self._indexes.of(events)

    def _is_posted(self, event: Event) -> bool:
        return self._max_age is None or event.received_at - event.occurred_at <= self._max_age

    def _expander(self, indexes: dict[str, RouteIndex], now: float) -> Expand:
        def expanded(event: Event) -> Expansion:
            return expand(event, indexes[str(event.tenant)], now, posted=self._is_posted(event))

        return expanded

    async def _store(self, connection: AsyncConnection, batch: RoutedBatch) -> Sequence[NewDelivery]:
        made = batch.made
        added: Sequence[NewDelivery] = made.deliveries
        if made.planned:
            arranged = await self._schedules.arrange(connection, made.planned, batch.now)
            added = joined(made.deliveries, made.planned, arranged)
        await add(connection, added)
        for deletion in made.deletions:
            # Behind the messages of this batch: what was deleted may be one of them.
            done = await acted_on(connection, deletion, batch.now)
            await add(connection, done)
            added = [*added, *done]
        return added


async def _within(seconds: float, happened: asyncio.Event) -> None:
    """Wait for something, so many seconds at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await happened.wait()


async def worked_out(indexes: Mapping[str, RouteIndex], steps: Steps) -> RoutedBatch:
    """The batch, worked out with turns for others in between, and in a thread where filters may have to
    search for long."""
    if sum(index.searches for index in indexes.values()) >= _LONG_SEARCH:
        return await asyncio.to_thread(at_once, steps)
    until = time.monotonic() + _STEP
    while (batch := step(steps)) is None:
        if time.monotonic() >= until:
            await asyncio.sleep(0)
            until = time.monotonic() + _STEP
    return batch
