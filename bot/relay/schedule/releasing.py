"""Releasing what was held: a group of events becomes one message, by one transaction.

Drawing the list is done before, and the transaction checks that nothing of it was released meanwhile,
so a crash at any moment, or a second process, makes no event come twice or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable
from bot.core.ports import Scheduler
from bot.core.routes import dedup_keys
from bot.core.routes.appearance import Appearance
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.core.routes.events import Event
from bot.core.routes.route import MissedPolicy, Route
from bot.jobs.periodic import JobScope, Periodic
from bot.relay.observing import RelayObserver
from bot.relay.routing.expanding import new_delivery
from bot.relay.routing.planning import Planned
from bot.relay.routing.thread_openers import accompanied, thread_of, thread_of_list
from bot.relay.schedule import notices as schedule_notices
from bot.relay.schedule.deciding import GATHER
from bot.relay.sending.outbox import delivery_key
from bot.storage.intake.events import Events
from bot.storage.relay.deliveries import Deliveries, NewDelivery
from bot.storage.relay.held import LEFT_OUT, HeldEvent, HeldEvents, HeldGroup
from bot.storage.relay.routes import Routes

# Events of one list; what is more makes a list of its own.
LIST = 200
# Events of one gap of which only the last few are posted.
GAP = 5_000
# Seconds after which a gap that is still being closed is told in pieces.
_PATIENCE = 120.0
_POLL = 1.0
# Seconds for which a group that could not be released is left alone.
_REST = 60.0

ListCard = Callable[[Sequence[Event], str, Appearance], Card]
"""Draws events, oldest first, as one message with that title."""


class _Release(msgspec.Struct, frozen=True):
    """chosen: what each event is released as; new: the messages."""

    chosen: list[tuple[HeldEvent, DedupKey]]
    new: list[NewDelivery]


class Releaser:
    """Looks for held events that are due, and makes messages of them."""

    def __init__(
        self,
        held: HeldEvents,
        events: Events,
        routes: Routes,
        deliveries: Deliveries,
        scheduler: Scheduler,
        list_card: ListCard,
        *,
        clock: Clock,
        observer: RelayObserver,
    ) -> None:
        """clock: epoch seconds."""
        self._held = held
        self._events = events
        self._routes = routes
        self._deliveries = deliveries
        self._scheduler = scheduler
        self._list_card = list_card
        self._clock = clock
        self._observer = observer
        self._resting: dict[tuple[str, str, str], float] = {}

    def work(self) -> Periodic:
        """Release what is due. Where that fails, what is held stays held."""
        return Periodic("releasing", _POLL, self._release_all_due, JobScope.INSTALLATION)

    async def _release_all_due(self) -> None:
        while await self.release_due():
            pass

    async def release_due(self) -> bool:
        """Release the groups that are due now; whether anything was."""
        now = self._clock()
        released = False
        self._resting = {name: until for name, until in self._resting.items() if now < until <= now + _REST}
        for group in await self._held.due(now):
            name = (group.route, group.lane, group.reason)
            if name in self._resting or (group.reason == "missed" and not _complete(group, now)):
                continue
            try:
                released = await self._release(group, now) or released
            except StorageUnavailable:
                raise
            except Exception as error:  # what is wrong with one group holds up no other
                self._observer.trouble("releasing", error)
                self._resting[name] = now + _REST
        return released

    async def _release(self, group: HeldGroup, now: float) -> bool:
        standing = await self._routes.get(group.tenant, group.route)
        route = standing.route if standing is not None else None
        if route is not None and group.lane not in {str(place) for place in route.destinations}:
            route = None  # it leads there no more
        missed = group.reason == "missed"
        last = missed and route is not None and route.catch_up.policy is MissedPolicy.LAST
        # What was missed is one gap, whenever each of it came.
        due_by = now + GATHER if missed else now
        waiting = await self._held.of_group(group, due_by, GAP if last else LIST)
        if route is None:
            release = _Release([(one, LEFT_OUT) for one in waiting], [])
        elif last:
            release = await self._last(group, route, waiting, now)
        else:
            release = await self._list(group, route, waiting, now)
        if not await self._held.release(release.chosen, release.new):
            return False
        for lane in {new.lane for new in release.new}:
            self._scheduler.wake(lane)
        return bool(waiting)

    async def _list(
        self, group: HeldGroup, route: Route, waiting: Sequence[HeldEvent], now: float
    ) -> _Release:
        chosen, rest = await self._sifted(group, waiting)
        if len(rest) == 1:
            only, event = rest[0]
            return _Release([*chosen, (only, only.dedup_key)], _single(only, event, route, now))
        if not rest:
            return _Release(chosen, [])
        first = rest[0][0]
        dedup_key = dedup_keys.of_list(first.id)
        title = schedule_notices.list_title(route, group.reason, len(rest))
        card = self._list_card([event for _, event in rest], title, route.appearance)
        about = thread_of_list(route, first.destination, now)
        message = msgspec.structs.replace(_of_route(first, dedup_key, card, now), about=about)
        return _Release([*chosen, *((one, dedup_key) for one, _ in rest)], accompanied(message, route))

    async def _last(
        self, group: HeldGroup, route: Route, waiting: Sequence[HeldEvent], now: float
    ) -> _Release:
        """The newest few singly, and before them a word about the others."""
        split = max(0, len(waiting) - route.catch_up.last)
        older = waiting[:split]
        chosen, newest = await self._sifted(group, waiting[split:])
        chosen += [(one, LEFT_OUT) for one in older]
        chosen += [(one, one.dedup_key) for one, _ in newest]
        new = [made for one, event in newest for made in _single(one, event, route, now)]
        if older:
            notice = schedule_notices.left_out(route, len(older))
            new.insert(0, _of_route(older[0], dedup_keys.of_missed(older[0].id), notice, now))
        return _Release(chosen, new)

    async def _sifted(
        self, group: HeldGroup, waiting: Sequence[HeldEvent]
    ) -> tuple[list[tuple[HeldEvent, DedupKey]], list[tuple[HeldEvent, Event]]]:
        """What the place has got by another way meanwhile, or is stored no more; and the rest."""
        events = await self._events.several(group.tenant, [one.event for one in waiting])
        there = await self._deliveries.made_of(group.lane, [one.dedup_key for one in waiting])
        posted: list[tuple[HeldEvent, DedupKey]] = []
        rest: list[tuple[HeldEvent, Event]] = []
        for one in waiting:
            event = events.get(one.event)
            if one.dedup_key in there:
                posted.append((one, one.dedup_key))
            elif event is None:
                posted.append((one, LEFT_OUT))
            else:
                rest.append((one, event))
        return posted, rest


def _complete(group: HeldGroup, now: float) -> bool:
    """Whether a gap seems closed: nothing more came of it for a while, or it has waited long enough."""
    return now - group.last_at >= GATHER or now - group.first_at >= _PATIENCE or group.waiting >= LIST


def _single(one: HeldEvent, event: Event, route: Route, now: float) -> list[NewDelivery]:
    """The event's own message, with what belongs to it."""
    about = thread_of(event, route, one.destination, now)
    planned = Planned(event, route, one.destination, one.lane, one.dedup_key, about)
    return accompanied(new_delivery(planned, now), route)


def _of_route(one: HeldEvent, dedup_key: DedupKey, card: Card, now: float) -> NewDelivery:
    return NewDelivery(
        destination=one.destination,
        lane=one.lane,
        kind=DeliveryKind.LIST,
        dedup_key=dedup_key,
        key=delivery_key(one.lane, dedup_key),
        created_at=now,
        route=one.route,
        card=card_json.encode(card),
    )
