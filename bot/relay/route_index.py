"""A tenant's routes, arranged so that an event looks only at those that may take it. Pure.

`RouteIndex.targets` answers exactly what `bot.core.routes.match` would answer over all routes, with
one target for each place, in the order of the routes.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.events import Event
from bot.core.ids import Destination
from bot.core.routes import Route


@dataclass(frozen=True, slots=True)
class Target:
    """Where an event goes, and by which route (the first, when several lead there)."""

    position: int
    route: str
    destination: Destination
    lane: str
    events: frozenset[str]


class RouteIndex:
    """The index of one tenant's routes."""

    __slots__ = ("_by", "size")

    def __init__(self, routes: Sequence[Route]) -> None:
        by: defaultdict[str, list[Target]] = defaultdict(list)
        types: dict[frozenset[str], frozenset[str]] = {}
        places: dict[Destination, tuple[Destination, str]] = {}
        for position, route in enumerate(routes):
            if route.paused_reason is not None:
                continue
            wanted = frozenset(sys.intern(name) for name in route.events)
            place, lane = places.setdefault(route.destination, (route.destination, str(route.destination)))
            target = Target(position, route.id, place, lane, types.setdefault(wanted, wanted))
            for selector in _selectors(route):
                by[selector].append(target)
        self._by = {selector: tuple(targets) for selector, targets in by.items()}
        # How many entries it holds, for whoever bounds a cache of them.
        self.size = sum(len(targets) for targets in self._by.values()) + 1

    def targets(self, event: Event) -> list[Target]:
        """The places that get the event."""
        found = [*self._by.get("*", ()), *self._by.get("*" + event.type, ())]
        if event.username:
            found += self._by.get("@" + event.username.lower(), ())
        if event.query is not None:
            found += self._by.get("?" + _fold(event.query), ())
        # Sorted after they are sifted: thousands may ask for one account, each for other types.
        kind = event.type
        wanted = [target for target in found if not target.events or kind in target.events]
        wanted.sort(key=_position)
        first: dict[str, Target] = {}
        for target in wanted:
            first.setdefault(target.lane, target)
        return list(first.values())


def _selectors(route: Route) -> set[str]:
    if not route.accounts and not route.keywords:
        # Without accounts the types are what tells most routes apart.
        return {"*" + name for name in route.events} or {"*"}
    accounts = {"@" + account.lower() for account in route.accounts}
    return accounts | {"?" + _fold(keyword) for keyword in route.keywords}


def _fold(query: str) -> str:
    return " ".join(query.split()).casefold()


def _position(target: Target) -> int:
    return target.position
