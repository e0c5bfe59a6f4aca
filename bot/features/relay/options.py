"""What the commands about routes share: their options, the route that is named, and how they are declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.cards.monitors import widened_words
from bot.core.chat.cards import Choice
from bot.core.chat.ids import Destination
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Option
from bot.core.errors import BotError, Conflict, NotFound, UsageError
from bot.core.messages.enumerations import sentence, sentences
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.routes.route import Route
from bot.core.text.nearest import names_close_to
from bot.core.text.sameness import folded
from bot.core.text.shortening import cut
from bot.features.services import CommandCall
from bot.features.shared.channels import place_of
from bot.features.shared.zones import ZONES
from bot.relay.receiving.monitor_types import ask_for_types

RouteOption: TypeAlias = Annotated[
    str, Option("The name of a route", main=True, suggest="routes", max_length=80)
]
NewNameOption: TypeAlias = Annotated[str | None, Option("A name for the route", max_length=60)]
RouteZoneOption: TypeAlias = Annotated[
    ZoneInfo | None, Option("The timezone of all times of this route: Europe/Berlin", suggest=ZONES)
]
WatchOption: TypeAlias = Annotated[
    bool, Option("Also start watching what is not watched yet; shows the price and asks first")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteArgs:
    """Which route."""

    route: RouteOption


async def named_route(call: CommandCall, name: str) -> Route:
    """The route of that name, written in whatever case; NotFound lists those there are."""
    found = await call.services.relay.routes.named(call.tenant, name)
    if found is not None:
        return found
    there = await call.services.relay.routes.of_tenant(call.tenant)
    same = [route for route in there if folded(route.name) == folded(name)]
    if len(same) == 1:
        return same[0]
    routes = [route.name for route in there]
    # Words behind the name are no option: most often one that was misspelt.
    begun = next((route for route in routes if name.startswith(f"{route} ")), None)
    if begun is not None:
        raise UsageError(_no_option(name.removeprefix(begun).strip(), begun), option="route")
    raise _unknown(name, routes)


def _no_option(text: str, route: str) -> str:
    said = msg(
        "{text} after the route {route} is not an option of this command.",
        text=repr(cut(text, 60)),
        route=repr(route),
    )
    quotes = msg('A value with spaces needs quotes: name:"two words".') if ":" in text else ""
    return sentences(said, quotes)


def _unknown(name: str, routes: Sequence[str]) -> NotFound:
    said = msg("There is no route {name}.", name=repr(cut(name, 60)))
    if not routes:
        none = sentences(said, msg("There are none yet."))
        return NotFound(none, remedy=msg("`relay add` makes one."))
    close = names_close_to(name, routes)
    hint = msg("Did you mean {name}?", name=repr(close[0])) if close else ""
    listed = msg("There are: {routes}.", routes=Joined(tuple(routes), JoinedBy.COMMA))
    return NotFound(sentences(said, hint, listed), remedy=msg("`relay list` shows the routes."))


async def save(call: CommandCall, route: Route) -> Route:
    """Store a changed route, whole or not at all; returns it as it is stored now."""
    if not await call.services.relay.routes.change(route, call.services.clock()):
        raise Conflict(
            msg("The route {route} was removed in the meantime.", route=repr(route.name)),
            remedy=msg("`relay list` shows what there is."),
        )
    for place in route.destinations:
        call.services.relay.wake(str(place))  # what waits may go sooner than it could so far
    found = await call.services.relay.routes.get(call.tenant, route.id)
    return route if found is None else found.route


async def places_of(call: CommandCall, wanted: Sequence[ChannelRef]) -> tuple[Destination, ...]:
    """The channels, once each and in order, each of which can be written to now."""
    found: dict[Destination, None] = {}
    for one in wanted:
        found[await place_of(call, one)] = None
    return tuple(found)


async def route_of_key(call: CommandCall, state: Mapping[str, Any]) -> Route:
    """The route of this place that a button names by its id."""
    found = await call.services.relay.routes.get(call.tenant, str(state["key"]))
    if found is None:
        raise NotFound(msg("That route was removed."), remedy=msg("`relay list` shows what there is."))
    return found.route


async def types_asked_for(call: CommandCall) -> list[Message]:
    """Have the monitors report what the routes of this place take; a word on those that report more now, and
    where Xquik could not be asked.

    The routes stand already, so a fault of Xquik is told and fails nothing.
    """
    try:
        if await call.services.keys.has_key(call.tenant):
            routes = await call.services.relay.routes.of_tenant(call.tenant)
            asked = await ask_for_types(await call.xquik(), routes)
            return [widened_words(one.monitor, one.types) for one in asked]
    except BotError as error:
        return [
            msg(
                "The monitors could not be updated, so some event types may be missing: {why} "
                "The bot tries again when it starts and whenever a route is changed.",
                why=sentence(error.detail),
            )
        ]
    return []


async def suggest_routes(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Routes of this place whose name contains what was typed."""
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    wanted = folded(typed)
    return tuple(Choice(r.name, r.name) for r in routes if wanted in folded(r.name))
