"""The running bot starts what `apply` could not start, for an hour: that was confirmed with the file."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.app.apply_monitors import started
from bot.app.wiring import App
from bot.core.chat.ids import TenantId
from bot.core.errors import BotError
from bot.core.routes.monitor_starts import Start
from bot.core.routes.route import Route
from bot.core.routes.silences import Watched
from bot.jobs.periodic import JobScope, Periodic
from bot.observability.loggers import log
from bot.relay.watching.seeing import takes
from bot.storage.places.wanted_monitors import WantedMonitors

# Between two tries.
PENDING_SECONDS = 60.0


def pending_work(app: App) -> Periodic:
    """Tries them again and again."""
    return Periodic(
        "monitors",
        PENDING_SECONDS,
        lambda: start_pending(app),
        JobScope.INSTALLATION,
        jitter=0.1,
        part="housekeeping",
    )


async def start_pending(app: App) -> None:
    """One try of all that is pending. Raises StorageUnavailable."""
    wanted = WantedMonitors(app.database, app.clock)
    for tenant in await wanted.tenants():
        routes = await app.services.relay.routes.of_tenant(tenant)
        for one in await wanted.of(tenant):
            if not _named(one.start, routes):
                await wanted.drop(tenant, one.start)
            elif one.until > app.clock():
                start = replace(one.start, account=_account(one.start, routes))
                _note(tenant, await started(app, tenant, start, one.until))
                app.relay.looks.soon(tenant)


def _named(start: Start, routes: Sequence[Route]) -> bool:
    """Whether a route still names it: the file may have been applied anew, or changed in chat."""
    watched = Watched(start.kind, start.watched, _account(start, routes))
    naming = (route for route in routes if route.accounts or route.keywords)
    return any(takes(route, watched) for route in naming)


def _account(start: Start, routes: Sequence[Route]) -> str:
    """X's id of the account, where a route follows it: it may be called otherwise by now."""
    name = start.watched.lower()
    followed = [one for route in routes for one in route.followed if start.kind == "account"]
    holder = next((one for one in followed if one.name == name and one.holds), None)
    before = next((one for one in followed if one.was_called(name)), None)
    found = holder or before
    return "" if found is None else found.id


def _note(tenant: TenantId, error: BotError | None) -> None:
    said = log("bot.monitors")
    if error is None:
        said.info("started, as applied", tenant=str(tenant))
    else:
        said.warning("not started", tenant=str(tenant), error=type(error).__name__)
