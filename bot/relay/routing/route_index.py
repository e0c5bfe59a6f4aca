"""A tenant's routes, arranged so that an event looks only at those that may take it. Pure.

`RouteIndex.targets` answers exactly what `bot.core.routes.route.match` would answer over all routes, with
one target for each place, in the order of the routes, and none where the place has muted the account.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from bot.core.chat.ids import Destination
from bot.core.routes.account_names import (
    NOBODY,
    KnownAccount,
    KnownNames,
    NameSource,
    Sighting,
    author_of,
    sighting_of,
)
from bot.core.routes.appearance import Threading
from bot.core.routes.event_readings import is_sensitive
from bot.core.routes.events import BY_NAME_TYPES, Event
from bot.core.routes.filtering import passes, searches
from bot.core.routes.muting import Muting
from bot.core.routes.route import Deleted, Route, Sensitive
from bot.core.text.sameness import folded
from bot.relay.routing.planning import is_scheduled
from bot.storage.relay.naming import MOST_BESIDE


class Target(msgspec.Struct, frozen=True):
    """Where an event goes, and by which route (the first, when several lead there).

    events: the types it takes, empty for all but those that must be named. rules: the route where it
    has more rules than who, what and where; most have none, and their route is not kept in memory.
    """

    position: int
    route: str
    destination: Destination
    lane: str
    events: frozenset[str]
    rules: Route | None = None


class RouteIndex:
    """The index of one tenant's routes."""

    __slots__ = (
        "_by",
        "_called",
        "_muting",
        "_nameless",
        "_names",
        "_open",
        "_policies",
        "_resting",
        "_work",
        "searches",
        "size",
    )

    def __init__(
        self,
        routes: Sequence[Route],
        muted: Iterable[tuple[str, str] | tuple[str, str, str | None]] = (),
        names: KnownNames = NOBODY,
    ) -> None:
        """muted: as `Muting`. names: the accounts that the tenant knows."""
        by: defaultdict[str, list[Target]] = defaultdict(list)
        types: dict[frozenset[str], frozenset[str]] = {}
        places: dict[Destination, tuple[Destination, str]] = {}
        for position, route in enumerate(routes):
            if not route.collects:
                continue
            wanted = frozenset(sys.intern(name) for name in route.types)
            wanted = types.setdefault(wanted, wanted)
            rules = route if _has_rules(route) else None
            selectors = _selectors(route)
            # What comes for a place that is lost waits there until it can be written to again.
            for destination in route.destinations:
                place, lane = places.setdefault(destination, (destination, str(destination)))
                target = Target(position, route.id, place, lane, wanted, rules)
                for selector in selectors:
                    by[selector].append(target)
        self._by = {selector: tuple(targets) for selector, targets in by.items()}
        self._work = {n: searches(route.filters) for n, route in enumerate(routes) if route.filters}
        self._policies = {route.id: route.deleted for route in routes}
        self._resting = tuple(
            (str(place), route.deleted)
            for route in routes
            if not route.collects and route.deleted is not Deleted.KEEP
            for place in route.destinations
        )
        self._muting = Muting(muted)
        self._names = names
        self._called = _called(routes)
        self._nameless = self._muting.nameless.union(*map(_nameless, routes))
        self._open = len(names) < MOST_BESIDE and any(not (r.accounts or r.keywords) for r in routes)
        # How many words all of its filters look for.
        self.searches = sum(self._work.values())
        # How many entries it holds, for whoever bounds a cache of them.
        self.size = 1 + sum(map(len, self._by.values())) + self._muting.size + len(names)

    def targets(self, event: Event) -> list[Target]:
        """The places that get the event."""
        return self.sift(event)[0]

    def sift(self, event: Event) -> tuple[list[Target], int]:
        """The places that get the event, and for how many words its text was searched (`filtering`)."""
        kind = event.type
        found = [*self._by.get("*", ()), *self._by.get("*" + kind, ())]
        if event.account_id is not None:
            found += self._by.get("#" + event.account_id, ())
        if event.username:
            name = event.username.lower()
            found += self._by.get("@" + name, ())
            if event.account_id is None:
                for account in self._called.get(name, ()):
                    if account.is_of(event):
                        found += self._by.get("#" + account.id, ())
        if event.query is not None:
            found += self._by.get("?" + _fold(event.query), ())
        # Sorted after they are sifted: thousands may ask for one account, each for other types.
        if kind in BY_NAME_TYPES:
            wanted = [target for target in found if kind in target.events]
        else:
            wanted = [target for target in found if not target.events or kind in target.events]
        wanted.sort(key=_position)
        return self._sifted(event, wanted)

    def news(self, event: Event) -> tuple[Sighting, ...]:
        """What the event tells of how accounts are called that is not known yet; nearly always nothing."""
        found = sighting_of(event) if event.account_id is not None else None
        if found is not None and not self._is_news(found):
            found = None
        written = author_of(event) if self._muting and event.account_id is None else None
        if written is not None and self._is_news(written):
            return (written,) if found is None else (found, written)
        return () if found is None else (found,)

    def _is_news(self, sighting: Sighting) -> bool:
        known = self._names.get(sighting.id)
        if known is None:
            wanted = self._muting.nameless if sighting.source is NameSource.AUTHOR else self._nameless
            asked = sighting.name in wanted or sighting.before in wanted
            if not asked and not (self._open and sighting.source is not NameSource.AUTHOR):
                return False
        if known is not None and sighting.before in self._nameless:
            return True
        return bool(self._names.after(sighting))

    def _sifted(self, event: Event, wanted: Sequence[Target]) -> tuple[list[Target], int]:
        hidden = self._muting.hidden_in(event)
        first: dict[str, Target] = {}
        asked: dict[int, bool] = {}  # each route once, whatever number of places it has
        work = 0
        for target in wanted:
            if target.lane in first or target.destination.channel in hidden:
                continue
            if target.rules is not None:
                passes = asked.get(target.position)
                if passes is None:
                    passes = asked[target.position] = _passes(target.rules, event)
                    work += self._work.get(target.position, 0)
                if not passes:
                    continue
            first[target.lane] = target
        return list(first.values()), work

    def policy(self, route: str) -> Deleted | None:
        """What the route with that id does when a tweet is deleted; None when there is no such route."""
        return self._policies.get(route)

    def places_for_deletions(self) -> dict[str, Deleted]:
        """The lanes in which a deleted tweet is marked or removed, with the policy of the first route that
        does either there. Paused routes count: what they brought still stands."""
        found: dict[str, Deleted] = {}
        for one in sorted((target for targets in self._by.values() for target in targets), key=_position):
            policy = self._policies.get(one.route, Deleted.MARK)
            if policy is not Deleted.KEEP:
                found.setdefault(one.lane, policy)
        for lane, policy in self._resting:
            found.setdefault(lane, policy)
        return found


def _has_rules(route: Route) -> bool:
    """Whether more than its accounts, keywords and types decides what becomes of an event."""
    looks = route.appearance
    return (
        bool(route.filters)
        or route.sensitive is Sensitive.NEVER
        or looks.threading is not Threading.NONE
        or looks.publish
        or is_scheduled(route)
    )


def _passes(route: Route, event: Event) -> bool:
    if not passes(route.filters, event, quoted=route.quoted):
        return False
    return route.sensitive is not Sensitive.NEVER or not is_sensitive(event)


def _selectors(route: Route) -> set[str]:
    if not route.accounts and not route.keywords:
        # Without accounts the types are what tells most routes apart.
        return {"*" + name for name in route.types} or {"*"}
    accounts = {"@" + account for account in _nameless(route)} | {"#" + one.id for one in route.followed}
    return accounts | {"?" + _fold(keyword) for keyword in route.keywords}


def _nameless(route: Route) -> set[str]:
    """The usernames of a route whose ids are not known."""
    return {account.lower() for account in route.accounts}.difference(one.name for one in route.followed)


def _called(routes: Iterable[Route]) -> dict[str, tuple[KnownAccount, ...]]:
    """By username, the accounts of routes that have or had it: for events that name no id."""
    found: defaultdict[str, dict[str, KnownAccount]] = defaultdict(dict)
    for route in routes:
        for account in route.followed:
            for name in (account.name, *(one.name for one in account.former)):
                found[name][account.id] = account
    return {name: tuple(accounts.values()) for name, accounts in found.items()}


def _fold(query: str) -> str:
    return folded(query)


def _position(target: Target) -> int:
    return target.position
