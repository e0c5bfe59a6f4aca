"""Monitors at Xquik."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cards.figures import listed
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
from bot.core.messages.message import Message, msg, nmsg, pmsg
from bot.core.text.shortening import cut, shorten
from bot.core.x.prices import MONITOR_PER_HOUR, monitor_words
from bot.xquik.models import KeywordMonitor, Monitor

_REASONS: Final = {
    "insufficient_credits": msg("the credits were used up"),
    "x_account_protected": msg("the account is protected"),
    "x_user_not_found": msg("the account is not on X any more"),
}


def monitor_card(
    monitor: Monitor | KeywordMonitor, title: str, note: Line = (), *, hourly: int = MONITOR_PER_HOUR
) -> Card:
    """One monitor after it was made or changed. hourly: credits that it costs an hour while it is on."""
    what = f"@{monitor.username}" if isinstance(monitor, Monitor) else monitor.query
    fields = (
        Field(msg("Watches"), (what,)),
        Field(msg("State"), (_state(monitor),)),
        Field(msg("Events"), (_events(monitor.event_types),), short=False),
        Field(msg("Id"), (Code(monitor.id),)),
    )
    blocks: list[Block] = [Fields(fields)]
    if monitor.is_active:
        costs = msg("While it is on it costs about {price}.", price=monitor_words(hourly))
        blocks.append(Text(line(costs), subtle=True))
    if note:
        blocks.append(Text(note))
    return Card(title, tuple(blocks), Tone.SUCCESS)


def watched_words(monitor: Monitor | KeywordMonitor) -> str:
    """What a monitor watches: "@nasa", or the search in quotes."""
    return f"@{monitor.username}" if isinstance(monitor, Monitor) else f"“{monitor.query}”"


def paused_words(reason: str) -> str:
    """Why Xquik paused a monitor; "" where nobody says. reason: in Xquik's own word."""
    return _REASONS.get(reason, cut(reason, 40))


def _state(monitor: Monitor | KeywordMonitor) -> Message:
    if monitor.is_active:
        return pmsg("the state of a monitor", "on")
    why = paused_words(monitor.paused_reason or "")
    if why:
        return msg("paused by Xquik: {why}", why=why)
    return pmsg("the state of a monitor", "paused")


def _events(types: Sequence[str]) -> str:
    return listed(tuple(types), 8) if types else pmsg("types of events", "all")


def monitors_table(monitors: Sequence[Monitor | KeywordMonitor]) -> Table:
    """Monitors with their states and ids."""
    rows = tuple(
        ((Code(one.id),), (_watched(one),), (_state(one),), (_events(one.event_types),)) for one in monitors
    )
    return Table((msg("Id"), msg("Watches"), msg("State"), msg("Events")), rows)


def _watched(monitor: Monitor | KeywordMonitor) -> str:
    return f"@{monitor.username}" if isinstance(monitor, Monitor) else shorten(monitor.query, 60)


def monitors_note(active: int, hourly: int = MONITOR_PER_HOUR) -> Line:
    """What all that are on cost. hourly: credits that each costs an hour."""
    price = monitor_words(active * hourly)
    return line(
        nmsg(
            "{n} active monitor: about {price}.",
            "{n} active monitors: about {price}.",
            n=active,
            price=price,
        )
    )
