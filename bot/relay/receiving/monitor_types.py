"""What monitors report: each gains the types that routes name, and loses none that others may need."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from bot.core.errors import NotFound
from bot.core.routes.events import POST_TYPES
from bot.core.routes.route import Route, takes_from, types_asked
from bot.xquik.client import XquikClient
from bot.xquik.models import AnyMonitor, Monitor, PostMonitor

# Others may change a monitor between our look and our change, so it is looked at again, this often.
_LOOKS = 3


class Widened(msgspec.Struct, frozen=True):
    """A monitor that reports more than it did. types: what it reports besides."""

    monitor: AnyMonitor
    types: frozenset[str]


async def ask_for_types(xquik: XquikClient, routes: Iterable[Route]) -> tuple[Widened, ...]:
    """Have the monitors that stand report what the routes of a tenant need; those that had to change.

    Free: nothing is started, made or resumed. Raises what `Transport.request` raises.
    """
    routes = tuple(routes)
    found: dict[str, Widened] = {}
    for _ in range(_LOOKS):
        again = [one for look in (_accounts, _searches, _posts) for one in await look(xquik, routes)]
        for one in again:
            before = found.get(one.monitor.id)
            found[one.monitor.id] = replace(one, types=one.types | (before.types if before else frozenset()))
        if not again:
            break
    return tuple(found.values())


async def _accounts(xquik: XquikClient, routes: Sequence[Route]) -> list[Widened]:
    if not any(types_asked((route,), account=name) for route in routes for name in route.accounts or ("*",)):
        return []
    return [
        one
        for monitor in await xquik.monitors.list()
        async for one in _widened(xquik, monitor, _wanted(routes, monitor))
    ]


async def _widened(xquik: XquikClient, monitor: AnyMonitor, wanted: frozenset[str]) -> AsyncIterator[Widened]:
    """The monitor, where it has to report more and was there to be told so."""
    types = set(monitor.event_types)
    if wanted <= types:
        return
    with suppress(NotFound):  # removed meanwhile
        await xquik.watching(monitor).update(monitor.id, event_types=sorted(types | wanted))
    yield Widened(monitor, frozenset(wanted - types))


def _wanted(routes: Sequence[Route], monitor: Monitor) -> frozenset[str]:
    return types_asked(routes, account=monitor.username, account_id=monitor.x_user_id)


async def _searches(xquik: XquikClient, routes: Sequence[Route]) -> list[Widened]:
    if not any(route.keywords or not route.accounts for route in routes):
        return []
    return [
        one
        for monitor in await xquik.keyword_monitors.list()
        async for one in _widened(xquik, monitor, types_asked(routes, query=monitor.query))
    ]


async def _posts(xquik: XquikClient, routes: Sequence[Route]) -> list[Widened]:
    if not any(kind in POST_TYPES for route in routes for kind in route.events):
        return []
    return [
        one
        for monitor in await xquik.post_monitors.list()
        async for one in _widened(xquik, monitor, post_types_asked(routes, monitor))
    ]


def post_types_asked(routes: Sequence[Route], monitor: PostMonitor) -> frozenset[str]:
    """The types of a tweet that is watched which routes take. One that names tweets and no types takes what
    there is, and asks for no more."""
    taking = [one for one in routes if takes_post(one, monitor)]
    named = {kind for route in taking for kind in route.events if kind in POST_TYPES}
    return frozenset(
        named.union(*(monitor.event_types for route in taking if route.tweets and not route.events))
    )


def takes_post(route: Route, monitor: PostMonitor) -> bool:
    """Whether the route takes what is of a tweet that is watched, and of its author."""
    if route.tweets and monitor.post_id not in route.tweets:
        return False
    return takes_from(route, account=monitor.author_username, account_id=monitor.author_id)
