"""Monitors that are to be started: what a person confirms, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.cards.figures import credits_, listed
from bot.cards.monitors import monitor_card, paused_words, watched_words
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
from bot.core.messages.message import Message, msg, nmsg
from bot.core.routes.event_words import types_words
from bot.core.routes.monitor_starts import Plan, Start
from bot.core.routes.route import Route
from bot.core.text.quoting import written
from bot.core.x.forecast import lasts, lasts_words
from bot.core.x.prices import monitor_words
from bot.xquik.models import AnyMonitor, Monitor, PostMonitor

_NAMED = 5


class Bill(msgspec.Struct, frozen=True):
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
    watched = (
        Field(msg("Watches"), (_watches(plan.starts),), short=False),
        *(Field(msg("Name"), (one.name,)) for one in plan.starts if one.name),
        Field(msg("Events"), (_events(plan.starts),), short=False),
    )
    costs = [Field(msg("Price"), (price_words(plan),), short=False)]
    if bill.balance is not None:
        costs.append(Field(msg("Balance"), (_balance(plan, bill),), short=False))
    # Blocks of their own: each has its share of a message that does not hold all of it.
    blocks: list[Block] = [Fields(watched, Priority.ESSENTIAL), Fields(tuple(costs), Priority.ESSENTIAL)]
    short = bill.balance is not None and not bill.refills and bill.balance < plan.cost + bill.burn
    if short:
        uncovered = Bold(msg("The credits do not cover an hour of it."))
        stops = msg("Nothing is watched without credits.")
        blocks.append(Text(line(uncovered, " ", stops), priority=Priority.ESSENTIAL))
    if plan.route is not None:
        told = msg("This route will be added:") if plan.new else msg("This route will become:")
        blocks.append(Text(line(told), priority=Priority.ESSENTIAL))
        blocks.append(Fields(route_fields(plan.route, whole=True), Priority.ESSENTIAL))
        blocks.extend(_told(notes))
    if unseen:
        blocks.append(Text(line(_not_looked_up(unseen)), subtle=True, priority=Priority.ESSENTIAL))
    off = msg(
        "Billing starts with Confirm and ends when you pause it: {command}.", command=_pause(plan.starts)
    )
    blocks.append(Text(line(off), subtle=True, priority=Priority.ESSENTIAL))
    return Card(_question(plan), tuple(blocks), Tone.WARNING if short else Tone.INFO)


def _told(notes: Sequence[str | Line]) -> tuple[Text, ...]:
    return tuple(Text((note,) if isinstance(note, str) else note) for note in notes)


def price_words(plan: Plan) -> Message:
    """What all that starts costs together: an hour, a day and a month of thirty days."""
    price = monitor_words(plan.cost)
    if len(plan.starts) == 1:
        return price
    return nmsg(
        "{price} ({n} monitor, {hourly} an hour each)",
        "{price} ({n} monitors, {hourly} an hour each)",
        n=len(plan.starts),
        price=price,
        hourly=plan.hourly,
    )


def started_monitor_card(plan: Plan, monitor: AnyMonitor, by: str, note: Line = ()) -> Card:
    """One monitor that was started by itself. by: who asked and who confirmed, a sentence."""
    card = monitor_card(monitor, _watching(plan, monitor), note, hourly=plan.hourly)
    return Card(card.title, (*card.blocks, _aside(by)), card.tone)


def _watching(plan: Plan, monitor: AnyMonitor) -> Message:
    again = bool(plan.starts[0].monitor)
    if not monitor.is_active:
        return msg("Paused in the meantime")
    if isinstance(monitor, Monitor):
        name = monitor.username
        return msg("Watching @{name} again", name=name) if again else msg("Watching @{name}", name=name)
    if isinstance(monitor, PostMonitor):
        return msg("Watching a tweet again") if again else msg("Watching a tweet")
    return msg("Watching a search again") if again else msg("Watching a search")


def started_card(
    plan: Plan,
    monitors: Sequence[AnyMonitor],
    refused: Sequence[tuple[Start, Line]],
    by: str,
    *,
    route: Route | None = None,
    notes: Sequence[str | Line] = (),
) -> Card:
    """What was started, and the route that was stored with it. refused: what was not, and why.

    by: who asked and who confirmed, a sentence. notes: what to know of the route, or why there is none.
    """
    told: list[str | Line] = [
        line(Bold(msg("{what} is not watched.", what=start.named)), " ", *why) for start, why in refused
    ]
    told += [
        msg("{what} was paused in the meantime.", what=watched_words(one))
        for one in monitors
        if not one.is_active
    ]
    told += notes
    on = [one for one in monitors if one.is_active]
    now: list[Text] = []
    if on:
        watched = msg(
            "{label} {what}.", label=Bold(msg("Watched:")), what=_some([watched_words(one) for one in on])
        )
        costs = msg("That costs about {price}.", price=monitor_words(plan.hourly * len(on)))
        now = [Text(line(watched)), Text(line(costs), subtle=True)]
    if route is not None:
        card = route_card(route, msg("Route added") if plan.new else msg("Route changed"), told)
        return Card(card.title, (*card.blocks, *now, _aside(by)), card.tone)
    blocks = (*now, *_told(told), _aside(by))
    return Card(msg("Watching"), blocks, Tone.WARNING if told else Tone.SUCCESS)


def _question(plan: Plan) -> Message:
    what = _what(plan.starts)
    if plan.route is None:
        return msg("Watch {what}?", what=what)
    if plan.new:
        return msg("Add this route and watch {what}?", what=what)
    return msg("Change this route and watch {what}?", what=what)


def _what(starts: Sequence[Start]) -> str:
    """What is to be watched, as the object of "watch"."""
    first = starts[0]
    if len(starts) > 1:
        if _all_accounts(starts):
            return nmsg("{n} account", "{n} accounts", n=len(starts))
        return msg("all of this")
    if first.kind == "account":
        return msg("{name} again", name=first.named) if first.monitor else first.named
    if first.kind == "post":
        return msg("this tweet again") if first.monitor else msg("this tweet")
    return msg("this search again") if first.monitor else msg("this search")


def _not_looked_up(names: Sequence[str]) -> Message:
    """A look-up costs credits, and nobody asked for one."""
    said = listed(tuple(f"@{name}" for name in names), _NAMED)
    if len(names) == 1:
        return msg(
            "Whether {names} is on X shows after Confirm. If not, nothing is watched or charged.", names=said
        )
    return msg("Whether {names} are on X shows after Confirm. Those that are not cost nothing.", names=said)


def _all_accounts(starts: Sequence[Start]) -> bool:
    return all(start.kind == "account" for start in starts)


def _watches(starts: Sequence[Start]) -> str:
    """All of it: each costs what is confirmed."""
    return listed(tuple(_state(start) for start in starts), len(starts))


def _state(start: Start) -> str:
    what = start.named
    if start.why:
        return msg("{what} (paused: {why})", what=what, why=paused_words(start.why))
    return msg("{what} (paused)", what=what) if start.monitor else what


def _some(words: Sequence[str]) -> str:
    return listed(tuple(words), _NAMED)


def _events(starts: Sequence[Start]) -> str:
    types = dict.fromkeys(kind for start in starts for kind in start.events)
    return types_words(tuple(types)) if types else msg("as before")


def _balance(plan: Plan, bill: Bill) -> str:
    balance, hourly = bill.balance or 0, plan.cost + bill.burn
    left, enough = credits_(balance), lasts(balance, hourly)
    if bill.refills:
        return msg("{credits}, topped up automatically", credits=left)
    if enough is None or balance <= 0:
        return left
    time = lasts_words(enough)
    if bill.burn:
        return msg("{credits}: enough for {time} for everything watched", credits=left, time=time)
    return msg("{credits}: enough for {time}", credits=left, time=time)


def _pause(starts: Sequence[Start]) -> Code:
    first = starts[0]
    return Code(f"monitor pause {written(first.watched) if first.kind == 'keyword' else first.watched}")


def _aside(words: str) -> Text:
    return Text(line(words), subtle=True, priority=Priority.ESSENTIAL)
