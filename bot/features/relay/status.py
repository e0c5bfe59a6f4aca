"""`relay status`: when something last came and went, what waits, and what failed, route by route."""

from __future__ import annotations

from bot.cards.routes.status import RouteOverview, Status, status_card
from bot.core.chat.answers import Reply
from bot.core.commands.declaring import NoArgs
from bot.core.commands.presets import INSIDE_LOCAL, command
from bot.features.services import CommandCall
from bot.features.shared.mending import mending_buttons, purse_of


async def status(call: CommandCall, _args: NoArgs) -> Reply:
    """How the relay of this place does."""
    services = call.services
    relay = services.relay
    figures = await relay.figures(call.tenant)
    standings = await services.relay.routes.list(call.tenant)
    waiting = await relay.deliveries.waiting(call.tenant)
    held = await relay.held.waiting(call.tenant)
    dead = await relay.replayer.dead_by_lane(call.tenant)
    member = await relay.marks.member(call.tenant)
    newest = await services.events.recent(call.tenant, 1)
    silences = await services.relay.silences.of(call.tenant)
    rows = tuple(
        RouteOverview(
            standing.route,
            places=standing.places,
            waiting=sum(waiting.get(str(place), 0) for place in standing.route.destinations),
            held=held.get(standing.route.id, (0, 0.0)),
            dead=sum(dead.get(str(place), 0) for place in standing.route.destinations),
            paused_at=None if standing.route.collects else standing.paused_at,
        )
        for standing in standings
    )
    return Reply(
        status_card(
            Status(
                now=services.clock(),
                last_event_at=figures.last_event_at,
                last_via=await services.events.via(call.tenant, newest[0].id) if newest else "",
                last_success_at=figures.last_success_at,
                backlog=figures.backlog,
                oldest_waiting_at=await relay.deliveries.oldest(call.tenant, services.clock()),
                dead=sum(dead.values()),
                has_key=await services.keys.has_key(call.tenant),
                key_refused=member is not None and member.refused,
                routes=rows,
                silences=silences,
                purse=await purse_of(call),
                buttons=await mending_buttons(call, silences),
            )
        )
    )


STATUS = command(
    "relay status",
    status,
    INSIDE_LOCAL,
    "Show when events last arrived and were sent, what is waiting, and what failed",
    "relay status",
)
