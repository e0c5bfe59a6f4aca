"""`relay preview`: what a route takes or would take, tried on events that are stored; nothing is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from bot.cards.routes.routes import preview_card
from bot.core.access import Permission
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Action, Option
from bot.core.commands.presets import INSIDE_LOCAL, command
from bot.core.messages.message import Message, msg
from bot.core.routes.route import Route
from bot.features.relay.filter import trial, with_conditions
from bot.features.relay.option_groups import RouteConditions, RouteSources
from bot.features.relay.options import NewNameOption, named_route, route_of_key
from bot.features.services import CommandCall
from bot.features.shared.channels import known_place

PREVIEW_ACTION = "relay.preview"
# How many of the newest stored events are tried, and how many of those that pass are shown.
TRIED = 100
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewArgs(RouteSources, RouteConditions):
    """A route that exists, the options of a new one, or the first as the others would change it."""

    route: Annotated[
        str | None,
        Option(
            "The name of a route; if left out, the other options describe one",
            main=True,
            suggest="routes",
            max_length=80,
        ),
    ] = None
    channel: Annotated[ChannelRef | None, Option("The channel it would post to; nothing is posted")] = None
    post: Annotated[Literal["full", "compact", "link"] | None, Option("It makes no difference here")] = None
    name: NewNameOption = None
    watch: Annotated[bool | None, Option("It makes no difference here; nothing is watched")] = None


async def preview(call: CommandCall, args: PreviewArgs) -> Reply:
    """Try a route that may not exist on the newest events."""
    for channel in (args.channel, *args.also):
        if channel is not None:
            await known_place(call, channel)  # a name with a slip is told now, not by relay add
    if args.route is None:
        place = call.invocation.place
        base = Route("", args.name or "", Destination(call.tenant, place.channel))
    else:
        base = await named_route(call, args.route)
    wanted = with_conditions(_taking(base, args), args)
    title = msg("Preview") if args.route is None else _title_of(base)
    return Reply(await _card(call, wanted, title, unsaved=wanted != base))


def _taking(route: Route, args: PreviewArgs) -> Route:
    return replace(
        route,
        accounts=tuple(str(name).lower() for name in args.account) or route.accounts,
        keywords=args.keyword or route.keywords,
        events=tuple(args.events) or route.events,
    )


def _title_of(route: Route) -> Message:
    return msg("Preview of {route}", route=route.name)


async def _card(call: CommandCall, route: Route, title: Message, *, unsaved: bool) -> Card:
    found = await trial(call, route, TRIED)
    return preview_card(route, found, title, shown=SHOWN, unsaved=unsaved)


async def press_preview(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The button of `relay show`."""
    route = await route_of_key(call, state)
    return Reply(await _card(call, route, _title_of(route), unsaved=False))


PREVIEW = command(
    "relay preview",
    preview,
    INSIDE_LOCAL,
    "Show which of the newest events a route would take; nothing is saved",
    "relay preview alerts-nasa",
    "relay preview account:nasa events:tweet.new contains:launch replies:no",
)
PREVIEW_ACTIONS = (
    Action(
        PREVIEW_ACTION, press_preview, Permission.VIEW, needs_key=False, stored=False, command="relay preview"
    ),
)
