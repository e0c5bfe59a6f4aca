"""What a batch of events becomes: messages, what a route's schedule has to decide on, and deletions. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from bot.core.routes import dedup_keys, event_readings
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.core.routes.events import DELETED_TYPE, Event
from bot.core.routes.filtering import searched
from bot.core.routes.route import Deleted, Route
from bot.relay.routing.planning import Planned, is_scheduled
from bot.relay.routing.route_index import RouteIndex, Target
from bot.relay.routing.thread_openers import accompanied, thread_of
from bot.relay.sending.outbox import delivery_key
from bot.storage.relay.deliveries import NewDelivery

# Characters that are searched for one word in the time that storing a row takes.
_SEARCHED_FOR_A_ROW = 100_000


class TweetDeletion(msgspec.Struct, frozen=True):
    """A tweet was deleted. keys: of the messages that may stand for it. places: the lanes to look in,
    each with the policy there where the message's own route is gone. index: of the tenant's routes."""

    event: Event
    keys: tuple[DedupKey, ...]
    places: Mapping[str, Deleted]
    index: RouteIndex

    def policy_for(self, lane: str, route: str | None) -> Deleted:
        """What is done to a message in a lane that a route brought."""
        own = self.index.policy(route) if route is not None else None
        return own if own is not None else self.places[lane]


@dataclass(slots=True)
class Expansion:
    """What events became, in their order. deliveries: messages as they are; planned: what has a schedule.

    searched: words times characters that were looked for in the texts.
    """

    deliveries: list[NewDelivery] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    deletions: list[TweetDeletion] = field(default_factory=list)
    searched: int = 0

    @property
    def weight(self) -> int:
        """How much work it is, in rows that could be stored instead."""
        rows = len(self.deliveries) + len(self.planned)
        if self.deletions:
            rows += sum(len(deletion.places) for deletion in self.deletions)
        return rows + self.searched // _SEARCHED_FOR_A_ROW

    def extend(self, other: Expansion) -> None:
        """Add what later events became."""
        self.deliveries += other.deliveries
        self.planned += other.planned
        self.deletions += other.deletions
        self.searched += other.searched


def expand(event: Event, index: RouteIndex, now: float, *, posted: bool = True) -> Expansion:
    """What one event becomes: one message for each place, however many routes lead there.

    posted: False for one that is too old to be posted; that a tweet was deleted is acted on all the same.
    now: epoch seconds.
    """
    found = Expansion()
    if posted:
        targets, words = index.sift(event)
        if words:
            found.searched = words * searched(event)
        dedup_key = dedup_keys.of_event(event) if targets else dedup_keys.NONE
        for target in targets:
            if target.rules is None:
                found.deliveries.append(_plain(event, target, dedup_key, now))
            else:
                _by_rules(event, target, target.rules, dedup_key, now, found)
    if event.type == DELETED_TYPE:
        found.deletions += _deletions(event, index)
    return found


def new_delivery(planned: Planned, now: float) -> NewDelivery:
    """The delivery of an event that is sent by itself."""
    return NewDelivery(
        destination=planned.destination,
        lane=planned.lane,
        kind=DeliveryKind.EVENT,
        dedup_key=planned.dedup_key,
        key=delivery_key(planned.lane, planned.dedup_key),
        created_at=now,
        event=planned.event.id,
        route=planned.route.id,
        about=planned.about,
    )


def joined(
    direct: Sequence[NewDelivery], planned: Sequence[Planned], arranged: Sequence[NewDelivery]
) -> list[NewDelivery]:
    """What goes into the outbox, in the order of the events, each with its thread opener and publication.

    arranged: what became of `planned`.
    """
    routes = {one.route.id: one.route for one in planned}
    whole: list[NewDelivery] = []
    for new in arranged:
        route = routes.get(new.route or "")
        whole += accompanied(new, route) if new.kind is DeliveryKind.EVENT and route is not None else [new]
    both = heapq.merge(_ranked(direct), _ranked(whole), key=_rank)
    return [new for _, new in both]


def _plain(event: Event, target: Target, dedup_key: DedupKey, now: float) -> NewDelivery:
    return NewDelivery(
        destination=target.destination,
        lane=target.lane,
        kind=DeliveryKind.EVENT,
        dedup_key=dedup_key,
        key=delivery_key(target.lane, dedup_key),
        created_at=now,
        event=event.id,
        route=target.route,
    )


def _by_rules(
    event: Event, target: Target, route: Route, dedup_key: DedupKey, now: float, found: Expansion
) -> None:
    about = thread_of(event, route, target.destination, now)
    planned = Planned(event, route, target.destination, target.lane, dedup_key, about)
    if is_scheduled(route):
        found.planned.append(planned)
    else:
        found.deliveries += accompanied(new_delivery(planned, now), route)


def _deletions(event: Event, index: RouteIndex) -> list[TweetDeletion]:
    tweet = event_readings.tweet_id(event)
    places = index.places_for_deletions() if tweet is not None else {}
    if tweet is None or not places:
        return []
    named = [dedup_keys.of_tweet(tweet)]
    account = dedup_keys.reposting_account(event)
    if account:
        named.append(dedup_keys.of_repost(account, tweet))
    return [TweetDeletion(event, tuple(named), places, index)]


def _ranked(rows: Sequence[NewDelivery]) -> Iterator[tuple[int, NewDelivery]]:
    """Each with the id of its event; what belongs to none stays behind what it followed."""
    rank = 0
    for row in rows:
        rank = row.event if row.event is not None else rank
        yield rank, row


def _rank(ranked: tuple[int, NewDelivery]) -> int:
    return ranked[0]
