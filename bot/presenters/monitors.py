"""Monitors at Xquik and routes of ours."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.cards import (
    Block,
    Bold,
    Button,
    Card,
    ChannelMention,
    Code,
    Field,
    Fields,
    Line,
    Table,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.routes import Route
from bot.core.text import shorten
from bot.presenters.figures import listed, plural
from bot.xquik.models import KeywordMonitor, Monitor

HOURLY = 21  # credits an active monitor costs an hour, the same as in bot.xquik.costs


def monitor_card(monitor: Monitor | KeywordMonitor, title: str, note: Line = ()) -> Card:
    """One monitor after it was made or changed."""
    what = f"@{monitor.username}" if isinstance(monitor, Monitor) else monitor.query
    fields = (
        Field("Watches", (what,)),
        Field("State", (_state(monitor),)),
        Field("Events", (_events(monitor.event_types),), short=False),
        Field("Id", (Code(monitor.id),)),
    )
    blocks: list[Block] = [Fields(fields)]
    if monitor.is_active:
        blocks.append(Text(line(f"While it is on it costs about {HOURLY} credits an hour."), subtle=True))
    if note:
        blocks.append(Text(note))
    return Card(title, tuple(blocks), Tone.SUCCESS)


def _state(monitor: Monitor | KeywordMonitor) -> str:
    if monitor.is_active:
        return "on"
    reason = monitor.paused_reason if isinstance(monitor, Monitor) else None
    if reason == "x_user_not_found":
        return "paused by Xquik: the account is not on X any more"
    return f"paused ({reason})" if reason else "paused"


def _events(types: Sequence[str]) -> str:
    return listed(tuple(types), 8) if types else "all"


def monitors_card(monitors: Sequence[Monitor], keywords: Sequence[KeywordMonitor]) -> Card:
    """Every monitor with its state and id."""
    if not monitors and not keywords:
        empty = Text(line("No monitors yet. Watch an account with ", Code("monitor add nasa"), "."))
        return Card("Monitors", (empty,), Tone.INFO)
    rows: list[tuple[Line, ...]] = []
    for one in monitors:
        rows.append(((Code(one.id),), (f"@{one.username}",), (_state(one),), (_events(one.event_types),)))
    for word in keywords:
        rows.append(
            (
                (Code(word.id),),
                (shorten(word.query, 60),),
                (_state(word),),
                (_events(word.event_types),),
            )
        )
    active = sum(one.is_active for one in monitors) + sum(one.is_active for one in keywords)
    note = Text(
        line(f"{plural(active, 'active monitor')}: about {active * HOURLY} credits an hour."),
        subtle=True,
    )
    return Card("Monitors", (Table(("Id", "Watches", "State", "Events"), tuple(rows)), note), Tone.INFO)


def route_card(route: Route, title: str, notes: Sequence[str] = (), buttons: tuple[Button, ...] = ()) -> Card:
    """One route after it was made or changed. notes: what to know, for instance an overlap."""
    blocks: list[Block] = [Fields(_route_fields(route))]
    blocks.extend(Text(line(note)) for note in notes)
    return Card(title, tuple(blocks), Tone.WARNING if notes else Tone.SUCCESS, buttons)


def _route_fields(route: Route) -> tuple[Field, ...]:
    fields = [
        Field("Name", (Code(route.name),)),
        Field("Channel", (ChannelMention(route.destination.channel),)),
        Field("Takes", (route_filter(route),), short=False),
    ]
    if route.paused_reason is not None:
        fields.append(Field("Paused", (route.paused_reason,), short=False))
    return tuple(fields)


def route_filter(route: Route) -> str:
    """What a route takes, in words."""
    what: list[str] = []
    if route.accounts:
        what.append(listed(tuple(f"@{name}" for name in route.accounts)))
    if route.keywords:
        what.append("keywords " + listed(tuple(shorten(word, 40) for word in route.keywords), 5))
    if not what:
        what.append("every account and keyword")
    what.append(listed(route.events, 6) if route.events else "every event")
    return "; ".join(what)


def routes_card(
    routes: Sequence[tuple[Route, float | None, int, str | None]], *, has_key: bool = True
) -> Card:
    """Every route with (route, last success, how many wait, last failure). has_key: whether the place
    has an Xquik key, without which nothing arrives."""
    if not routes:
        empty = Text(
            line("No routes yet. Make one with ", Code("relay add channel:#alerts account:nasa"), ".")
        )
        return Card("Routes", (empty,), Tone.INFO)
    rows: list[tuple[Line, ...]] = []
    notes: list[Block] = []
    if not has_key:
        notes.append(
            Text(line(Bold("No event can arrive: "), "no Xquik key is stored here. ", Code("setup key")))
        )
    for route, last, waiting, failure in routes:
        sent: Line = (Timestamp(last, relative=True),) if last else ("never",)
        state = "paused" if route.paused_reason is not None else f"{waiting} waiting" if waiting else "on"
        rows.append(
            (
                (Code(route.name),),
                (ChannelMention(route.destination.channel),),
                (route_filter(route),),
                (state,),
                sent,
            )
        )
        reason = route.paused_reason or failure
        if reason:
            notes.append(Text(line(Bold(f"{route.name}: "), reason), subtle=True))
    columns = ("Route", "Channel", "Takes", "State", "Last sent")
    return Card("Routes", (Table(columns, tuple(rows)), *notes), Tone.INFO if has_key else Tone.WARNING)
