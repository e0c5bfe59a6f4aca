"""Which routes get nothing any more once a monitor is off."""

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
    running = [one for one in others if one.is_active]
    routes = [
        route
        for route in await call.services.relay.routes.of_tenant(call.tenant)
        if route.paused_reason is None
        if _feeds(off, route) and not any(_feeds(one, route) for one in running)
    ]
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
