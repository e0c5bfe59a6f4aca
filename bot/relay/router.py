"""The router: moves a durable cursor over stored events and makes deliveries of them.

It runs outside the web request, in batches. A batch's deliveries and the cursor's move are one
transaction that names the position it started from, so a crash, or a second router beside this one,
makes no event come twice or not at all.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.events import Event
from bot.core.ids import TenantId
from bot.core.ports import Scheduler
from bot.core.tracing import Routing, trace_id
from bot.relay.deletions import acted_on
from bot.relay.expanding import Expansion, expand, joined
from bot.relay.observing import RelayObserver
from bot.relay.planning import Pacing
from bot.relay.route_index import RouteIndex
from bot.storage.database import DIALECTS, Database, insert
from bot.storage.deliveries import NewDelivery, add
from bot.storage.events import Events
from bot.storage.mutes import Mutes
from bot.storage.routes import Routes
from bot.storage.tables import cursors

CURSOR = "router"
EVENTS_A_BATCH = 200
# Deliveries of one transaction; one event's own are never divided.
DELIVERIES_A_BATCH = 4000
# Entries of all route indexes held in memory together, some 200 bytes each.
INDEX_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class _Batch:
    """upto: the id of its last event. now: epoch seconds, one moment for all of it."""

    upto: int
    events: list[Routing]
    made: Expansion
    now: float


class RouteIndexes:
    """The indexes of the tenants that had events lately, loaded when needed, bounded in all."""

    def __init__(self, routes: Routes, mutes: Mutes, limit: int = INDEX_LIMIT) -> None:
        self._routes = routes
        self._mutes = mutes
        self._limit = limit
        self._held: OrderedDict[str, tuple[int, RouteIndex]] = OrderedDict()
        self._size = 0

    async def of(self, events: Sequence[Event]) -> dict[str, RouteIndex]:
        """The current index of each tenant among the events."""
        tenants = {str(event.tenant): event.tenant for event in events}
        versions = await self._routes.versions(list(tenants))
        found = {}
        for name, tenant in tenants.items():
            version = versions.get(name)
            if version is None:
                found[name] = _NO_ROUTES
                continue
            held = self._held.get(name)
            if held is None or held[0] != version:
                # Read after the version: an index newer than it says is only read once more.
                held = (version, await self._load(tenant))
                self._hold(name, held)
            else:
                self._held.move_to_end(name)
            found[name] = held[1]
        return found

    async def _load(self, tenant: TenantId) -> RouteIndex:
        routes = await self._routes.of_tenant(tenant)
        muted = await self._mutes.of_tenant(tenant)
        return RouteIndex(routes, ((one.channel, one.account) for one in muted))

    def _hold(self, name: str, held: tuple[int, RouteIndex]) -> None:
        old = self._held.pop(name, None)
        self._size += held[1].size - (old[1].size if old else 0)
        self._held[name] = held
        while self._size > self._limit and len(self._held) > 1:
            _, (_, dropped) = self._held.popitem(last=False)
            self._size -= dropped.size


class Router:
    """Turns events into deliveries, and wakes the lanes they are in."""

    def __init__(
        self,
        db: Database,
        events: Events,
        indexes: RouteIndexes,
        scheduler: Scheduler,
        pacer: Pacing,
        *,
        clock: Callable[[], float],
        observer: RelayObserver,
        max_age: float | None = None,
        poll: float = 1.0,
    ) -> None:
        """max_age: seconds; an event that happened longer before it came is stored but not sent.

        poll: seconds after which it looks for events that another process stored.
        """
        self._db = db
        self._events = events
        self._indexes = indexes
        self._scheduler = scheduler
        self._pacer = pacer
        self._clock = clock
        self._observer = observer
        self._max_age = max_age
        self._poll = poll
        self._arrived = asyncio.Event()
        self._position: int | None = None
        self._stopping = False

    def stop(self) -> None:
        """Let `run` end after the batch it is at."""
        self._stopping = True
        self._arrived.set()

    def notify(self) -> None:
        """Events were stored."""
        self._arrived.set()

    async def run(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Route until stopped. pause: waits so many seconds after a failure."""
        while not self._stopping:
            self._arrived.clear()
            try:
                while not self._stopping and await self.route_batch():
                    pass
            except Exception as error:
                # Nothing may end the router: what it could not do now it does from the cursor later.
                self._observer.trouble("router", error)
                self._position = None
                await pause(1.0)
                continue
            if not self._stopping:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):
                        await self._arrived.wait()

    async def route_batch(self) -> bool:
        """Route the next events, if there are any; whether there may be more."""
        if self._position is None:
            self._position = await self.position()
        events = await self._events.after(self._position, EVENTS_A_BATCH)
        if not events:
            return False
        batch = self._expand(events, await self._indexes.of(events))
        added = await self._commit(batch, self._position)
        if added is None:
            self._position = None  # somebody else was quicker
            return True
        self._position = batch.upto
        for lane in {new.lane for new in added}:
            self._scheduler.wake(lane)
        self._observer.routed(batch.events)
        return True

    async def position(self) -> int:
        """The id of the last event that was routed."""

        async def work(connection: AsyncConnection) -> int | None:
            query = select(cursors.c.position).where(cursors.c.name == CURSOR)
            return (await connection.execute(query)).scalar()

        return await self._db.read(work) or 0

    def _expand(self, events: Sequence[Event], indexes: dict[str, RouteIndex]) -> _Batch:
        now = self._clock()
        made = Expansion()
        taken: list[Routing] = []
        for event in events:
            if taken and made.weight >= DELIVERIES_A_BATCH:
                break
            tenant = str(event.tenant)
            own = expand(event, indexes[tenant], now, posted=not self._too_old(event))
            made.extend(own)
            messages = len(own.deliveries) + len(own.planned)
            taken.append(Routing(trace_id(tenant, event.identity), tenant, messages, now))
        return _Batch(events[len(taken) - 1].id, taken, made, now)

    def _too_old(self, event: Event) -> bool:
        return self._max_age is not None and event.received_at - event.occurred_at > self._max_age

    async def _commit(self, batch: _Batch, position: int) -> Sequence[NewDelivery] | None:
        """Move the cursor and store what the events became, if it is still where it was."""
        dialect = self._db.dialect

        async def work(connection: AsyncConnection) -> Sequence[NewDelivery] | None:
            if position == 0:
                await connection.execute(_FIRST[dialect])
            moved = await connection.execute(_MOVE, {"start": position, "upto": batch.upto})
            if moved.rowcount != 1:
                return None
            return await self._store(connection, batch)

        return await self._db.write(work)

    async def _store(self, connection: AsyncConnection, batch: _Batch) -> Sequence[NewDelivery]:
        made = batch.made
        added: Sequence[NewDelivery] = made.deliveries
        if made.planned:
            arranged = await self._pacer.arrange(connection, made.planned, batch.now)
            added = joined(made.deliveries, made.planned, arranged)
        await add(connection, added)
        for deletion in made.deletions:
            # Behind the messages of this batch: what was deleted may be one of them.
            done = await acted_on(connection, deletion, batch.now)
            await add(connection, done)
            added = [*added, *done]
        return added


# Built once: building them costs more than executing them.
_FIRST = {
    dialect: insert(dialect, cursors).values(name=CURSOR, position=0).on_conflict_do_nothing()
    for dialect in DIALECTS
}
_MOVE = (
    update(cursors)
    .where(cursors.c.name == CURSOR, cursors.c.position == bindparam("start"))
    .values(position=bindparam("upto"))
)
_NO_ROUTES = RouteIndex(())
