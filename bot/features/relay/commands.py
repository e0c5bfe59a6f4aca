"""`relay`: the group, and making and listing routes. What changes one of them is in modules of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from bot.cards.routes.routes import route_card
from bot.core.chat.answers import Answer, Reply
from bot.core.chat.cards import Line
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Command, Group, Option
from bot.core.commands.presets import LOCAL, SETTING, command, listing_command
from bot.core.commands.price_list import MONITOR_OF_A_ROUTE
from bot.core.messages.message import msg
from bot.core.routes.appearance import Appearance, Layout
from bot.core.routes.route import Route
from bot.core.routes.schedule import Schedule
from bot.core.times.zone_words import zone_label
from bot.features.relay.edit import EDIT
from bot.features.relay.filter import FILTER, with_conditions
from bot.features.relay.listed import ROUTES
from bot.features.relay.look import LOOK
from bot.features.relay.mute import MUTING
from bot.features.relay.notes import former_notes, overlap_notes, place_notes
from bot.features.relay.option_groups import RouteConditions, RouteSources
from bot.features.relay.options import NewNameOption, WatchOption, places_of, suggest_routes, types_asked_for
from bot.features.relay.preview import PREVIEW, PREVIEW_ACTIONS
from bot.features.relay.replay import REPLAY, REPLAY_ACTIONS
from bot.features.relay.resume import PAUSE, RESUME, RESUME_ACTIONS
from bot.features.relay.show import REMOVE, SHOW, SHOW_ACTIONS, TEST
from bot.features.relay.status import STATUS
from bot.features.relay.timing import TIMING
from bot.features.relay.why import WHY
from bot.features.services import CommandCall
from bot.features.shared.monitor_starts import propose_start, unwatched
from bot.features.shared.zones import zone_of_new_routes

__all__ = ["RELAY", "RELAY_ACTIONS", "suggest_routes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayAddArgs(RouteSources, RouteConditions):
    """Where events go, and which."""

    channel: Annotated[ChannelRef, Option("The channel that gets the messages", main=True)]
    post: Annotated[
        Literal["full", "compact", "link"], Option("A full card, one compact line, or the link alone")
    ] = "full"
    name: NewNameOption = None
    watch: WatchOption = True


async def add(call: CommandCall, args: RelayAddArgs) -> Answer:
    """Make a route, after each channel was found and may be written to; where it names what nobody watches
    yet, after Confirm, which starts that too."""
    destination, *also = await places_of(call, (args.channel, *args.also))
    accounts = tuple(str(name).lower() for name in args.account)
    zone = await zone_of_new_routes(call)
    route = Route(
        id=call.services.new_id(),
        name=args.name or "",
        destination=destination,
        also=tuple(also),
        accounts=accounts,
        keywords=args.keyword,
        events=tuple(args.events),
        created_by=call.invocation.actor.id,
        appearance=Appearance(layout=Layout(args.post), timezone=zone),
        schedule=Schedule(timezone=zone),
    )
    route = with_conditions(route, args)
    if not route.name:
        route = replace(route, name=await _free_name(call, args.channel, accounts))
    overlaps = await call.services.relay.routes.overlapping(route)
    missing = await unwatched(call, route)
    notes: list[str | Line] = [*overlap_notes(overlaps, several=bool(also))]
    notes.extend(await former_notes(call, route))
    if args.watch and missing.starts:
        await call.services.relay.routes.may_store(route, new=True)
        notes.extend(missing.notes)
        notes.extend(await place_notes(call, route))
        return await propose_start(call, missing.starts, route=route, new=True, notes=notes)
    await call.services.tenants.ensure(call.tenant)
    await call.services.relay.routes.add(route, call.services.clock())
    notes.extend(missing.said())
    notes.extend(await types_asked_for(call))
    notes.extend(await place_notes(call, route))
    label = zone_label(zone, call.services.clock())
    return Reply(route_card(route, msg("Route added"), notes, timezone=label))


async def _free_name(call: CommandCall, channel: ChannelRef, accounts: tuple[str, ...]) -> str:
    """A name nobody has taken: "alerts-nasa", "alerts-nasa-2"."""
    parts = [channel.name or channel.id, *accounts[:1]]
    base = re.sub(r"[^\w-]+", "-", "-".join(parts).lower()).strip("-")[:50] or "route"
    taken = {route.name for route in await call.services.relay.routes.of_tenant(call.tenant)}
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name


# Routes as such, their settings, and what they would take; questions and actions of others join below.
_ROUTES: tuple[Command[Any], ...] = (
    command(
        "relay add",
        add,
        SETTING,
        "Add a route, which sends events to channels",
        "relay add channel:#alerts account:nasa",
        "relay add channel:#alerts account:nasa also:#social post:compact contains:launch",
        cost=MONITOR_OF_A_ROUTE,
        operations=("POST /monitors",),
    ),
    listing_command(
        "relay list",
        ROUTES,
        LOCAL,
        "List the routes and how they are doing; only names without the view permission",
        "relay list",
    ),
    SHOW,
    EDIT,
    PAUSE,
    RESUME,
    REMOVE,
    TEST,
)
_SETTINGS: tuple[Command[Any], ...] = (FILTER, LOOK, TIMING, PREVIEW)
_ASKING: tuple[Command[Any], ...] = (WHY, STATUS, REPLAY, *MUTING)

RELAY = Group(
    "relay",
    "Which events from watched accounts go to which channels",
    (*_ROUTES, *_SETTINGS, *_ASKING),
    default="list",
    instead="show",
)
RELAY_ACTIONS = (*SHOW_ACTIONS, *PREVIEW_ACTIONS, *REPLAY_ACTIONS, *RESUME_ACTIONS)
