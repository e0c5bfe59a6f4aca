"""What `xquik-bot check` says of routes that bring nothing, or not everywhere. Pure.

It is read in a terminal, where no command of the chat can be asked for more: the route and the cause stand in
the line itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.core.routes.route import Route
from bot.core.text.shortening import shorten
from bot.storage.places.wanted_monitors import PendingMonitor

_NAMED: Final = 5
_LONGEST: Final = 120


def quiet_routes(routes: Sequence[Route]) -> tuple[str, str]:
    """Which of them are paused or cannot reach a place, each with its cause; and what is to be done. Both ""
    where there is none."""
    found = [words for route in routes for words in _of(route)]
    if not found:
        return "", ""
    more = f"; and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    lost = any(route.lost for route in routes if route.paused_reason is None)
    first = next(route for route in routes if route.paused_reason is not None or route.lost)
    once = "Once the bot may post there again, or" if lost else "Once that is mended,"
    return "; ".join(found[:_NAMED]) + more, f"{once} at once: relay resume {first.name}, in its chat."


def pending_words(pending: Sequence[PendingMonitor]) -> str:
    """What `apply` could not start yet, and why."""
    words = [f"{one.start.named} is not watched yet ({_cause(one.reason)})" for one in pending[:_NAMED]]
    more = f"; and {len(pending) - _NAMED:,} more" if len(pending) > _NAMED else ""
    return "; ".join(words) + more


def _of(route: Route) -> list[str]:
    if route.paused_reason is not None:
        return [f"{route.name} is paused ({_cause(route.paused_reason)})"]
    return [
        f"{route.name} cannot reach {place.destination.channel} ({_cause(place.reason)})"
        for place in route.lost
    ]


def _cause(reason: str) -> str:
    return shorten(reason.rstrip("."), _LONGEST) or "nobody said why"
