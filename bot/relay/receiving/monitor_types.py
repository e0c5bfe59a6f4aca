"""What monitors report: each gains the types that routes name, and loses none that others may need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from bot.core.errors import NotFound
from bot.core.routes.events import POST_TYPES
from bot.core.routes.route import Route, takes_from, types_asked
from bot.xquik.client import XquikClient
from bot.xquik.models import Monitor, PostMonitor

# Others may change a monitor between our look and our change, so it is looked at again, this often.
_LOOKS = 3


async def ask_for_types(xquik: XquikClient, routes: Iterable[Route]) -> bool:
    """Have the monitors that stand report what the routes of a tenant need, and whether any had to change.

    Free: nothing is started, made or resumed. Raises what `Transport.request` raises.
    """
    routes = tuple(routes)
    changed = False
    for _ in range(_LOOKS):
        again = await _accounts(xquik, routes)
        again = await _searches(xquik, routes) or again
        again = await _posts(xquik, routes) or again
        if not again:
            break
        changed = True
    return changed


async def _accounts(xquik: XquikClient, routes: Sequence[Route]) -> bool:
    if not any(types_asked((route,), account=name) for route in routes for name in route.accounts or ("*",)):
        return False
    changed = False
    for monitor in await xquik.monitors.list():
        types = set(monitor.event_types)
        if not (wanted := _wanted(routes, monitor)) <= types:
            with suppress(NotFound):  # removed meanwhile
                await xquik.monitors.update(monitor.id, event_types=sorted(types | wanted))
            changed = True
    return changed


def _wanted(routes: Sequence[Route], monitor: Monitor) -> frozenset[str]:
    return types_asked(routes, account=monitor.username, account_id=monitor.x_user_id)


async def _searches(xquik: XquikClient, routes: Sequence[Route]) -> bool:
    if not any(route.keywords or not route.accounts for route in routes):
        return False
    changed = False
    for monitor in await xquik.keyword_monitors.list():
        types = set(monitor.event_types)
        if not (wanted := types_asked(routes, query=monitor.query)) <= types:
            with suppress(NotFound):
                await xquik.keyword_monitors.update(monitor.id, event_types=sorted(types | wanted))
            changed = True
    return changed


async def _posts(xquik: XquikClient, routes: Sequence[Route]) -> bool:
    if not any(kind in POST_TYPES for route in routes for kind in route.events):
        return False
    changed = False
    for monitor in await xquik.post_monitors.list():
        types = set(monitor.event_types)
        if not (wanted := post_types_asked(routes, monitor)) <= types:
            with suppress(NotFound):
                await xquik.post_monitors.update(monitor.id, event_types=sorted(types | wanted))
            changed = True
    return changed


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
