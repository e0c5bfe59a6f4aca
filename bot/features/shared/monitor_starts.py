"""Starting and resuming monitors: nothing that costs credits for as long as it runs starts unconfirmed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from bot.cards.monitor_starts import Bill, start_preview
from bot.core.access import Permission, allows
from bot.core.chat.answers import Proposal
from bot.core.chat.cards import Bold, Line, line
from bot.core.commands.permits import held
from bot.core.errors import BotError
from bot.core.messages.message import msg
from bot.core.routes.account_names import KnownNames
from bot.core.routes.events import POST_TYPES
from bot.core.routes.monitor_starts import Plan, Start, payload_of
from bot.core.routes.route import Route, of_posts_alone, takes_from, types_asked
from bot.core.text.quoting import written
from bot.core.text.sameness import folded
from bot.core.x.prices import MONITOR_PER_HOUR
from bot.features.services import CommandCall
from bot.features.shared.event_types import DEFAULT_EVENTS, DEFAULT_POST_EVENTS
from bot.features.shared.monitor_kinds import MONITOR_START
from bot.relay.receiving.monitor_types import post_types_asked
from bot.xquik.client import XquikClient
from bot.xquik.models import AnyMonitor, KeywordMonitor, Monitor, PostMonitor


async def propose_start(
    call: CommandCall,
    starts: Sequence[Start],
    *,
    route: Route | None = None,
    new: bool = False,
    before: Route | None = None,
    notes: Sequence[str | Line] = (),
) -> Proposal:
    """The proposal to have these monitors run, and to store the route that they are for.

    It shows what they cost, and to who may see the balance how long that lasts. new: the route is added;
    before: as it stands, where it is changed.
    """
    bill = await bill_of(call)
    if not allows(await held(call.services.grants, call.invocation), Permission.VIEW):
        bill = Bill(bill.hourly)
    known = await call.services.relay.names.of_tenant(call.tenant)
    plan = Plan(tuple(identified(start, known) for start in starts), bill.hourly, route, new, before)
    preview = start_preview(plan, bill, notes, _unseen(plan.starts))
    return MONITOR_START.proposal(payload_of(plan), preview)


def identified(start: Start, known: KnownNames) -> Start:
    """The same with the id of its account, where that is known."""
    holder = known.holder(start.watched.lower()) if start.kind == "account" else None
    return start if holder is None else replace(start, account=holder.id)


def _unseen(starts: Sequence[Start]) -> tuple[str, ...]:
    """Accounts that no event and no monitor has shown here yet. Looking one up costs credits, so nobody does
    without being asked."""
    return tuple(
        start.watched
        for start in starts
        if start.kind == "account" and not start.monitor and not start.account
    )


def resuming(monitor: AnyMonitor, events: Sequence[str] = (), *, name: str = "") -> Start:
    """To have a paused monitor run again. events: what it is to report at least; name: what to call a tweet's
    then, "" for what it is called."""
    types, why = tuple(sorted({*monitor.event_types, *events})), monitor.paused_reason or ""
    if isinstance(monitor, Monitor):
        return Start("account", monitor.username, types, monitor.id, why)
    if isinstance(monitor, PostMonitor):
        return Start("post", monitor.post_id, types, monitor.id, why, name=name)
    return Start("keyword", monitor.query, types, monitor.id, why)


async def bill_of(call: CommandCall) -> Bill:
    """What monitors cost there: what Xquik says, else what the table says."""
    try:
        account = await (await call.xquik()).account.show()
    except BotError:
        return Bill(MONITOR_PER_HOUR)  # its price is not known for sure, and all else goes on
    billing, left = account.monitor_billing, account.credit_info
    return Bill(
        (billing and billing.credits_per_active_monitor_hour) or MONITOR_PER_HOUR,
        billing.active_hourly_burn if billing else 0,
        left.balance if left else None,
        refills=left is not None and left.refills,
    )


class Unwatched(msgspec.Struct, frozen=True):
    """What a route names and nobody watches. starts: what there is no monitor of; notes: a word on what is
    paused, which a route does not resume, or why it is not known what is watched."""

    starts: tuple[Start, ...] = ()
    notes: tuple[Line, ...] = ()

    def said(self) -> list[Line]:
        """A word on all of it, where nothing of it is to be started."""
        return [*(_to_start(start) for start in self.starts), *self.notes]


async def unwatched(call: CommandCall, route: Route) -> Unwatched:
    """What the route names without a monitor that is on. Asks Xquik, and starts nothing."""
    if not await call.services.keys.has_key(call.tenant):
        told = msg("No Xquik key is stored here, so no event can arrive: run `setup key`.")
        return Unwatched(notes=(line(told),))
    if not route.accounts and not route.keywords and not route.tweets:
        return Unwatched()
    others = await call.services.relay.routes.of_tenant(call.tenant)
    routes = (*(one for one in others if one.id != route.id), route)
    try:
        return await unwatched_of(await call.xquik(), (route,), routes)
    except BotError as error:
        told = msg("Xquik could not be asked what is watched: {why}", why=error.detail)
        return Unwatched(notes=(line(told, " ", msg("`monitor list` shows it.")),))


async def unwatched_of(xquik: XquikClient, named: Sequence[Route], routes: Sequence[Route]) -> Unwatched:
    """What these routes name without a monitor that is on. routes: all of their place, which say what their
    monitors have to report. Raises BotError."""
    of_accounts = [route for route in named if not of_posts_alone(route)]
    accounts = tuple(dict.fromkeys(name for route in of_accounts for name in route.accounts))
    words = tuple({folded(word): word for route in named for word in route.keywords}.values())
    monitors = await xquik.monitors.list() if accounts else ()
    searches = await xquik.keyword_monitors.list() if words else ()
    by_name: dict[str, Monitor | KeywordMonitor] = {one.username.lower(): one for one in monitors}
    by_id = {one.x_user_id: one for one in monitors}
    followed = {one.name: by_id[one.id] for route in named for one in route.followed if one.id in by_id}
    by_name.update(followed)
    by_query: dict[str, Monitor | KeywordMonitor] = {folded(one.query): one for one in searches}
    ids = {one.name: one.id for route in named for one in route.followed}
    wanted: list[tuple[AnyMonitor | None, Start]] = [*await _tweets(xquik, named)]
    wanted += [
        (
            by_name.get(name),
            Start("account", name, _types(types_asked(routes, account=name)), account=ids.get(name, "")),
        )
        for name in accounts
    ] + [
        (by_query.get(folded(word)), Start("keyword", word, _types(types_asked(routes, query=word))))
        for word in words
    ]
    return Unwatched(
        tuple(start for there, start in wanted if there is None),
        tuple(_paused(start) for there, start in wanted if there is not None and not there.is_active),
    )


async def _tweets(xquik: XquikClient, named: Sequence[Route]) -> list[tuple[AnyMonitor | None, Start]]:
    """Single tweets that routes name, each with its monitor where there is one."""
    ids = tuple(dict.fromkeys(tweet for route in named for tweet in route.tweets))
    if not ids:
        return []
    there = {one.post_id: one for one in await xquik.post_monitors.list()}
    return [(there.get(tweet), Start("post", tweet, _post_types(named, tweet))) for tweet in ids]


def _post_types(named: Sequence[Route], tweet: str) -> tuple[str, ...]:
    asked = {kind for route in named if tweet in route.tweets for kind in route.events if kind in POST_TYPES}
    return tuple(sorted(asked or DEFAULT_POST_EVENTS))


def _types(asked: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted({*DEFAULT_EVENTS, *asked}))


def _to_start(start: Start) -> Line:
    if start.kind == "post":
        return line(
            msg(
                "{what} is not watched yet, so nothing will come: run `monitor post {tweet}`.",
                what=start.named,
                tweet=start.watched,
            )
        )
    if start.kind == "account":
        return line(
            msg(
                "@{name} is not watched yet, so nothing will come: run `monitor add {name}`.",
                name=start.watched,
            )
        )
    return line(
        msg(
            'No monitor searches for "{search}" yet, so nothing will come: run `monitor keyword {written}`.',
            search=start.watched,
            written=written(start.watched),
        )
    )


def _paused(start: Start) -> Line:
    name = start.watched if start.kind != "keyword" else written(start.watched)
    return line(
        msg(
            "{what} is paused, so nothing will come: run `monitor resume {name}`.",
            what=start.named,
            name=name,
        )
    )


def unrouted(
    routes: Sequence[Route], *, account: str = "", account_id: str | None = None, query: str = ""
) -> Line:
    """A word when nothing of a new monitor would reach any channel yet. routes: all of its place."""
    on = [route for route in routes if route.paused_reason is None]
    if any(takes_from(route, account=account, account_id=account_id, query=query) for route in on):
        return ()
    option = f"account:{account}" if account else f"keyword:{written(query)}"
    next_line = msg("Next: `relay add channel:#alerts {option}`", option=option)
    return line(Bold(msg("No route sends it anywhere yet.")), " ", next_line)


def unrouted_of(routes: Sequence[Route], monitor: AnyMonitor) -> Line:
    """The same of a monitor that is there."""
    if isinstance(monitor, Monitor):
        return unrouted(routes, account=monitor.username, account_id=monitor.x_user_id)
    if isinstance(monitor, PostMonitor):
        return _unrouted_post(routes, monitor)
    return unrouted(routes, query=monitor.query)


def _link(monitor: PostMonitor) -> str:
    return f"https://x.com/{monitor.author_username or 'i'}/status/{monitor.post_id}"


def _unrouted_post(routes: Sequence[Route], monitor: PostMonitor) -> Line:
    on = [route for route in routes if route.paused_reason is None]
    if post_types_asked(on, monitor) & {*monitor.event_types}:
        return ()
    option = f"tweet:{_link(monitor)}"  # no message: an option
    next_line = msg("Next: `relay add channel:#alerts {option}`", option=option)
    return line(Bold(msg("No route sends it anywhere yet.")), " ", next_line)
