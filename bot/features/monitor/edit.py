"""`monitor edit`: what a monitor reports, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from bot.cards.monitors import monitor_card, watched_words
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Line, line
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING_AT_XQUIK, command
from bot.core.errors import Conflict, UsageError
from bot.core.messages.message import msg, nmsg
from bot.core.routes.event_words import kind_words, types_words
from bot.core.routes.events import KEYWORD_TYPES, MONITOR_TYPES, POST_TYPES
from bot.core.routes.route import Route
from bot.features.monitor.posts import MonitorNameOption
from bot.features.services import CommandCall
from bot.features.shared.event_types import NewEventTypesOption
from bot.features.shared.fed_routes import asked_of
from bot.features.shared.finding_monitors import changed, find_monitor, kind_of
from bot.features.shared.monitor_starts import bill_of
from bot.xquik.models import AnyMonitor

_EXAMPLE: Final = "monitor edit nasa events:tweet.new,tweet.quote"
_NAMED: Final = 5  # types of events in a sentence
_KNOWN: Final = {"account": frozenset(MONITOR_TYPES), "keyword": KEYWORD_TYPES, "post": frozenset(POST_TYPES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditMonitorArgs:
    """Which monitor, and what is to be otherwise."""

    monitor: Annotated[
        str,
        Option(
            "An account, a search, a tweet, or the id or name of a monitor",
            main=True,
            max_length=200,
            suggest="monitors",
        ),
    ]
    events: NewEventTypesOption = ()
    name: MonitorNameOption = ""
    unnamed: Annotated[bool, Option("Take its name away")] = False


async def edit(call: CommandCall, args: EditMonitorArgs) -> Reply:
    """Change it. Types that others on the same Xquik account count on stay."""
    if not (args.events or args.name or args.unnamed):
        raise UsageError(msg("Say what is to change: events, name or unnamed."), example=_EXAMPLE)
    if args.name and args.unnamed:
        raise UsageError(msg("Give either name or unnamed."), option="unnamed", example=_EXAMPLE)
    xquik = await call.xquik()
    found, _ = await find_monitor(call, xquik, args.monitor)
    _check_types(found, args.events)
    await _check_others(call, found, args.events)
    types = sorted(set(args.events)) or None
    name = "" if args.unnamed else args.name or None
    edited = await changed(xquik, found, event_types=types, name=name)
    call.services.relay.looks.soon(call.tenant)
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    hourly = (await bill_of(call)).hourly
    return Reply(monitor_card(edited, msg("Monitor changed"), _unreported(routes, edited), hourly=hourly))


def _check_types(found: AnyMonitor, types: Sequence[str]) -> None:
    if other := sorted(set(types) - _KNOWN[kind_of(found)]):
        raise UsageError(
            msg(
                "{what} does not report {type} ({words}).",
                what=watched_words(found),
                type=other[0],
                words=kind_words(other[0]),
            ),
            option="events",
            example=_EXAMPLE,
            remedy=msg("Types that begin with post. are of single tweets; searches report tweets alone."),
        )


async def _check_others(call: CommandCall, found: AnyMonitor, types: Sequence[str]) -> None:
    if not types or set(found.event_types) <= set(types):
        return
    if others := await call.services.monitor_uses.others(call.tenant, kind_of(found), found.id):
        raise Conflict(
            nmsg(
                "{what} is also watched for {n} other server or workspace on this Xquik account, so it "
                "goes on reporting what it does.",
                "{what} is also watched for {n} other servers or workspaces on this Xquik account, so it "
                "goes on reporting what it does.",
                n=others,
                what=watched_words(found),
            ),
            remedy=msg(
                "Choose with `relay edit` which types your routes take, or name the present types too."
            ),
        )


def _unreported(routes: Sequence[Route], monitor: AnyMonitor) -> Line:
    """A word on types that routes here take and it no longer reports: they are asked for again."""
    if not (missing := sorted(asked_of(monitor, routes) - {*monitor.event_types})):
        return ()
    takes = msg(
        "Routes here take more, and the bot asks for that again when one is changed, or it starts: {types}.",
        types=types_words(missing, _NAMED),
    )
    return line(takes, " ", msg("`relay edit` says what a route takes."))


EDIT: Final = command(
    "monitor edit",
    edit,
    SETTING_AT_XQUIK,
    "Change what a monitor reports, or its name",
    _EXAMPLE,
    "monitor edit nasa name:launches",
    operations=(
        "PATCH /monitors/keywords/{id}",
        "PATCH /monitors/posts/{id}",
        "PATCH /monitors/{id}",
    ),
)
