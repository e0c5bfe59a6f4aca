"""Monitors: each costs credits for as long as it is on, so one is started or resumed by Confirm alone.

The payload is that of `bot.core.routes.monitor_starts`. Xquik knows no key for these requests and needs none:
what is to run is looked up first, so that a repetition after a lost answer or a crash starts nothing twice.
It starts nothing late either: an hour after the click somebody may have decided otherwise.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeAlias, assert_never

import msgspec
from msgspec.structs import replace

from bot.core.chat.cards import Card
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import (
    BotError,
    Conflict,
    Expired,
    KeyRejected,
    NotConfigured,
    NotFound,
    OutcomeUnknown,
    OutOfCredits,
    RateLimited,
    StorageUnavailable,
    UpstreamUnavailable,
)
from bot.core.messages.message import msg
from bot.core.ports import LookSoon
from bot.core.routes.account_names import KnownNames
from bot.core.routes.monitor_starts import Plan, Sort, Start, plan_of
from bot.core.routes.route import Route
from bot.core.routes.watched import WatchedSource, stored
from bot.core.text.sameness import same
from bot.proposals.attempts import AttemptDone, AttemptFailed, AttemptProblem, AttemptResult, NoAnswer
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.client import XquikClient
from bot.xquik.errors import NotSent
from bot.xquik.models import AnyMonitor, KeywordMonitor, Monitor, PostMonitor

STARTED_FOR: Final = 3_600.0
"""Seconds from the click for which something is still started. Later it is only looked up."""
# What passes by itself: the same step is taken again.
_PASSING: Final = (UpstreamUnavailable, OutcomeUnknown, RateLimited, StorageUnavailable)
# What a person mends elsewhere, after which the same may be tried again.
_MENDABLE: Final = (NotConfigured, KeyRejected, OutOfCredits, Expired)


class OtherAccount(Conflict):
    """A username is that of another account by now."""

    title = msg("The username changed hands")


class Uses(Protocol):
    """Which places use which monitor (`bot.storage.places.monitor_uses`)."""

    async def use(self, tenant: TenantId, kind: str, monitor: str) -> None:
        """The tenant wants it."""


class RouteKeeper(Protocol):
    """Stores the route that the monitors are for (`bot.app.watching`)."""

    async def check(self, tenant: TenantId, plan: Plan) -> None:
        """BotError when it could not be stored; before anything is started for it."""

    async def keep(self, tenant: TenantId, plan: Plan) -> Route:
        """Store it, once; it as it is stored. Raises BotError."""


class Started(msgspec.Struct, frozen=True):
    """What came of a plan. monitors: those that were asked for and are there now, in order. refused: the
    others, each with why; unsaid: whether any of them may have cost something. route: as it is stored now;
    lost: why it could not be, after all."""

    monitors: tuple[AnyMonitor, ...]
    refused: tuple[tuple[Start, AttemptProblem], ...] = ()
    unsaid: bool = False
    route: Route | None = None
    lost: AttemptProblem | None = None


StartedPresenter: TypeAlias = Callable[[StoredProposal, Plan, Started], Awaitable[Card]]
"""The card of what was started."""


ClientOf: TypeAlias = Callable[[TenantId], Awaitable[XquikClient]]
"""The way to Xquik with the key of a tenant; NotConfigured without one."""


NamesOf: TypeAlias = Callable[[TenantId], Awaitable[KnownNames]]
"""The accounts that a tenant knows, by their names."""


class MonitorPerformer:
    """Starts `monitor.start`. xquik: the way to Xquik of a tenant; NotConfigured without a key. names: how
    the accounts that it knows are called now. clock: epoch seconds. changed: told whose monitors were
    started."""

    def __init__(
        self,
        xquik: ClientOf,
        names: NamesOf,
        uses: Uses,
        routes: RouteKeeper,
        present: StartedPresenter,
        clock: Clock,
        changed: LookSoon,
    ) -> None:
        self._changed = changed
        self._xquik = xquik
        self._names = names
        self._uses = uses
        self._routes = routes
        self._present = present
        self._clock = clock

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Have it all run, then store the route. Where nothing can be started, nothing is stored."""
        try:
            plan = plan_of(proposal.payload)
        except (KeyError, TypeError, ValueError):
            return AttemptFailed(_NO_PLAN, {"charged": 0})
        try:
            await self._routes.check(proposal.tenant, plan)
            xquik = await self._xquik(proposal.tenant)
            started = await self._all(proposal, xquik, plan, again)
        except _PASSING as error:
            sent = again or not isinstance(error, NotSent | RateLimited)
            return NoAnswer(_problem(error), maybe_sent=sent, after=error.retry_after)
        except BotError as error:
            return _failed(error)
        if not started.monitors:
            return AttemptFailed(started.refused[0][1], {} if started.unsaid else {"charged": 0})
        self._changed(proposal.tenant)
        if plan.route is not None:
            started = await self._with_route(proposal.tenant, plan, started)
        ids = [one.id for one in started.monitors]
        running = [f"{sort_of(one)}:{one.id}" for one in started.monitors]
        done = {"monitors": ids, "running": running, "watched": stored(map(watched_of, started.monitors))}
        return AttemptDone(done, await self._present(proposal, plan, started))

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """The same: what runs is looked up anyway."""
        return await self.perform(proposal, again=True)

    async def _all(self, proposal: StoredProposal, xquik: XquikClient, plan: Plan, again: bool) -> Started:
        standing: list[AnyMonitor] = []
        kinds = {start.kind for start in plan.starts}
        if "account" in kinds:
            standing += await xquik.monitors.list()
        if "keyword" in kinds:
            standing += await xquik.keyword_monitors.list()
        if "post" in kinds:
            standing += await xquik.post_monitors.list()
        names = await self._names(proposal.tenant)  # what was listed just now told the newest of them
        late = self._clock() - (proposal.claimed_at or proposal.created_at) > STARTED_FOR
        found: list[AnyMonitor] = []
        refused: list[tuple[Start, AttemptProblem]] = []
        unsaid = False
        for start in (called_now(one, names) for one in plan.starts):
            there = next((one for one in standing if is_it(start, one)), None)
            try:
                watch = await _run(xquik, start, there, again=again, late=late)
            except _PASSING:
                raise
            except BotError as error:
                refused.append((start, _failed(error).problem))
                unsaid = unsaid or isinstance(error, OtherAccount)
                continue
            await self._uses.use(proposal.tenant, start.kind, watch.id)
            found.append(watch)
        return Started(tuple(found), tuple(refused), unsaid)

    async def _with_route(self, tenant: TenantId, plan: Plan, started: Started) -> Started:
        try:
            return replace(started, route=await self._routes.keep(tenant, plan))
        except StorageUnavailable:
            raise
        except BotError as error:
            # The monitors run and cost credits, which is what people must be told of then.
            return replace(started, lost=AttemptProblem.of(error))


def sort_of(monitor: AnyMonitor) -> Sort:
    """Of what it is a monitor: each sort has ids of its own."""
    match monitor:
        case Monitor():
            return "account"
        case KeywordMonitor():
            return "keyword"
        case PostMonitor():
            return "post"
        case _:
            assert_never(monitor)


def watched_of(monitor: AnyMonitor) -> WatchedSource:
    """What it watches."""
    match monitor:
        case Monitor():
            return WatchedSource("account", monitor.username, monitor.x_user_id or "")
        case KeywordMonitor():
            return WatchedSource("keyword", monitor.query)
        case PostMonitor():
            return WatchedSource("post", monitor.post_id, monitor.author_id or "", monitor.author_username)
        case _:
            assert_never(monitor)


def is_it(start: Start, one: AnyMonitor) -> bool:
    """Whether that monitor is the one that is to run."""
    if isinstance(one, Monitor):
        if start.kind != "account":
            return False
        if start.account and one.x_user_id:
            known = one.x_user_id == start.account
        else:
            known = one.username.casefold() == start.watched.casefold()
    elif isinstance(one, PostMonitor):
        known = start.kind == "post" and one.post_id == start.watched
    else:
        if start.kind != "keyword":
            return False
        known = same(one.query, start.watched)
    return one.id == start.monitor and (known or start.kind != "post") if start.monitor else known


async def _run(
    xquik: XquikClient, start: Start, there: AnyMonitor | None, *, again: bool, late: bool
) -> AnyMonitor:
    """The monitor, on. again: an earlier attempt may have got through. late: nothing is started any more."""
    if there is not None and there.is_active:
        return await _reporting(xquik, start, there)
    if late:
        raise Expired(
            msg(
                "{named} could not be started within an hour of being confirmed, so it was given up.",
                named=start.named,
            ),
            remedy=msg("Press Try again if you still want it."),
        )
    if there is None and start.monitor:
        raise NotFound(
            msg("The monitor of {named} was removed in the meantime.", named=start.named),
            remedy=msg("`monitor add` or `monitor keyword` makes a new one."),
        )
    if there is None:
        there = await made(xquik, start)
        if not there.existed:
            return there
    elif again and not start.monitor:
        return there  # ours, most likely, and paused by somebody since: that is the later word
    return await _reporting(xquik, start, there, resume=not there.is_active)


def called_now(start: Start, names: KnownNames) -> Start:
    """The same under the username that its account has now, as far as that is known."""
    known = names.get(start.account) if start.account else None
    if known is None or not known.holds or known.name == start.watched.casefold():
        return start
    return replace(start, watched=known.name)


async def made(xquik: XquikClient, start: Start) -> AnyMonitor:
    """A new monitor, or the one that is there (`existed`). OtherAccount where the username has come to be
    that of an account that nobody confirmed, which is not watched then; else BotError."""
    if start.kind == "keyword":
        return await xquik.keyword_monitors.create(start.watched, start.events)
    if start.kind == "post":
        return await xquik.post_monitors.create(start.watched, start.events, start.name)
    one = await xquik.monitors.create(start.watched, start.events)
    if not start.account or not one.x_user_id or one.x_user_id == start.account:
        return one
    # One that is there is somebody else's, or of an attempt that was cut off before it could end it.
    if one.existed or not await _ended(xquik, one):
        remedy = msg("That one is watched too: `monitor list` shows it, `monitor remove` ends it.")
    else:
        remedy = msg(
            "If you mean the one that is called so now, run `monitor add {name}`.", name=start.watched
        )
    raise OtherAccount(
        msg("{named} is another account by now than the one that was confirmed.", named=start.named),
        remedy=remedy,
    )


async def _ended(xquik: XquikClient, one: Monitor) -> bool:
    try:
        await xquik.monitors.delete(one.id)
    except BotError:
        return False
    return True


async def _reporting(
    xquik: XquikClient, start: Start, there: AnyMonitor, *, resume: bool = False
) -> AnyMonitor:
    """The monitor, with the types that it lacked, called as it is to be; on again where it is to be
    resumed."""
    lacking = {*start.events} - {*there.event_types}
    called = start.name if start.name and start.name != there.name else None
    if not lacking and called is None and not resume:
        return there
    types = sorted({*there.event_types, *lacking}) if lacking else None
    active = True if resume else None
    resource = xquik.watching(there)
    return await resource.update(there.id, event_types=types, is_active=active, name=called)


def _failed(error: BotError) -> AttemptFailed:
    """It is settled that nothing was started, which costs nothing."""
    return AttemptFailed(AttemptProblem.of(error).offering(isinstance(error, _MENDABLE)), {"charged": 0})


def _problem(error: BotError) -> AttemptProblem:
    return replace(
        AttemptProblem.of(error), remedy=msg("`monitor list` shows what is watched and whether it is on.")
    )


_NO_PLAN: Final = AttemptProblem(
    msg("This cannot be started"),
    msg("What was confirmed can no longer be read."),
    msg("Run the command again."),
)
