"""Routes of platforms for which a process that sends has no token: nothing says so by itself, as it sends
what it can, and takes its part in the work of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.app.platforms.declared import DeclaredPlatform
from bot.observability.loggers import log
from bot.settings import Settings
from bot.storage.relay.routes import Routes


async def waiting_routes(
    routes: Routes, settings: Settings, listed: Sequence[DeclaredPlatform]
) -> Mapping[str, int]:
    """How many routes post on each platform that these settings do not turn on, by its name.
    StorageUnavailable when the database does not answer."""
    off = {one.name for one in listed if not one.wanted(settings)}
    return {name: count for name, count in (await routes.by_platform()).items() if name in off}


def tell_waiting(waiting: Mapping[str, int], listed: Sequence[DeclaredPlatform]) -> None:
    """In the log, with what would have them posted."""
    for one in listed:
        if count := waiting.get(one.name):
            log("bot.relay").warning(
                "routes wait: this process has no token for their platform",
                platform=one.name,
                routes=count,
                do=f"set {one.needed}",
            )
