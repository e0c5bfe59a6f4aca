"""Which routes get nothing, because no monitor that is on reports what they take."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.cards import Code, Line, line
from bot.core.messages.enumerations import first_few
from bot.core.messages.message import Joined, msg
from bot.core.routes.route import Route, takes_from
from bot.features.services import CommandCall
from bot.relay.receiving.monitor_types import post_types_asked
from bot.xquik.models import AnyMonitor, Monitor, PostMonitor

_NAMED = 10  # routes that are named in a sentence


async def left_without(call: CommandCall, off: AnyMonitor, others: Sequence[AnyMonitor]) -> Line:
    """A word about the routes here that took from `off`, and from none of the others that are on; nothing
    where there is none. Paused routes are quiet in any case."""
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    return unfed_words([route for route in unfed(routes, others) if _feeds(off, route)])


def unfed(routes: Sequence[Route], monitors: Sequence[AnyMonitor]) -> list[Route]:
    """Those that are on and take from none of the monitors that are."""
    running = [one for one in monitors if one.is_active]
    return [
        route
        for route in routes
        if route.paused_reason is None and not any(_feeds(one, route) for one in running)
    ]


def unfed_words(routes: Sequence[Route]) -> Line:
    """A word about them; nothing where there is none."""
    if not routes:
        return ()
    names = [Code(route.name) for route in routes]
    if len(names) == 1:
        return line(msg("This route now gets nothing: {name}.", name=names[0]))
    told = Joined(tuple(names)) if len(names) <= _NAMED else first_few(names, _NAMED)
    return line(msg("These routes now get nothing: {names}.", names=told))


def _feeds(monitor: AnyMonitor, route: Route) -> bool:
    if isinstance(monitor, Monitor):
        return takes_from(route, account=monitor.username, account_id=monitor.x_user_id)
    if isinstance(monitor, PostMonitor):
        return bool(post_types_asked((route,), monitor) & {*monitor.event_types})
    return takes_from(route, query=monitor.query)
