"""What monitors report: each gains the types that routes name, and loses none that others may need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Protocol

from bot.core.errors import NotFound
from bot.core.routes.route import Route, types_asked
from bot.xquik.models import KeywordMonitor, Monitor

# Others may change a monitor between our look and our change, so it is looked at again, this often.
_LOOKS = 3


class MonitorTypesSetup(Protocol):
    """The part of `bot.xquik.resources.setup.XquikSetup` that is used here. Raises BotError."""

    async def monitors(self) -> tuple[Monitor, ...]:
        """The monitors of X accounts."""

    async def keyword_monitors(self) -> tuple[KeywordMonitor, ...]:
        """The monitors of searches."""

    async def update_monitor(
        self, monitor_id: str, *, event_types: Sequence[str] | None = None, is_active: bool | None = None
    ) -> Monitor:
        """Change what a monitor reports."""

    async def update_keyword_monitor(
        self, monitor_id: str, *, event_types: Sequence[str] | None = None, is_active: bool | None = None
    ) -> KeywordMonitor:
        """Change what a keyword monitor reports."""


async def ask_for_types(setup: MonitorTypesSetup, routes: Iterable[Route]) -> bool:
    """Have the monitors that stand report what the routes of a tenant need, and whether any had to change.

    Free: nothing is started, made or resumed. Raises what `Transport.request` raises.
    """
    routes = tuple(routes)
    changed = False
    for _ in range(_LOOKS):
        again = await _accounts(setup, routes)
        again = await _searches(setup, routes) or again
        if not again:
            break
        changed = True
    return changed


async def _accounts(setup: MonitorTypesSetup, routes: Sequence[Route]) -> bool:
    if not any(types_asked((route,), account=name) for route in routes for name in route.accounts or ("*",)):
        return False
    changed = False
    for monitor in await setup.monitors():
        types = set(monitor.event_types)
        if not (wanted := _wanted(routes, monitor)) <= types:
            with suppress(NotFound):  # removed meanwhile
                await setup.update_monitor(monitor.id, event_types=sorted(types | wanted))
            changed = True
    return changed


def _wanted(routes: Sequence[Route], monitor: Monitor) -> frozenset[str]:
    return types_asked(routes, account=monitor.username, account_id=monitor.x_user_id)


async def _searches(setup: MonitorTypesSetup, routes: Sequence[Route]) -> bool:
    if not any(route.keywords or not route.accounts for route in routes):
        return False
    changed = False
    for monitor in await setup.keyword_monitors():
        types = set(monitor.event_types)
        if not (wanted := types_asked(routes, query=monitor.query)) <= types:
            with suppress(NotFound):
                await setup.update_keyword_monitor(monitor.id, event_types=sorted(types | wanted))
            changed = True
    return changed
