"""What came while a person had paused a route: counted, and sent as far as they want it, in order and once.

Events are stored while a route is paused, so nothing else has to be remembered than the last one that it
could take. What is sent is made as the router would have made it, under the same keys: what a channel
has got by another route, or gets by the router at the same moment, stands there once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Clock
from bot.core.routes import dedup_keys
from bot.core.routes.event_readings import tweet_id
from bot.core.routes.events import DELETED_TYPE, Event
from bot.core.routes.missed import MissedOfRoute
from bot.core.routes.muting import Muting
from bot.core.routes.route import Matched, Route, match
from bot.relay.routing.expanding import new_delivery
from bot.relay.routing.planning import Planned
from bot.relay.routing.thread_openers import accompanied, thread_of
from bot.storage.engine.database import Database
from bot.storage.intake.events import ORDER_LOCK, Events, behind
from bot.storage.relay.deliveries import NewDelivery, add
from bot.storage.relay.held import known
from bot.storage.relay.mutes import Mutes

# Events that are sent at most, and events of the tenant that are looked through for them.
MOST: Final = 1_000
LOOKED_THROUGH: Final = 20_000
_PAGE: Final = 500


@dataclass(slots=True)
class _Sifting:
    """What a walk from the newest event back has found so far."""

    route: Route
    before: float | None
    taken: list[Event] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    too_old: int = 0

    def sift(self, newest_first: Iterable[Event]) -> None:
        """Take what the route takes; of a tweet once, and none that was deleted since."""
        for event in newest_first:
            if event.type == DELETED_TYPE and (gone := tweet_id(event)) is not None:
                self.deleted.add(gone)
            if not isinstance(match(self.route, event), Matched):
                continue
            dedup_key = dedup_keys.of_event(event)
            if dedup_key in self.seen or (event.type != DELETED_TYPE and self._is_deleted(event)):
                continue
            self.seen.add(dedup_key)
            if self.before is not None and event.occurred_at < self.before:
                self.too_old += 1
            else:
                self.taken.append(event)

    def _is_deleted(self, event: Event) -> bool:
        return event.type.startswith("tweet.") and tweet_id(event) in self.deleted


class MissedEvents:
    """See the module."""

    def __init__(
        self,
        db: Database,
        events: Events,
        mutes: Mutes,
        clock: Clock,
        *,
        max_age: float | None,
    ) -> None:
        """clock: epoch seconds. max_age: seconds; what happened longer ago is not posted."""
        self._db = db
        self._events = events
        self._mutes = mutes
        self._clock = clock
        self._max_age = max_age

    async def of(self, route: Route, after: int) -> MissedOfRoute:
        """What a paused route missed behind the event `after` (an id of ours)."""
        newest = upto = await self._events.newest()
        asked = replace(route, paused_reason=None)
        found = _Sifting(asked, None if self._max_age is None else self._clock() - self._max_age)
        looked, ended = 0, False
        while len(found.taken) < MOST and looked < LOOKED_THROUGH and not ended:
            page = await self._events.back(route.destination.tenant, after, upto, _PAGE)
            # Filters may have to search for long.
            await asyncio.to_thread(found.sift, page)
            looked += len(page)
            ended = len(page) < _PAGE
            upto = page[-1].id - 1 if page else after
        more = not ended or len(found.taken) > MOST
        return MissedOfRoute(tuple(reversed(found.taken[:MOST])), more, found.too_old, newest)

    async def sending(self, route: Route, chosen: Sequence[Event], upto: int) -> MissedSender:
        """What sends these events, and what came behind the event `upto` meanwhile, in the transaction that
        lets the route go on."""
        muting = await self._mutes.muting(route.destination.tenant)
        return MissedSender(self._db, replace(route, paused_reason=None), chosen, upto, muting, self._clock())


class MissedSender:
    """Puts messages of events into the outbox, as the router would have. Work of a transaction."""

    def __init__(
        self,
        db: Database,
        route: Route,
        chosen: Sequence[Event],
        upto: int,
        muting: Muting,
        now: float,
    ) -> None:
        self._db = db
        self._route = route
        self._chosen = chosen
        self._upto = upto
        self._muting = muting
        self._now = now
        self.lanes: set[str] = set()

    async def __call__(self, connection: AsyncConnection) -> None:
        """Nothing is stored meanwhile: what comes after this is routed by a route that is on."""
        await self._db.serialised(connection, ORDER_LOCK)
        late = await behind(connection, self._route.destination.tenant, self._upto, MOST)
        more = [event for event in late if isinstance(match(self._route, event), Matched)]
        new = [one for event in (*self._chosen, *more) for one in self._messages(event)]
        there = await known(connection, [(one.lane, one.dedup_key) for one in new])
        fresh = [one for one in new if (one.lane, one.dedup_key) not in there]
        made = [one for message in fresh for one in accompanied(message, self._route)]
        await add(connection, made)
        self.lanes.update(one.lane for one in made)

    def _messages(self, event: Event) -> Iterable[NewDelivery]:
        dedup_key, hidden = dedup_keys.of_event(event), self._muting.hidden_in(event)
        for place in self._route.destinations:
            if place.channel in hidden:
                continue
            about = thread_of(event, self._route, place, self._now)
            yield new_delivery(Planned(event, self._route, place, str(place), dedup_key, about), self._now)
