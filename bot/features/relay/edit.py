"""`relay edit`: other channels, accounts, searches, event types or another name for a route."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from msgspec import structs

from bot.cards.routes.routes import route_card
from bot.core.chat.answers import Answer, Reply
from bot.core.chat.cards import Line
from bot.core.chat.ids import Destination
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import NotFound, UsageError
from bot.core.messages.message import msg, nmsg
from bot.core.routes.conditions import LONGEST_SEARCH
from bot.core.routes.route import Route
from bot.core.x.references import Username
from bot.features.relay.notes import former_notes, overlap_notes, place_notes
from bot.features.relay.option_groups import MOST_ALSO
from bot.features.relay.options import (
    RouteOption,
    WatchOption,
    named_route,
    save,
    types_asked_for,
)
from bot.features.services import CommandCall
from bot.features.shared.channels import place_of
from bot.features.shared.event_types import NewEventTypesOption
from bot.features.shared.monitor_starts import Unwatched, propose_start, unwatched
from bot.features.shared.monitors_left import LeftRunning, left_running

EXAMPLE = "relay edit alerts-nasa add_channel:#social"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditArgs:
    """Which route, and what is to be different."""

    route: RouteOption
    add_channel: Annotated[ChannelRef | None, Option("Another channel that gets the same")] = None
    drop_channel: Annotated[ChannelRef | None, Option("A channel to stop sending to")] = None
    account: Annotated[
        tuple[Username, ...],
        Option("Only these X accounts, instead of the present ones", le=50, suggest="watched"),
    ] = ()
    keyword: Annotated[
        tuple[str, ...],
        Option(
            "Only these keyword monitors, instead of the present ones",
            le=50,
            max_length=LONGEST_SEARCH,
            code="query",
            search=True,
            suggest="searches",
        ),
    ] = ()
    events: NewEventTypesOption = ()
    every: Annotated[
        tuple[Literal["account", "keyword", "events"], ...],
        Option("Stop limiting by: account, keyword, events"),
    ] = ()
    name: Annotated[str | None, Option("A new name", max_length=60)] = None
    watch: WatchOption = True


async def edit(call: CommandCall, args: EditArgs) -> Answer:
    """Change what is named, after a new channel was found and may be written to; where it names what nobody
    watches yet, after Confirm, which starts that too."""
    route = await named_route(call, args.route)
    wanted = await _led(call, _taking(route, args), args)
    wanted = replace(wanted, name=args.name or wanted.name)
    if wanted == route:
        return Reply(route_card(route, msg("Nothing to change")))
    overlaps = await call.services.relay.routes.overlapping(wanted)
    notes: list[str | Line] = [*overlap_notes(overlaps, several=True)]
    notes.extend(await former_notes(call, wanted))
    others = (wanted.accounts, wanted.keywords) != (route.accounts, route.keywords)
    missing = await unwatched(call, wanted) if others else Unwatched()
    starts = [one for one in missing.starts if one.watched not in (*route.accounts, *route.keywords)]
    if args.watch and starts:
        await call.services.relay.routes.may_store(wanted, new=False)
        notes.extend(
            structs.replace(missing, starts=tuple(one for one in missing.starts if one not in starts)).said()
        )
        if wanted.destinations != route.destinations:
            notes.extend(await place_notes(call, wanted))
        return await propose_start(call, starts, route=wanted, before=route, notes=notes)
    saved = await save(call, wanted)
    notes.extend(missing.said())
    left = LeftRunning()
    if _sources(saved) != _sources(route):
        notes.extend(await types_asked_for(call))
        left = await left_running(call, route)
        notes.extend(left.notes)
    if saved.destinations != route.destinations:
        notes.extend(await place_notes(call, saved))
    return Reply(route_card(saved, msg("Route changed"), notes, left.buttons))


def _sources(route: Route) -> tuple[tuple[str, ...], ...]:
    return (route.accounts, route.keywords, route.events, route.tweets)


def _taking(route: Route, args: EditArgs) -> Route:
    given = {name for name in ("account", "keyword", "events") if getattr(args, name)}
    if both := sorted(given & set(args.every)):
        raise UsageError(
            msg("{option} is both set and listed in every.", option=both[0]),
            option="every",
            example="relay edit alerts-nasa every:events",
        )
    accounts = tuple(str(name).lower() for name in args.account) or route.accounts
    return replace(
        route,
        accounts=() if "account" in args.every else accounts,
        # Who is typed is whoever is called so now.
        known=tuple(one for one in route.known if one.holds or not args.account),
        keywords=() if "keyword" in args.every else args.keyword or route.keywords,
        events=() if "events" in args.every else tuple(args.events) or route.events,
    )


async def _led(call: CommandCall, route: Route, args: EditArgs) -> Route:
    places = list(route.destinations)
    if args.add_channel is not None:
        place = await place_of(call, args.add_channel)
        if place not in places:
            places.append(place)
    if args.drop_channel is not None:
        places.remove(await _place_among(call, places, route, args.drop_channel))
    if not places:
        raise UsageError(
            msg(
                "That is the only channel of the route. Add another in the same command, or remove the route."
            ),
            option="drop_channel",
            example=f"relay edit {route.name} add_channel:#social drop_channel:#alerts",
        )
    if len(places) > MOST_ALSO + 1:
        raise UsageError(
            nmsg(
                "A route can have at most {n} channel.",
                "A route can have at most {n} channels.",
                n=MOST_ALSO + 1,
            ),
            option="add_channel",
            example="relay edit alerts-nasa drop_channel:#social",
        )
    led = replace(route, destination=places[0], also=tuple(places[1:]))
    # A pause for channels that were lost is over with one that can be written to.
    over = led.open_destinations and not route.paused_by_person
    return replace(led, paused_reason=None) if over else led


async def _place_among(
    call: CommandCall, places: list[Destination], route: Route, wanted: ChannelRef
) -> Destination:
    """The place that is meant, also when the platform knows its channel no more."""
    found = await call.services.platform(call.tenant).channels.channel(call.tenant, wanted)
    ids = {wanted.id} if found is None else {wanted.id, found.id}
    place = next((one for one in places if one.channel in ids), None)
    if place is None:
        raise NotFound(
            msg(
                "The route {route} does not send to {channel}.",
                route=repr(route.name),
                channel=repr(wanted.name or wanted.id),
            ),
            remedy=msg("`relay show {route}` lists its channels.", route=route.name),
        )
    return place


EDIT = command(
    "relay edit",
    edit,
    SETTING,
    "Change the channels, accounts, event types or name of a route",
    EXAMPLE,
    "relay edit alerts-nasa account:nasa,esa events:tweet.new,tweet.quote",
    operations=("POST /monitors",),
)
