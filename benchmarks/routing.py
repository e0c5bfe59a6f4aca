"""(d) Routing one event over ten thousand routes of its tenant.

Against asking every route in turn with `bot.core.routes.route.match`, which says the same. The time is from
the event to its deliveries, ready to be stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.figures import Figure, at_most
from benchmarks.options import Options
from benchmarks.relay_parts import TENANT
from benchmarks.seeding import NOW, TWEET
from bot.core.chat.ids import Destination
from bot.core.routes.events import MONITOR_TYPES, Event
from bot.core.routes.route import Matched, Route, match
from bot.relay.routing.expanding import expand
from bot.relay.routing.route_index import RouteIndex

_TARGET = at_most(1.0)


def run(options: Options) -> list[Figure]:
    """An event of one account of many, and one that a tenth of the routes ask for in another type."""
    count = options.scale.routes
    return [
        _figure(f"routing, {count:,} routes, each for an account", by_account(count), options),
        _figure(f"routing, {count:,} routes, one account, by type", by_type(count), options),
    ]


def _figure(name: str, routes: Sequence[Route], options: Options) -> Figure:
    index = RouteIndex(routes)
    event = tweeted()
    wanted = len({str(r.destination) for r in routes if isinstance(match(r, event), Matched)})
    if len(index.targets(event)) != wanted:
        raise RuntimeError("the index and the rule disagree")
    indexed = milliseconds(lambda: expand(event, index, NOW), options.scale.calls)
    linear = milliseconds(
        lambda: [r for r in routes if isinstance(match(r, event), Matched)],
        max(3, options.scale.calls // 200),
    )
    return Figure(name, indexed, "ms", linear, "asking each", _TARGET, (f"it goes to {wanted} places",))


def tweeted() -> Event:
    """What is routed."""
    return Event(1, TENANT, "tweet.new", "Acc7", None, NOW, NOW, TWEET, "e:1")


def by_account(count: int) -> list[Route]:
    """Each account in four routes, to four places."""
    return [_route(i, account=i // 4) for i in range(count)]


def one_each(count: int) -> list[Route]:
    """Each for an account of its own, the first of them for the one of the event."""
    return [_route(i, account=7 + i) for i in range(count)]


def by_type(count: int) -> list[Route]:
    """All for the one account, each for one of the types; a hundred places."""
    return [_route(i, account=7, events=(MONITOR_TYPES[i % len(MONITOR_TYPES)],)) for i in range(count)]


def _route(number: int, account: int, events: tuple[str, ...] = ()) -> Route:
    place = Destination(TENANT, f"C{number % 100}")
    return Route(f"r{number}", f"r{number}", place, (f"acc{account}",), (), events)


def milliseconds(work: Callable[[], object], calls: int) -> float:
    """The median of that many calls."""
    found = []
    for _ in range(calls):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return median(found) * 1000
