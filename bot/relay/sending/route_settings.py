"""The settings of the route that a delivery is sent for, as the row of the route says now."""

from __future__ import annotations

from functools import lru_cache

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes import route_json
from bot.core.routes.route import Route

# A route of nobody, to read settings into: only what `route_json` writes is taken from it.
_NOBODY = Route(id="", name="", destination=Destination(TenantId("terminal", "-"), ""))


@lru_cache(maxsize=1024)
def settings_of(text: str) -> Route:
    """A route with the settings that `text` (JSON of `route_json`) says; its other fields mean nothing.

    What cannot be read is as usual: a damaged row must not hold up what was routed before.
    """
    try:
        return route_json.decode(text, _NOBODY)
    except ValueError:
        return _NOBODY
