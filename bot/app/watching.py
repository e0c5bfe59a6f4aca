"""What the start of monitors does here: stores the route that they are for, and says what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.cards.errors import with_code
from bot.cards.monitor_starts import started_card, started_monitor_card
from bot.cards.monitors import widened_words
from bot.cards.people import people
from bot.core.chat.cards import Bold, Card, Line, line
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import BotError, Conflict
from bot.core.messages.enumerations import sentence
from bot.core.messages.message import msg
from bot.core.ports import Wake
from bot.core.routes import route_json
from bot.core.routes.monitor_starts import Plan
from bot.core.routes.route import Route
from bot.features.shared.fed_routes import SECONDS
from bot.features.shared.finding_monitors import every_monitor
from bot.features.shared.monitor_starts import unrouted_of
from bot.features.shared.monitors_left import LEFT_UNKNOWN, left_notes, left_of
from bot.proposals.monitors import ClientOf, Started
from bot.relay.receiving.monitor_types import ask_for_types
from bot.storage.places.monitor_uses import MonitorUses
from bot.storage.places.tenants import StoredTenants
from bot.storage.relay.routes import Routes
from bot.storage.writes.proposal_rows import StoredProposal

# What others may have changed of a route since that its next change does not touch.
_STANDING = ("changed_at", "known", "lost", "paused_reason", "paused_by_person")


class Watching:
    """`bot.proposals.monitors.RouteKeeper`, and the cards of what was started. xquik: the way to Xquik of a
    tenant. wake: called for the lanes of a changed route. clock: epoch seconds."""

    def __init__(
        self,
        routes: Routes,
        tenants: StoredTenants,
        xquik: ClientOf,
        uses: MonitorUses,
        wake: Wake,
        clock: Clock,
    ) -> None:
        self._routes = routes
        self._tenants = tenants
        self._xquik = xquik
        self._uses = uses
        self._wake = wake
        self._clock = clock

    async def check(self, tenant: TenantId, plan: Plan) -> None:
        """Conflict or LimitReached when the route could not be stored now."""
        route = plan.route
        if route is None or await self._stored(tenant, plan) is not None:
            return
        await self._routes.may_store(route, new=plan.new)
        if plan.new:
            return
        standing = await self._routes.get(tenant, route.id)
        if standing is None:
            raise _removed(route)
        if route.changed_at and standing.route.changed_at != route.changed_at:
            raise Conflict(
                msg(
                    "The route {route} was changed by somebody else meanwhile; your change was not saved.",
                    route=repr(route.name),
                ),
                remedy=msg("Look at it with `relay show`, and make your change again."),
            )

    async def keep(self, tenant: TenantId, plan: Plan) -> Route:
        """Store the route of the plan, once; it as it is stored."""
        route = plan.route
        if route is None:
            raise ValueError("there is no route in the plan")
        stored = await self._stored(tenant, plan)
        if stored is None:
            now = self._clock()
            if plan.new:
                await self._tenants.ensure(tenant)
                await self._routes.add(route, now)
            elif not await self._routes.change(route, now):
                raise _removed(route)
            stored = await self._stored(tenant, plan) or route
        for place in stored.destinations:
            self._wake(str(place))
        return stored

    async def card(self, proposal: StoredProposal, plan: Plan, started: Started) -> Card:
        """What was started, with what is to be known of it."""
        by = people(proposal.requester_name, proposal.decided_by_name or proposal.requester_name)
        routes = await self._routes.of_tenant(proposal.tenant)
        if plan.route is None and len(started.monitors) == 1 and not started.refused:
            (one,) = started.monitors
            return started_monitor_card(plan, one, by, unrouted_of(routes, one))
        refused = [
            (start, line(problem.detail, " ", *with_code(problem.remedy)))
            for start, problem in started.refused
        ]
        notes: list[str | Line] = []
        if (lost := started.lost) is not None:
            unstored = Bold(msg("The route was not stored."))
            notes.append(line(unstored, " ", lost.detail, " ", *with_code(lost.remedy)))
        if started.route is not None:
            notes += await self._types_asked_for(proposal.tenant, routes)
            notes += await self._left_running(proposal.tenant, plan, routes)
        return started_card(plan, started.monitors, refused, by, route=started.route, notes=notes)

    async def _types_asked_for(self, tenant: TenantId, routes: tuple[Route, ...]) -> list[Line]:
        """Have the monitors that ran before report what the routes name now."""
        try:
            asked = await ask_for_types(await self._xquik(tenant), routes)
        except BotError as error:
            why = sentence(error.detail)
            said = msg("The other monitors could not be told what to report: {why}", why=why)
            return [line(said, " ", msg("I will try again."))]
        return [line(widened_words(one.monitor, one.types)) for one in asked]

    async def _left_running(self, tenant: TenantId, plan: Plan, routes: tuple[Route, ...]) -> Sequence[Line]:
        """What ran for the route as it stood before, and runs for none now."""
        if plan.before is None:
            return ()
        try:
            async with asyncio.timeout(SECONDS):
                monitors = await every_monitor(await self._xquik(tenant))
        except (BotError, TimeoutError):
            return (line(LEFT_UNKNOWN),)
        left = await left_of(self._uses, tenant, monitors, (plan.before,), routes)
        return left_notes(left, plan.hourly)

    async def _stored(self, tenant: TenantId, plan: Plan) -> Route | None:
        """The route as it is stored, where that is as the plan has it; or was, for a new one."""
        wanted = plan.route
        standing = await self._routes.get(tenant, wanted.id) if wanted is not None else None
        if standing is None or wanted is None:
            return None
        return standing.route if plan.new or _content(standing.route) == _content(wanted) else None


def _content(route: Route) -> dict[str, object]:
    return {name: value for name, value in route_json.whole(route).items() if name not in _STANDING}


def _removed(route: Route) -> Conflict:
    return Conflict(
        msg("The route {route} was removed in the meantime.", route=repr(route.name)),
        remedy=msg("`relay list` shows what there is."),
    )
