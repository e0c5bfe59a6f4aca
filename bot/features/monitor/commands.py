"""`monitor add|keyword|post|list|edit|metrics|pause|resume|remove`: what Xquik watches for this place."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, assert_never

import msgspec

from bot.cards.monitors import monitor_card, now_reports, watched_words, widened_words
from bot.core.afterwards import or_else
from bot.core.chat.answers import Answer, Reply
from bot.core.chat.cards import line
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import INSIDE, SETTING_AT_XQUIK, command, listing_command
from bot.core.commands.price_list import MONITOR as MONITOR_PRICE
from bot.core.errors import Conflict, NotFound, UsageError
from bot.core.messages.message import Message, msg, nmsg
from bot.core.routes.conditions import LONGEST_SEARCH
from bot.core.routes.events import KEYWORD_TYPES
from bot.core.routes.monitor_starts import Start
from bot.core.routes.route import types_asked
from bot.core.text.quoting import written
from bot.core.text.sameness import same
from bot.core.x.references import Username
from bot.features.monitor.edit import EDIT
from bot.features.monitor.listed import MONITORS
from bot.features.monitor.metrics import METRICS
from bot.features.monitor.posts import POST
from bot.features.services import CommandCall
from bot.features.shared.event_types import DEFAULT_EVENTS, ReportedOption
from bot.features.shared.fed_routes import left_without
from bot.features.shared.finding_monitors import find_monitor, kind_of, paused
from bot.features.shared.monitor_starts import bill_of, propose_start, resuming, unrouted
from bot.xquik.models import AnyMonitor, KeywordMonitor, Monitor, PostMonitor

# Characters of a suggested line.
_LONGEST_LINE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorAddArgs:
    """Whom to watch, and for what."""

    account: Annotated[Username, Option("The X account to watch", main=True, suggest="people")]
    events: ReportedOption = ()


async def add(call: CommandCall, args: MonitorAddArgs) -> Answer:
    """Watch an account, after Confirm; one that is watched already is used as it is."""
    xquik = await call.xquik()
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    account = str(args.account)
    asked = types_asked(routes, account=account)
    name = account.casefold()
    found = next((one for one in await xquik.monitors.list() if one.username.casefold() == name), None)
    if found is None:
        wanted = sorted({*(args.events or DEFAULT_EVENTS), *asked})
        return await propose_start(call, [Start("account", account, tuple(wanted))])
    more = {*args.events, *asked}
    if not found.is_active:
        return await propose_start(call, [resuming(found, tuple(more))])
    gained = more - {*found.event_types}
    if gained:
        found = await xquik.monitors.update(found.id, event_types=sorted({*found.event_types, *more}))
    await call.services.monitor_uses.use(call.tenant, kind_of(found), found.id)
    note = unrouted(routes, account=found.username, account_id=found.x_user_id)
    if by_route := gained - {*args.events}:
        note = (*note, *((" ",) if note else ()), widened_words(found, by_route))
    if args.events and set(found.event_types) - more:
        # Others may count on what it reported before, so that stays.
        only = ",".join(sorted({*args.events}))
        still = msg(
            "It still reports what it did before as well. To have it report this alone: "
            "`monitor edit {name} events:{types}`.",
            name=found.username,
            types=only,
        )
        note = (*note, " ", still) if note else line(still)
    title = msg("Already watching @{name}", name=found.username)
    if gained & {*args.events}:
        title = now_reports(found, gained & {*args.events})
    return Reply(monitor_card(found, title, note, hourly=await _hourly(call)))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordArgs:
    """What to search for all the time."""

    query: Annotated[
        str,
        Option(
            'A search as on X, like "new horizons" lang:en',
            main=True,
            max_length=LONGEST_SEARCH,
            running=True,
            code="query",
            search=True,
        ),
    ]
    events: ReportedOption = ()


async def keyword(call: CommandCall, args: KeywordArgs) -> Answer:
    """Watch a search, after Confirm; one that is watched already is used as it is."""
    xquik = await call.xquik()
    if other := sorted({*args.events} - KEYWORD_TYPES):
        raise UsageError(
            msg("A search reports only tweets, but {type} is about an account.", type=other[0]),
            option="events",
            example='monitor keyword "artemis launch" events:tweet.new',
        )
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    asked = types_asked(routes, query=args.query)
    found = next((one for one in await xquik.keyword_monitors.list() if same(one.query, args.query)), None)
    if found is None:
        wanted = sorted({*(args.events or DEFAULT_EVENTS), *asked})
        return await propose_start(call, [Start("keyword", args.query, tuple(wanted))])
    more = {*args.events, *asked}
    if not found.is_active:
        return await propose_start(call, [resuming(found, tuple(more))])
    gained = more - {*found.event_types}
    if gained:
        types = sorted({*found.event_types, *more})
        found = await xquik.keyword_monitors.update(found.id, event_types=types)
    await call.services.monitor_uses.use(call.tenant, kind_of(found), found.id)
    note = unrouted(routes, query=found.query)
    if by_route := gained - {*args.events}:
        note = (*note, *((" ",) if note else ()), widened_words(found, by_route))
    title = msg("Already watching this search")
    if gained & {*args.events}:
        title = now_reports(found, gained & {*args.events})
    return Reply(monitor_card(found, title, note, hourly=await _hourly(call)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorArgs:
    """Which monitor."""

    monitor: Annotated[
        str,
        Option(
            "An account, a search, a tweet, or the id or name of a monitor",
            main=True,
            max_length=LONGEST_SEARCH,
            running=True,
            code="query",
            suggest="monitors",
        ),
    ]


async def pause(call: CommandCall, args: MonitorArgs) -> Reply:
    """Stop watching for a while; it costs nothing then."""
    xquik = await call.xquik()
    found, others_here = await find_monitor(call, xquik, args.monitor)
    if others := await call.services.monitor_uses.others(call.tenant, kind_of(found), found.id):
        raise Conflict(
            nmsg(
                "{what} is also watched for {n} other server or workspace on this Xquik account, so it stays "
                "on.",
                "{what} is also watched for {n} other servers or workspaces on this Xquik account, so it "
                "stays on.",
                n=others,
                what=watched_words(found),
            ),
            remedy=msg(
                "Pause the routes here with `relay pause`, or stop watching here with `monitor remove`."
            ),
        )
    title = msg("Monitor paused") if found.is_active else msg("It was paused already")
    off = await paused(xquik, found)
    await _stopped(call, found)
    call.services.relay.looks.soon(call.tenant)
    quiet = await left_without(call, found, others_here)
    return Reply(monitor_card(off, title, quiet, hourly=await _hourly(call)))


async def resume(call: CommandCall, args: MonitorArgs) -> Answer:
    """Watch again, after Confirm."""
    xquik = await call.xquik()
    found, _ = await find_monitor(call, xquik, args.monitor)
    if not found.is_active:
        return await propose_start(call, [resuming(found)])
    await call.services.monitor_uses.use(call.tenant, kind_of(found), found.id)
    title = msg("Already watching {what}", what=watched_words(found))
    return Reply(monitor_card(found, title, hourly=await _hourly(call)))


async def remove(call: CommandCall, args: MonitorArgs) -> Reply:
    """Stop watching for good. Routes stay; they have nothing to relay from it any more.

    A monitor that other places of the same Xquik account use is left to them.
    """
    xquik = await call.xquik()
    found, others_here = await find_monitor(call, xquik, args.monitor)
    uses, kind, what = call.services.monitor_uses, kind_of(found), watched_words(found)
    await uses.leave(call.tenant, kind, found.id)
    # Counted after leaving, so that of two who leave together the last one removes it.
    if others := await uses.others(call.tenant, kind, found.id):
        keep = msg("Routes here that take its events keep running: `relay list`")
        note = line(_kept(what, others), " ", keep)
        title = msg("Monitor kept for the others")
        return Reply(monitor_card(found, title, note, hourly=await _hourly(call)))
    # Somebody else on this account may have been quicker, and it is what was wanted.
    with suppress(NotFound):
        await xquik.watching(found).delete(found.id)
    await _stopped(call, found)
    call.services.relay.looks.soon(call.tenant)
    again = _line_again(found)
    note = line(
        msg("{what} is not watched any more. Start again with `{command}`.", what=what, command=again)
    )
    if quiet := await left_without(call, found, others_here):
        note = (*note, " ", *quiet)
    stopped = msgspec.structs.replace(found, is_active=False)
    return Reply(monitor_card(stopped, msg("Monitor removed"), note))


def _kept(what: str, others: int) -> Message:
    return nmsg(
        "{what} is also watched for {n} other server or workspace on this Xquik account, so the monitor "
        "stays on at Xquik.",
        "{what} is also watched for {n} other servers or workspaces on this Xquik account, so the monitor "
        "stays on at Xquik.",
        n=others,
        what=what,
    )


def _line_again(monitor: AnyMonitor) -> str:
    """The line that watches the same."""
    match monitor:
        case Monitor():
            return f"monitor add {monitor.username}"  # no message: a command
        case KeywordMonitor():
            return _keyword_line(monitor.query)
        case PostMonitor():
            return f"monitor post {monitor.post_id}"  # no message: a command
        case _:
            assert_never(monitor)


def _keyword_line(query: str) -> str:
    """The line that watches a search; without the search where it is too long to read."""
    typed = f"monitor keyword {written(query)}"  # no message: a command
    return typed if len(typed) <= _LONGEST_LINE else "monitor keyword"  # no message: a command


async def _stopped(call: CommandCall, monitor: AnyMonitor) -> None:
    """Have budgets foresee nothing for it any more; where that cannot be stored, the next look does it."""
    over = call.services.budgets.stopped(call.tenant, f"{kind_of(monitor)}:{monitor.id}")
    await or_else(over, None, what="that a monitor costs nothing any more")  # no message: for the log


async def _hourly(call: CommandCall) -> int:
    """Credits that a monitor costs an hour."""
    return (await bill_of(call)).hourly


MONITOR = Group(
    "monitor",
    "X accounts, searches and tweets to watch",
    (
        command(
            "monitor add",
            add,
            SETTING_AT_XQUIK,
            "Watch an X account; asks first",
            "monitor add nasa",
            cost=MONITOR_PRICE,
            operations=("POST /monitors",),
        ),
        command(
            "monitor keyword",
            keyword,
            SETTING_AT_XQUIK,
            "Watch a search; asks first",
            'monitor keyword "artemis launch"',
            cost=MONITOR_PRICE,
            operations=("POST /monitors/keywords",),
        ),
        POST,
        listing_command(
            "monitor list",
            MONITORS,
            INSIDE,
            "List what is watched, and whether it is on",
            "monitor list",
            operations=(
                "GET /monitors",
                "GET /monitors/keywords",
                "GET /monitors/posts",
            ),
        ),
        EDIT,
        METRICS,
        command(
            "monitor pause",
            pause,
            SETTING_AT_XQUIK,
            "Stop watching for a while",
            "monitor pause nasa",
            operations=(
                "PATCH /monitors/keywords/{id}",
                "PATCH /monitors/posts/{id}",
                "PATCH /monitors/{id}",
            ),
        ),
        command(
            "monitor resume",
            resume,
            SETTING_AT_XQUIK,
            "Watch again; asks first",
            "monitor resume nasa",
            cost=MONITOR_PRICE,
            operations=(
                "PATCH /monitors/keywords/{id}",
                "PATCH /monitors/posts/{id}",
                "PATCH /monitors/{id}",
            ),
        ),
        command(
            "monitor remove",
            remove,
            SETTING_AT_XQUIK,
            "Stop watching for good",
            "monitor remove nasa",
            operations=(
                "DELETE /monitors/keywords/{id}",
                "DELETE /monitors/posts/{id}",
                "DELETE /monitors/{id}",
            ),
        ),
    ),
    default="list",
    instead="add",
)
