"""Why an event did or did not reach a channel: what is stored of it, and what the routes say to it.

What a route says is asked of the routes as they are now; one that was changed after the event came says
so. What became of messages is what was written down then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from msgspec import structs

from bot.core.chat.ids import Destination, TenantId
from bot.core.messages.message import msg
from bot.core.routes import dedup_keys
from bot.core.routes.deliveries import DeliveryKind, DeliveryState
from bot.core.routes.event_readings import tweet_id
from bot.core.routes.events import DELETED_TYPE, Event
from bot.core.routes.explanations import AtPlace, ByRoute, Explanation, Fate, MessageUpdate
from bot.core.routes.muting import Muting
from bot.core.routes.route import Filtered, Matched, MissedPolicy, Route, match
from bot.core.routes.route_status import RouteStatus
from bot.core.routes.tracing import trace_id
from bot.relay.routing.router import RoutedUpTo
from bot.storage.intake.events import Events
from bot.storage.relay.account_names import AccountNames
from bot.storage.relay.deliveries import PARKED, Deliveries, DeliveryStatus
from bot.storage.relay.held import LEFT_OUT, HeldEvent, HeldEvents
from bot.storage.relay.mutes import Mutes
from bot.storage.relay.routes import Routes

# Events about one tweet that are explained: one for each monitor and type that saw it.
MOST = 5
# Events of an account that are.
MOST_OF_ACCOUNT = 3
# Kinds of delivery that do to a message what its deleted tweet asks for.
_UPDATES = frozenset({DeliveryKind.MARK, DeliveryKind.REMOVE})


class Explainer:
    """Answers `relay why`."""

    def __init__(
        self,
        events: Events,
        routes: Routes,
        deliveries: Deliveries,
        held: HeldEvents,
        mutes: Mutes,
        names: AccountNames,
        routed_upto: RoutedUpTo,
        *,
        max_age: float | None,
    ) -> None:
        """routed_upto: the id of the last event of a tenant that was routed. max_age: seconds."""
        self._events = events
        self._routes = routes
        self._deliveries = deliveries
        self._held = held
        self._mutes = mutes
        self._names = names
        self._routed_upto = routed_upto
        self._max_age = max_age

    async def tweet(self, tenant: TenantId, tweet: str) -> tuple[Explanation, ...]:
        """The newest events about a tweet, newest first."""
        found = await self._events.about(tenant, tweet, MOST)
        return tuple([await self.event(event, via) for event, via in found])

    async def account(self, tenant: TenantId, username: str) -> tuple[Explanation, ...]:
        """The newest events of an account on X, newest first. username: without @."""
        names = await self._names.of_tenant(tenant)
        name = username.lower()
        known = names.holder(name) or names.formerly(name)
        identity = known.id if known is not None else None
        found = await self._events.of_account(tenant, username, MOST_OF_ACCOUNT, identity)
        return tuple([await self.event(event, via) for event, via in found])

    async def event(self, event: Event, via: str | None = None) -> Explanation:
        """The way of one event of a tenant."""
        tenant = event.tenant
        muting = await self._mutes.muting(tenant)
        made = await self._deliveries.for_event(tenant, event.id)
        own = {one.lane: one for one in made if one.kind is DeliveryKind.EVENT}
        held = {one.lane: one for one in await self._held.for_event(tenant, event.id)}
        standings = await self._routes.list(tenant)
        routes = [standing.route for standing in standings]
        names = {route.id: route.name for route in routes}
        causes = await self._causes(event, held.values(), routes)
        said = []
        for standing in standings:
            route = standing.route
            places = [
                _by(await self._at(event, place, own, held, muting, causes), route, names)
                for place in route.destinations
            ]
            said.append(
                ByRoute(
                    route,
                    match(route, event),
                    route.changed_at > event.received_at,
                    tuple(_lost(place, route) for place in places),
                    missed=self._is_missed(event, standing),
                )
            )
        lanes = {str(place) for one in said for place in one.route.destinations}
        return Explanation(
            event=event,
            via=via or await self._events.via(tenant, event.id),
            trace=trace_id(tenant, event.identity),
            routed=event.id <= await self._routed_upto(tenant),
            too_old=self._max_age is not None and event.received_at - event.occurred_at > self._max_age,
            routes=tuple(sorted(said, key=_order)),
            elsewhere=tuple(_sent(one.destination, one)[0] for lane, one in own.items() if lane not in lanes),
            message_updates=tuple(_update(one) for one in made if one.kind in _UPDATES),
        )

    def _is_missed(self, event: Event, standing: RouteStatus) -> bool:
        """Whether a paused route would take the event, and resuming it may."""
        route, after = standing.route, standing.paused_after
        if route.collects or after is None or event.id <= after:
            return False
        return isinstance(match(replace(route, paused_reason=None), event), Matched)

    async def _at(
        self,
        event: Event,
        place: Destination,
        own: Mapping[str, DeliveryStatus],
        held: Mapping[str, HeldEvent],
        muting: Muting,
        causes: Mapping[str, str],
    ) -> tuple[AtPlace, str | None]:
        """What became of it in a place, and the id of the route that brought it there."""
        lane = str(place)
        is_muted = muting.hides(place.channel, event)
        message = own.get(lane)
        if message is None:
            # The same tweet may have come before, by another monitor or as another type.
            message = await self._deliveries.with_dedup_key(lane, dedup_keys.of_event(event))
        if message is not None:
            done = await self._deliveries.with_dedup_key(lane, dedup_keys.done_to(message.dedup_key))
            told, bringer = _sent(place, message, event)
            return structs.replace(
                told, muted=is_muted, update=_update(done) if done is not None else None
            ), bringer
        waits = held.get(lane)
        if waits is None:
            return AtPlace(place, Fate.NOTHING, muted=is_muted), None
        told = await self._held_as(place, waits, causes.get(lane, ""))
        return structs.replace(told, muted=is_muted), waits.route

    async def _causes(
        self, event: Event, held: Collection[HeldEvent], routes: Sequence[Route]
    ) -> dict[str, str]:
        """By lane, why what was held there was left out, where that can be known now."""
        left_out = [one for one in held if one.released_as == LEFT_OUT]
        if not left_out:
            return {}
        deleted = await self._is_deleted(event)
        by_id = {route.id: route for route in routes}
        return {one.lane: _cause(one, by_id.get(one.route), deleted=deleted) for one in left_out}

    async def _is_deleted(self, event: Event) -> bool:
        """Whether the news came that the tweet of an event was deleted."""
        tweet = tweet_id(event) if event.type.startswith("tweet.") else None
        if tweet is None:
            return False
        about = await self._events.about(event.tenant, tweet, MOST)
        return any(one.type == DELETED_TYPE for one, _ in about)

    async def _held_as(self, place: Destination, waits: HeldEvent, cause: str) -> AtPlace:
        """What became of what was held. cause: of its being left out, if it was."""
        if waits.released_as is None:
            return AtPlace(place, Fate.HELD, until=waits.due_at, detail=waits.reason)
        if waits.released_as == LEFT_OUT:
            return AtPlace(place, Fate.LEFT_OUT, detail=cause)
        lane = str(place)
        listed = await self._deliveries.with_dedup_key(lane, waits.released_as)
        done = await self._deliveries.with_dedup_key(
            lane, dedup_keys.done_in_list(waits.released_as, waits.id)
        )
        return structs.replace(
            _held(place, waits, listed), update=_update(done) if done is not None else None
        )


def _cause(one: HeldEvent, route: Route | None, *, deleted: bool) -> str:
    """Why a held event was left out; "" when nothing that is stored tells."""
    if route is None:
        return msg("the route that held it was removed before its turn")
    if deleted:
        return msg("its tweet was deleted on X before its turn")
    if one.reason == "missed" and route.catch_up.policy is MissedPolicy.LAST:
        return msg("of what was missed, the route posts only the newest {last}", last=route.catch_up.last)
    return ""


def _by(found: tuple[AtPlace, str | None], route: Route, names: Mapping[str, str]) -> AtPlace:
    """Who brought it is told where it was another route than the one that is spoken of."""
    place, bringer = found
    return place if bringer in (None, route.id) else structs.replace(place, by=names.get(bringer or "", ""))


def _lost(told: AtPlace, route: Route) -> AtPlace:
    """What waits for a place that is lost waits for that, and for no moment."""
    reason = next((one.reason for one in route.lost if one.destination == told.destination), "")
    if not reason or told.fate not in (Fate.WAITING, Fate.SENDING):
        return told
    return structs.replace(told, lost=reason, detail="")


def _sent(
    place: Destination, message: DeliveryStatus, event: Event | None = None
) -> tuple[AtPlace, str | None]:
    told = AtPlace(
        place,
        Fate(message.state),
        at=message.settled_at,
        until=_moment(message),
        detail=message.error or "",
        attempts=message.attempts,
        marked=message.ambiguous,
        before=event is not None and message.event not in (None, event.id),
    )
    return told, message.route


def _moment(message: DeliveryStatus) -> float | None:
    """When it is tried next; None where that is no matter of time."""
    return message.not_before if 0.0 < message.not_before < PARKED else None


def _update(done: DeliveryStatus) -> MessageUpdate:
    return MessageUpdate(
        done.destination,
        done.kind is DeliveryKind.REMOVE,
        Fate(done.state),
        done.settled_at,
        done.error or "",
    )


def _held(place: Destination, waits: HeldEvent, listed: DeliveryStatus | None) -> AtPlace:
    """listed: the message it became part of; None when that is stored no more."""
    if listed is None:
        return AtPlace(place, Fate.LEFT_OUT)
    fate = Fate.LISTED if listed.state is DeliveryState.SENT else Fate(listed.state)
    return AtPlace(
        place,
        fate,
        at=listed.settled_at,
        until=_moment(listed),
        detail=listed.error or waits.reason,
    )


def _order(one: ByRoute) -> tuple[bool, str]:
    return isinstance(one.match, Filtered), one.route.name
