"""`relay status`: when something last came and went, what waits, and what failed, route by route."""

from __future__ import annotations

from typing import Final

from bot.cards.routes.status import (
    NO_ROUTE,
    RouteOverview,
    Status,
    dead_hint,
    further_troubles,
    route_blocks,
    route_line,
    status_fields,
    troubles,
)
from bot.core.chat.cards import Block, Tone
from bot.core.commands.declaring import NoArgs
from bot.core.commands.listing import Listing, PageFrame, PageRows, page_of
from bot.core.commands.presets import INSIDE_LOCAL, listing_command
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.mending import mending_buttons, purse_of


async def overviews(call: CommandCall) -> tuple[RouteOverview, ...]:
    """Every route with what waits, is held and failed."""
    relay = call.services.relay
    waiting = await relay.deliveries.waiting(call.tenant)
    held = await relay.held.waiting(call.tenant)
    dead = await relay.replayer.dead_by_lane(call.tenant)
    return tuple(
        RouteOverview(
            standing.route,
            places=standing.places,
            waiting=sum(waiting.get(str(place), 0) for place in standing.route.destinations),
            held=held.get(standing.route.id, (0, 0.0)),
            dead=sum(dead.get(str(place), 0) for place in standing.route.destinations),
            paused_at=None if standing.route.collects else standing.paused_at,
        )
        for standing in await relay.routes.list(call.tenant)
    )


async def routes(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[RouteOverview]:
    """A page of the routes, by name."""
    return page_of(await overviews(call), lambda one: (one.route.name, one.route.id), cursor, size)


async def draw(_call: CommandCall, _args: NoArgs, rows: PageRows[RouteOverview]) -> tuple[Block, ...]:
    """A line for each."""
    return tuple(route_line(one) for one in rows.items)


async def frame(call: CommandCall, _args: NoArgs, rows: PageRows[RouteOverview]) -> PageFrame:
    """The whole at a glance on the first page; what is wrong with the routes of each below them."""
    reasons = tuple(block for one in rows.items for block in route_blocks(one))
    if not rows.first:
        return PageFrame(below=reasons, tone=Tone.WARNING if reasons else Tone.INFO)
    status = await _status(call, reasons=bool(reasons))
    elsewhere = await _elsewhere(call, rows)
    wrong = (*troubles(status), *reasons, *elsewhere, *((dead_hint(),) if status.dead else ()))
    return PageFrame(
        above=(status_fields(status),),
        below=wrong,
        tone=Tone.WARNING if wrong or not rows.items else Tone.SUCCESS,
        buttons=await mending_buttons(call, status.silences),
    )


async def _elsewhere(call: CommandCall, rows: PageRows[RouteOverview]) -> tuple[Block, ...]:
    """Routes of further pages that something is wrong with: nobody has to turn pages to hear of them."""
    if not rows.after:
        return ()
    shown = {one.route.id for one in rows.items}
    names = [
        one.route.name for one in await overviews(call) if one.route.id not in shown and route_blocks(one)
    ]
    return (further_troubles(names),) if names else ()


async def _status(call: CommandCall, *, reasons: bool) -> Status:
    services, tenant = call.services, call.tenant
    relay = services.relay
    figures = await relay.figures(tenant)
    newest = await services.events.recent(tenant, 1)
    member = await relay.marks.member(tenant)
    return Status(
        now=services.clock(),
        last_event_at=figures.last_event_at,
        last_via=await services.events.via(tenant, newest[0].id) if newest else "",
        last_success_at=figures.last_success_at,
        backlog=figures.backlog,
        oldest_waiting_at=await relay.deliveries.oldest(tenant, services.clock()),
        dead=sum((await relay.replayer.dead_by_lane(tenant)).values()),
        has_key=await services.keys.has_key(tenant),
        key_refused=member is not None and member.refused,
        reasons=reasons,
        silences=await relay.silences.of(tenant),
        purse=await purse_of(call),
    )


STANDINGS: Final = Listing(
    title=lambda _args: msg("Relay status"),
    fetch=routes,
    identity=lambda one: one.route.id,
    draw=draw,
    empty=lambda _args: NO_ROUTE,
    frame=frame,
    size=6,
)

STATUS = listing_command(
    "relay status",
    STANDINGS,
    INSIDE_LOCAL,
    "Show when events last arrived and were sent, what is waiting, and what failed",
    "relay status",
)
