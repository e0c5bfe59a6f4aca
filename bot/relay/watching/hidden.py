"""Watched accounts that X shows no more, by what their monitors reported.

A monitor may run on after its account was protected, suspended or deleted, and nothing comes from it. Xquik
keeps its events, so the newest of them says how it is now, whatever came here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.core.routes.event_readings import holds_now
from bot.core.routes.silences import SilenceCause
from bot.relay.watching.seeing import Hidden, moment_of
from bot.xquik.client import XquikClient
from bot.xquik.models import Monitor, XquikEvent

# What monitors report of it. Gone counts for more than protected: it is looked at last.
KINDS: Final = {
    "profile.protected.changed": SilenceCause.PROTECTED,
    "profile.unavailable.changed": SilenceCause.GONE,
}
_PAGE: Final = 100


async def hidden_accounts(
    xquik: XquikClient, monitors: Iterable[Monitor], standing: Iterable[str], now: float
) -> dict[str, Hidden]:
    """By the id of the monitor. standing: ids of those that were hidden at the last look.

    One free request for each kind that is reported at all. Errors as `EventsResource.list`.
    """
    active = [one for one in monitors if one.is_active]
    kept = frozenset(standing)
    found: dict[str, Hidden] = {}
    for kind, cause in KINDS.items():
        told = {one.id for one in active if kind in one.event_types}
        if not told:
            continue
        page = await xquik.events.list(limit=_PAGE, event_type=kind)
        newest = _newest(page.items, kind)
        # So much was reported meanwhile that an old one lies behind the page.
        for one in sorted((told & kept) - newest.keys()) if page.has_more else ():
            newest.update(
                _newest((await xquik.events.list(limit=1, monitor_id=one, event_type=kind)).items, kind)
            )
        for one in told & newest.keys():
            if holds_now(newest[one].data):
                found[one] = Hidden(cause, moment_of(newest[one].occurred_at, now))
    return found


def _newest(events: Sequence[XquikEvent], kind: str) -> dict[str, XquikEvent]:
    """Of each monitor the first, as the newest stands first. Filters that Xquik does not know are ours."""
    found: dict[str, XquikEvent] = {}
    for event in events:
        if event.type == kind and event.monitor_id is not None:
            found.setdefault(event.monitor_id, event)
    return found
