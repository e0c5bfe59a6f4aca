"""Monitors that are to be started: what a person confirms, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.figures import credits_, listed, plural
from bot.cards.monitors import monitor_card, watched_words
from bot.cards.routes.routes import route_card, route_fields
from bot.core.chat.cards import (
    Block,
    Bold,
    Card,
    Code,
    Field,
    Fields,
    Line,
    Priority,
    Text,
    Tone,
    line,
)
from bot.core.routes.monitor_starts import Plan, Start
from bot.core.routes.route import Route
from bot.core.text.quoting import written
from bot.core.text.shortening import shorten
from bot.core.x.forecast import lasts, lasts_words
from bot.core.x.prices import monitor_words
from bot.xquik.models import KeywordMonitor, Monitor

_NAMED = 5
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Bill:
    """What monitors cost there. hourly: credits that each costs an hour; burn: what those that are on cost an
    hour; balance: credits, None where it is not known, or not for this person; refills: it is topped up by
    itself."""

    hourly: int
    burn: int = 0
    balance: int | None = None
    refills: bool = False


def start_preview(
    plan: Plan, bill: Bill, notes: Sequence[str | Line] = (), unseen: Sequence[str] = ()
) -> Card:
    """What will be watched, and what it costs from then on: the preview of a proposal. notes: what else to
    know of the route. unseen: usernames of which nobody knows yet whether they are on X."""
    fields = [
        Field("Watches", (_watches(plan.starts),), short=False),
        Field("Events", (_events(plan.starts),), short=False),
        Field("Price", (price_words(plan),), short=False),
    ]
    if bill.balance is not None:
        fields.append(Field("Balance", (_balance(plan, bill),), short=False))
    blocks: list[Block] = [Fields(tuple(fields), Priority.ESSENTIAL)]
    short = bill.balance is not None and not bill.refills and bill.balance < plan.cost + bill.burn
    if short:
        words = line(Bold("The credits do not cover an hour of it. "), "Nothing is watched without credits.")
        blocks.append(Text(words, priority=Priority.ESSENTIAL))
    if plan.route is not None:
        told = "This route will be added:" if plan.new else "This route will become:"
        blocks.append(Text(line(told), priority=Priority.ESSENTIAL))
        blocks.append(Fields(route_fields(plan.route), Priority.ESSENTIAL))
        blocks.extend(Text((note,) if isinstance(note, str) else note) for note in notes)
    if unseen:
        blocks.append(Text(_not_looked_up(unseen), subtle=True, priority=Priority.ESSENTIAL))
    off = line("Billing starts with Confirm and ends when you pause it: ", Code(_pause(plan.starts)), ".")
    blocks.append(Text(off, subtle=True, priority=Priority.ESSENTIAL))
    return Card(_question(plan), tuple(blocks), Tone.WARNING if short else Tone.INFO)


def price_words(plan: Plan) -> str:
    """What all that starts costs together: an hour, a day and a month of thirty days."""
    each = f" ({plural(len(plan.starts), 'monitor')}, {plan.hourly:,} an hour each)"
    return monitor_words(plan.cost) + (each if len(plan.starts) > 1 else "")


def started_monitor_card(plan: Plan, monitor: Monitor | KeywordMonitor, by: str, note: Line = ()) -> Card:
    """One monitor that was started by itself. by: who asked and who confirmed, a sentence."""
    again = bool(plan.starts[0].monitor)
    if not monitor.is_active:
        title = "Paused in the meantime"
    elif isinstance(monitor, Monitor):
        title = f"Watching @{monitor.username}" + (" again" if again else "")
    else:
        title = "Watching a search" + (" again" if again else "")
    card = monitor_card(monitor, title, note, hourly=plan.hourly)
    return Card(card.title, (*card.blocks, _aside(by)), card.tone)


def started_card(
    plan: Plan,
    monitors: Sequence[Monitor | KeywordMonitor],
    refused: Sequence[tuple[Start, Line]],
    by: str,
    *,
    route: Route | None = None,
    notes: Sequence[str | Line] = (),
) -> Card:
    """What was started, and the route that was stored with it. refused: what was not, and why.

    by: who asked and who confirmed, a sentence. notes: what to know of the route, or why there is none.
    """
    told: list[str | Line] = [line(Bold(f"{start.named} is not watched. "), *why) for start, why in refused]
    told += [f"{watched_words(one)} was paused in the meantime." for one in monitors if not one.is_active]
    told += notes
    on = [one for one in monitors if one.is_active]
    now = [Text(line(Bold("Watched: "), _some([watched_words(one) for one in on]), "."))] if on else []
    if on:
        now.append(Text(line(f"That costs about {monitor_words(plan.hourly * len(on))}."), subtle=True))
    if route is not None:
        card = route_card(route, "Route added" if plan.new else "Route changed", told)
        return Card(card.title, (*card.blocks, *now, _aside(by)), card.tone)
    blocks = (*now, *(Text((note,) if isinstance(note, str) else note) for note in told), _aside(by))
    return Card("Watching", blocks, Tone.WARNING if told else Tone.SUCCESS)


def _question(plan: Plan) -> str:
    first = plan.starts[0]
    if len(plan.starts) == 1:
        what = first.named if first.kind == "account" else "this search"
        what += " again" if first.monitor else ""
    else:
        what = plural(len(plan.starts), "account") if _all_accounts(plan.starts) else "all of this"
    if plan.route is None:
        return f"Watch {what}?"
    return f"{'Add' if plan.new else 'Change'} this route and watch {what}?"


def _not_looked_up(names: Sequence[str]) -> Line:
    """A look-up costs credits, and nobody asked for one."""
    said = listed(tuple(f"@{name}" for name in names), _NAMED)
    if len(names) == 1:
        return line(f"Whether {said} is on X shows after Confirm. If not, nothing is watched or charged.")
    return line(f"Whether {said} are on X shows after Confirm. Those that are not cost nothing.")


def _all_accounts(starts: Sequence[Start]) -> bool:
    return all(start.kind == "account" for start in starts)


def _watches(starts: Sequence[Start]) -> str:
    words = []
    for start in starts:
        state = f" (paused: {start.why})" if start.why else " (paused)" if start.monitor else ""
        words.append(shorten(start.named, _LONGEST) + state)
    return _some(words)


def _some(words: Sequence[str]) -> str:
    return listed(tuple(words), _NAMED)


def _events(starts: Sequence[Start]) -> str:
    types = dict.fromkeys(kind for start in starts for kind in start.events)
    return listed(tuple(types), 8) if types else "as before"


def _balance(plan: Plan, bill: Bill) -> str:
    balance, hourly = bill.balance or 0, plan.cost + bill.burn
    enough = lasts(balance, hourly)
    if bill.refills or enough is None:
        return credits_(balance) + (", topped up automatically" if bill.refills else "")
    if balance <= 0:
        return credits_(balance)
    beside = " for everything watched" if bill.burn else ""
    return f"{credits_(balance)}: enough for {lasts_words(enough)}{beside}"


def _pause(starts: Sequence[Start]) -> str:
    first = starts[0]
    return f"monitor pause {first.watched if first.kind == 'account' else written(first.watched)}"


def _aside(words: str) -> Text:
    return Text(line(words), subtle=True, priority=Priority.ESSENTIAL)
