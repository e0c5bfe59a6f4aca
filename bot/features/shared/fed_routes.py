"""Which routes get nothing, because no monitor that is on reports what they take, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from bot.cards.monitors import watched_words
from bot.cards.routes.gaps import Feeding, GapCause, RouteGap
from bot.core.chat.cards import Code, Line, line
from bot.core.errors import BotError
from bot.core.messages.enumerations import first_few
from bot.core.messages.message import Joined, msg
from bot.core.routes.events import KEYWORD_TYPES, MONITOR_TYPES, POST_TYPES
from bot.core.routes.filters import OfTweets
from bot.core.routes.monitor_starts import Sort, Start
from bot.core.routes.route import Route, of_posts_alone, takes_type, types_asked
from bot.core.text.quoting import written
from bot.features.services import CommandCall
from bot.features.shared.finding_monitors import every_monitor, watches
from bot.proposals.monitors import watched_of
from bot.relay.receiving.monitor_types import post_types_asked
from bot.xquik.models import AnyMonitor, KeywordMonitor, Monitor, PostMonitor

_NAMED: Final = 10  # routes that are named in a sentence
SECONDS: Final = 5.0
"""For how long Xquik is waited for by what can be told without it."""
_REPORTED: Final[dict[Sort, frozenset[str]]] = {
    "account": frozenset(MONITOR_TYPES),
    "keyword": KEYWORD_TYPES,
    "post": frozenset(POST_TYPES),
}


async def left_without(call: CommandCall, off: AnyMonitor, others: Sequence[AnyMonitor]) -> Line:
    """A word about the routes here that took from `off`, and from none of the others that are on; nothing
    where there is none. Paused routes are quiet in any case."""
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    return unfed_words([route for route in unfed(routes, others) if feeds(off, route)])


def unfed(routes: Sequence[Route], monitors: Sequence[AnyMonitor]) -> list[Route]:
    """Those that are on and take from none of the monitors that are."""
    running = [one for one in monitors if one.is_active]
    return [
        route
        for route in routes
        if route.paused_reason is None and not any(feeds(one, route) for one in running)
    ]


def unfed_words(routes: Sequence[Route]) -> Line:
    """A word about them; nothing where there is none."""
    if not routes:
        return ()
    names = [Code(route.name) for route in routes]
    if len(names) == 1:
        return line(msg("This route now gets nothing: {name}.", name=names[0]))
    told = Joined(tuple(names)) if len(names) <= _NAMED else first_few(names, _NAMED)
    return line(msg("These routes now get nothing: {names}.", names=told))


def feeds(monitor: AnyMonitor, route: Route) -> bool:
    """Whether the route takes something of what the monitor reports, while both are on."""
    return watched_of(monitor).feeds(route) and _reports(monitor, route)


def asked_of(monitor: AnyMonitor, routes: Sequence[Route]) -> frozenset[str]:
    """The types that these routes want of it."""
    if isinstance(monitor, PostMonitor):
        return post_types_asked(routes, monitor)
    if isinstance(monitor, Monitor):
        return types_asked(routes, account=monitor.username, account_id=monitor.x_user_id)
    return types_asked(routes, query=monitor.query)


def typed_monitor(monitor: AnyMonitor) -> str:
    """What it watches, as the options of commands take it."""
    return written(monitor.query) if isinstance(monitor, KeywordMonitor) else watches(monitor)


async def monitors_now(call: CommandCall) -> tuple[AnyMonitor, ...] | None:
    """All monitors of this place's Xquik account, for what can be told without them; None where Xquik does
    not say it now. Asking is free. A place without a key has none."""
    if not await call.services.keys.has_key(call.tenant):
        return ()
    try:
        async with asyncio.timeout(SECONDS):
            return await every_monitor(await call.xquik())
    except (BotError, TimeoutError):
        return None


async def feedings(call: CommandCall, routes: Sequence[Route]) -> dict[str, Feeding]:
    """What comes to these routes, by their ids; nothing where that is not known, or nothing can come for want
    of a key."""
    if not routes or not await call.services.keys.has_key(call.tenant):
        return {}
    monitors = await monitors_now(call)
    return {} if monitors is None else {route.id: feeding(route, monitors) for route in routes}


def feeding(route: Route, monitors: Sequence[AnyMonitor]) -> Feeding:
    """What comes to a route from these monitors; of one that is paused, nothing is said."""
    if route.paused_reason is not None:
        return Feeding()
    nothing = not any(one.is_active and feeds(one, route) for one in monitors)
    parts = tuple(_parts(route))
    gaps = [gap for part in parts if (gap := _gap(part, route, monitors)) is not None]
    if not parts and nothing:
        gaps.append(_gap_of_all(route, monitors))
    return Feeding(nothing, tuple(gaps))


class _Part(msgspec.Struct, frozen=True):
    """Something that a route names. route: as if it named that alone."""

    kind: Sort
    watched: str
    route: Route

    @property
    def words(self) -> str:
        return Start(self.kind, self.watched, ()).named

    @property
    def start(self) -> str:
        if self.kind == "account":
            return f"monitor add {self.watched}"  # no message: a command
        if self.kind == "post":
            return f"monitor post {self.watched}"  # no message: a command
        return f"monitor keyword {written(self.watched)}"  # no message: a command


def _parts(route: Route) -> Iterator[_Part]:
    if not of_posts_alone(route):
        for name in route.accounts:
            yield _Part("account", name, replace(route, accounts=(name,), keywords=()))
        for word in route.keywords:
            yield _Part("keyword", word, replace(route, accounts=(), keywords=(word,)))
    others = tuple(one for one in route.filters if not isinstance(one, OfTweets))
    for tweet in route.tweets:
        yield _Part("post", tweet, replace(route, filters=(*others, OfTweets((tweet,)))))


def _gap(part: _Part, route: Route, monitors: Sequence[AnyMonitor]) -> RouteGap | None:
    named = frozenset(route.events)
    if part.kind == "keyword" and named and not named & KEYWORD_TYPES:
        step = f"relay edit {route.name} events:tweet.new"  # no message: a command
        return RouteGap(GapCause.NEVER, part.words, step, types=tuple(sorted(named)))
    there = [one for one in monitors if _sort(one) == part.kind and watched_of(one).feeds(part.route)]
    if not there:
        return RouteGap(GapCause.UNWATCHED, part.words, part.start)
    on = [one for one in there if one.is_active]
    if not on:
        return _off(there[0])
    missing = (named & _REPORTED[part.kind]) - _reported(on, part.kind)
    if missing or not any(_reports(one, part.route) for one in on):
        return _of_types(on[0], missing or asked_of(on[0], (part.route,)))
    return None


def _gap_of_all(route: Route, monitors: Sequence[AnyMonitor]) -> RouteGap:
    """Of a route that names no source, and gets nothing."""
    there = [one for one in monitors if watched_of(one).feeds(route)]
    if any(one.is_active for one in there):
        return RouteGap(GapCause.TYPES, "", "monitor list")  # no message: a command
    if there:
        return _off(there[0])
    posts = of_posts_alone(route)
    step = "monitor post" if posts else "monitor add"  # no message: commands
    return RouteGap(GapCause.UNWATCHED, "", step)


def _off(monitor: AnyMonitor) -> RouteGap:
    step = f"monitor resume {typed_monitor(monitor)}"  # no message: a command
    reason = monitor.paused_reason or ""
    return RouteGap(GapCause.STOPPED if reason else GapCause.PAUSED, watched_words(monitor), step, reason)


def _of_types(monitor: AnyMonitor, missing: Collection[str]) -> RouteGap:
    types = tuple(sorted(missing))
    wanted = ",".join(sorted({*monitor.event_types, *types}))
    step = f"monitor edit {typed_monitor(monitor)} events:{wanted}"  # no message: a command
    return RouteGap(GapCause.TYPES, watched_words(monitor), step, types=types)


def _reports(monitor: AnyMonitor, route: Route) -> bool:
    types = monitor.event_types
    return not types or any(takes_type(route, kind) for kind in types)


def _reported(monitors: Sequence[AnyMonitor], kind: Sort) -> frozenset[str]:
    """What they report; one without types reports all there are."""
    if any(not one.event_types for one in monitors):
        return _REPORTED[kind]
    return frozenset(kind for one in monitors for kind in one.event_types)


def _sort(monitor: AnyMonitor) -> Sort:
    return watched_of(monitor).kind
