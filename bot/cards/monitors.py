"""Monitors at Xquik."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cards.figures import listed, plural
from bot.core.chat.cards import (
    Block,
    Card,
    Code,
    Field,
    Fields,
    Line,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.text.shortening import cut, shorten
from bot.core.x.prices import MONITOR_PER_HOUR, monitor_words
from bot.xquik.models import KeywordMonitor, Monitor

_REASONS: Final = {
    "insufficient_credits": "the credits were used up",
    "x_account_protected": "the account is protected",
    "x_user_not_found": "the account is not on X any more",
}


def monitor_card(
    monitor: Monitor | KeywordMonitor, title: str, note: Line = (), *, hourly: int = MONITOR_PER_HOUR
) -> Card:
    """One monitor after it was made or changed. hourly: credits that it costs an hour while it is on."""
    what = f"@{monitor.username}" if isinstance(monitor, Monitor) else monitor.query
    fields = (
        Field("Watches", (what,)),
        Field("State", (_state(monitor),)),
        Field("Events", (_events(monitor.event_types),), short=False),
        Field("Id", (Code(monitor.id),)),
    )
    blocks: list[Block] = [Fields(fields)]
    if monitor.is_active:
        blocks.append(Text(line(f"While it is on it costs about {monitor_words(hourly)}."), subtle=True))
    if note:
        blocks.append(Text(note))
    return Card(title, tuple(blocks), Tone.SUCCESS)


def watched_words(monitor: Monitor | KeywordMonitor) -> str:
    """What a monitor watches: "@nasa", or the search in quotes."""
    return f"@{monitor.username}" if isinstance(monitor, Monitor) else f"“{monitor.query}”"


def paused_words(monitor: Monitor | KeywordMonitor) -> str:
    """Why Xquik paused it; "" where nobody says."""
    reason = monitor.paused_reason or ""
    return _REASONS.get(reason, cut(reason, 40))


def _state(monitor: Monitor | KeywordMonitor) -> str:
    if monitor.is_active:
        return "on"
    why = paused_words(monitor)
    return f"paused by Xquik: {why}" if why else "paused"


def _events(types: Sequence[str]) -> str:
    return listed(tuple(types), 8) if types else "all"


def monitors_table(monitors: Sequence[Monitor | KeywordMonitor]) -> Table:
    """Monitors with their states and ids."""
    rows = tuple(
        ((Code(one.id),), (_watched(one),), (_state(one),), (_events(one.event_types),)) for one in monitors
    )
    return Table(("Id", "Watches", "State", "Events"), rows)


def _watched(monitor: Monitor | KeywordMonitor) -> str:
    return f"@{monitor.username}" if isinstance(monitor, Monitor) else shorten(monitor.query, 60)


def monitors_note(active: int, hourly: int = MONITOR_PER_HOUR) -> Line:
    """What all that are on cost. hourly: credits that each costs an hour."""
    return line(f"{plural(active, 'active monitor')}: about {monitor_words(active * hourly)}.")
