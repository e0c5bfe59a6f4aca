"""Monitors at Xquik."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from bot.cards.figures import epoch
from bot.core.chat.cards import (
    Block,
    Card,
    Code,
    Field,
    Fields,
    Line,
    Link,
    Priority,
    Quote,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.messages.message import Message, msg, nmsg, pmsg
from bot.core.routes.event_words import types_words
from bot.core.text.shortening import cut, shorten
from bot.core.x.prices import MONITOR_PER_HOUR, monitor_words
from bot.xquik.models import AnyMonitor, KeywordMonitor, Monitor, PostMonitor

_NAME: Final = 60  # characters
# Types of events that are named in a sentence.
_NAMED: Final = 5
# Types of events that stand in a row of a list.
_IN_A_ROW: Final = 3
_REASONS: Final = {
    "insufficient_credits": msg("the credits were used up"),
    "x_account_protected": msg("the account is protected"),
    "x_user_not_found": msg("the account is not on X any more"),
    "x_post_deleted": msg("the tweet was deleted"),
    "x_post_protected": msg("the account is protected"),
    "x_post_unavailable": msg("X does not show the tweet"),
}


def monitor_card(monitor: AnyMonitor, title: str, note: Line = (), *, hourly: int = MONITOR_PER_HOUR) -> Card:
    """One monitor after it was made or changed. hourly: credits that it costs an hour while it is on."""
    fields = (
        Field(msg("Watches"), _what(monitor)),
        *((Field(msg("Name"), (shorten(monitor.name, _NAME),)),) if monitor.name else ()),
        Field(msg("State"), (_state(monitor),)),
        Field(msg("Events"), (_events(monitor.event_types),), short=False),
        Field(msg("Id"), (Code(monitor.id),)),
    )
    blocks: list[Block] = [Fields(fields)]
    if isinstance(monitor, PostMonitor):
        blocks.append(_quoted(monitor))
    if monitor.is_active:
        costs = msg("While it is on it costs about {price}.", price=monitor_words(hourly))
        blocks.append(Text(line(costs), subtle=True))
    if note:
        blocks.append(Text(note))
    return Card(title, tuple(blocks), Tone.SUCCESS)


def widened_words(monitor: AnyMonitor, types: Iterable[str]) -> Message:
    """That a monitor reports these types besides what it did, since routes take them."""
    return msg(
        "{what} now reports this as well, since a route takes it: {types}.",
        what=watched_words(monitor),
        types=types_words(sorted(types), _NAMED),
    )


def now_reports(monitor: AnyMonitor, types: Iterable[str]) -> Message:
    """The title of one that was asked for these types, which it did not report until now."""
    return msg(
        "{what} now also reports: {types}",
        what=watched_words(monitor),
        types=types_words(sorted(types), _IN_A_ROW),
    )


def watched_words(monitor: AnyMonitor) -> str:
    """What a monitor watches: "@nasa", the search in quotes, or "tweet 20"."""
    match monitor:
        case Monitor():
            return f"@{monitor.username}"
        case KeywordMonitor():
            return f"“{monitor.query}”"
        case PostMonitor():
            return msg("tweet {id}", id=monitor.post_id)
        case _:
            assert_never(monitor)


def _what(monitor: AnyMonitor) -> Line:
    match monitor:
        case Monitor():
            return (f"@{monitor.username}",)
        case KeywordMonitor():
            return (monitor.query,)
        case PostMonitor():
            words = msg("tweet by @{author}", author=monitor.author_username)
            url = f"https://x.com/i/status/{monitor.post_id}"
            return (Link(words, url),) if monitor.post_id.isdecimal() else (words,)
        case _:
            assert_never(monitor)


def _quoted(monitor: PostMonitor) -> Quote:
    author = msg("{name} (@{username})", name=monitor.author_name, username=monitor.author_username)
    return Quote(monitor.text, author=author, at=epoch(monitor.posted_at), priority=Priority.QUOTED)


def paused_words(reason: str) -> str:
    """Why Xquik paused a monitor; "" where nobody says. reason: in Xquik's own word."""
    return _REASONS.get(reason, cut(reason, 40))


def _state(monitor: AnyMonitor) -> Message:
    if monitor.is_active:
        return pmsg("the state of a monitor", "on")
    why = paused_words(monitor.paused_reason or "")
    if why:
        return msg("paused by Xquik: {why}", why=why)
    return pmsg("the state of a monitor", "paused")


def _events(types: Sequence[str], most: int = 8) -> str:
    return types_words(types, most) if types else pmsg("types of events", "all")


def monitors_table(monitors: Sequence[AnyMonitor]) -> Table:
    """Monitors with their states and ids."""
    rows = tuple(
        ((Code(one.id),), _watched(one), (_state(one),), (_events(one.event_types, _IN_A_ROW),))
        for one in monitors
    )
    return Table((msg("Id"), msg("Watches"), msg("State"), msg("Events")), rows)


def _watched(monitor: AnyMonitor) -> Line:
    """What it watches, and behind it the name that people gave it."""
    what = (shorten(monitor.query, 60),) if isinstance(monitor, KeywordMonitor) else _what(monitor)
    return (*what, " · ", shorten(monitor.name, _NAME)) if monitor.name else what


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
