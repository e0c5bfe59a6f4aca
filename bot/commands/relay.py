"""`relay add|list|pause|resume|remove|test`: which events go to which channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, assert_never

from bot.commands.event_types import EventTypes
from bot.commands.services import CommandCall
from bot.core.access import Permission
from bot.core.answers import Audience, Reply
from bot.core.cards import Card, ChannelMention, Choice, Code, Text, Tone, line
from bot.core.commands import ChannelRef, Command, Effect, Group, NoArgs, Option
from bot.core.deliveries import Busy, Delivered, Gone, Refused, Unknown
from bot.core.errors import DestinationTrouble, NotFound, OutcomeUnknown
from bot.core.ids import Destination
from bot.core.references import Username
from bot.core.routes import Route
from bot.presenters.monitors import route_card, route_filter, routes_card


@dataclass(frozen=True, slots=True, kw_only=True)
class AddArgs:
    """Where events go, and which."""

    channel: Annotated[ChannelRef, Option("The channel that gets the messages", main=True)]
    account: Annotated[tuple[Username, ...], Option("Only these X accounts; all if left out", le=50)] = ()
    keyword: Annotated[tuple[str, ...], Option("Only these keyword monitors, by their search", le=50)] = ()
    events: Annotated[EventTypes, Option("Only these event types; all if left out", suggest="events")] = ()
    name: Annotated[str | None, Option("A name for the route", max_length=60)] = None


async def add(call: CommandCall, args: AddArgs) -> Reply:
    """Make a route, after the channel was found and may be written to."""
    destination = await _destination(call, args.channel)
    accounts = tuple(str(name).lower() for name in args.account)
    name = args.name or await _free_name(call, args.channel, accounts)
    route = Route(
        id=call.services.new_id(),
        name=name,
        destination=destination,
        accounts=accounts,
        keywords=args.keyword,
        events=tuple(args.events),
        created_by=call.invocation.actor.id,
    )
    overlaps = await call.services.routes.overlapping(route)
    await call.services.tenants.ensure(call.tenant)
    await call.services.routes.add(route, call.services.clock())
    notes = [
        f"The route {other.name!r} sends some of the same events to this channel; "
        "each event is posted once all the same."
        for other in overlaps
    ]
    notes.extend(await _unwatched(call, route))
    return Reply(route_card(route, "Route added", notes))


async def _destination(call: CommandCall, wanted: ChannelRef) -> Destination:
    ports = call.services.platform(call.tenant)
    found = await ports.channels.channel(call.tenant, wanted)
    if found is None:
        raise NotFound(
            f"I see no channel {wanted.name or wanted.id!r} here.",
            remedy="Check the name; if the channel is private, invite the bot to it first.",
        )
    destination = Destination(call.tenant, found.id)
    result = await ports.messenger.check(destination)
    if not isinstance(result, Delivered):
        raise _trouble(result)
    return destination


def _trouble(result: Busy | Gone | Refused | Unknown) -> DestinationTrouble:
    """Why a channel cannot be written to, for the person who chose it."""
    match result:
        case Gone(reason, remedy):
            return DestinationTrouble(reason, remedy=remedy or None)
        case Refused(detail) | Unknown(detail):
            return DestinationTrouble(detail)
        case Busy(retry_after):
            return DestinationTrouble(
                "The platform is busy, so the channel could not be reached.",
                remedy="Try again in a moment.",
                retry_after=retry_after,
            )
        case _:
            assert_never(result)


async def _free_name(call: CommandCall, channel: ChannelRef, accounts: tuple[str, ...]) -> str:
    """A name nobody has taken: "alerts-nasa", "alerts-nasa-2"."""
    parts = [channel.name or channel.id, *accounts[:1]]
    base = re.sub(r"[^\w-]+", "-", "-".join(parts).lower()).strip("-")[:50] or "route"
    taken = {route.name for route in await call.services.routes.of_tenant(call.tenant)}
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name


async def _unwatched(call: CommandCall, route: Route) -> list[str]:
    """A word for each account and search of the route that no monitor watches; nothing when that is
    unknown."""
    if not await call.services.keys.has_key(call.tenant):
        return ["No Xquik key is stored here, so no event can arrive: run setup key."]
    setup = await call.services.xquik.setup(call.tenant)
    notes: list[str] = []
    if route.accounts:
        watched = {monitor.username.lower() for monitor in await setup.monitors() if monitor.is_active}
        notes.extend(
            f"@{name} is not watched yet, so nothing will come: run monitor add {name}."
            for name in route.accounts
            if name not in watched
        )
    if route.keywords:
        searches = {_folded(one.query) for one in await setup.keyword_monitors() if one.is_active}
        notes.extend(
            f'Nothing searches for "{word}" yet, so nothing will come: run monitor keyword "{word}".'
            for word in route.keywords
            if _folded(word) not in searches
        )
    return notes


def _folded(query: str) -> str:
    return " ".join(query.split()).casefold()


async def list_routes(call: CommandCall, _args: NoArgs) -> Reply:
    """Every route with its last success and what waits."""
    standings = await call.services.routes.list(call.tenant)
    waiting = await call.services.relay.deliveries.waiting(call.tenant)
    rows = [
        (one.route, one.last_success_at, waiting.get(str(one.route.destination), 0), one.last_failure)
        for one in standings
    ]
    return Reply(routes_card(rows, has_key=await call.services.keys.has_key(call.tenant)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteArgs:
    """Which route."""

    route: Annotated[str, Option("The name of a route", main=True, suggest="routes", max_length=80)]


async def _named(call: CommandCall, name: str) -> Route:
    found = await call.services.routes.named(call.tenant, name)
    if found is None:
        known = ", ".join(route.name for route in await call.services.routes.of_tenant(call.tenant))
        listed = f"There are: {known}." if known else "There are none yet."
        raise NotFound(f"There is no route {name[:60]!r}. {listed}", remedy="relay list shows them.")
    return found


async def pause(call: CommandCall, args: RouteArgs) -> Reply:
    """Stop a route; what comes meanwhile is not relayed by it."""
    route = await _named(call, args.route)
    await call.services.relay.pause(route, f"paused by {call.invocation.actor.display_name}")
    return Reply(_changed("Route paused", await _named(call, args.route)))


async def resume(call: CommandCall, args: RouteArgs) -> Reply:
    """Start a route again; what waited in its channel is sent first."""
    route = await _named(call, args.route)
    await call.services.relay.resume(route)
    return Reply(_changed("Route on again", await _named(call, args.route)))


async def remove(call: CommandCall, args: RouteArgs) -> Reply:
    """Remove a route. The command that makes it again is shown."""
    route = await _named(call, args.route)
    await call.services.relay.remove(route)
    return Reply(
        Card(
            "Route removed",
            (
                Text(line(Code(route.name), " to ", ChannelMention(route.destination.channel), " is gone.")),
                Text(line("It took: ", route_filter(route)), subtle=True),
            ),
            Tone.SUCCESS,
        )
    )


def _changed(title: str, route: Route) -> Card:
    return route_card(route, title)


async def test(call: CommandCall, args: RouteArgs) -> Reply:
    """Send a test event through a route, by the same way as any other message."""
    route = await _named(call, args.route)
    result = await call.services.relay.test(route)
    match result:
        case Delivered():
            channel = ChannelMention(route.destination.channel)
            return Reply(Card("Test sent", (Text(line("The test stands in ", channel, ".")),), Tone.SUCCESS))
        case Unknown(detail):
            raise OutcomeUnknown(
                f"The platform did not confirm the test: {detail}", remedy="Look in the channel."
            )
        case _:
            raise _trouble(result)


async def suggest_routes(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Routes of this place whose name contains what was typed."""
    routes = await call.services.routes.of_tenant(call.tenant)
    folded = typed.casefold()
    return tuple(Choice(r.name, r.name) for r in routes if folded in r.name.casefold())


def _manage(verb: str, summary: str, args: type[Any], handler: Any, *examples: str) -> Command[Any]:
    return Command(
        ("relay", verb),
        summary,
        args,
        handler,
        Effect.SETTINGS,
        Permission.MANAGE,
        Audience.PRIVATE,
        examples,
        needs_key=False,
    )


RELAY = Group(
    "relay",
    "Which events of watched accounts go to which channel",
    (
        _manage("add", "Send events to a channel", AddArgs, add, "relay add channel:#alerts account:nasa"),
        Command(
            path=("relay", "list"),
            summary="Every route, with its last success and what waits",
            args=NoArgs,
            run=list_routes,
            effect=Effect.READ,
            needs=Permission.USE,
            audience=Audience.PRIVATE,
            examples=("relay list",),
            needs_key=False,
        ),
        _manage("pause", "Stop a route for a while", RouteArgs, pause, "relay pause alerts-nasa"),
        _manage("resume", "Start a route again", RouteArgs, resume, "relay resume alerts-nasa"),
        _manage("remove", "Remove a route", RouteArgs, remove, "relay remove alerts-nasa"),
        _manage("test", "Send a test event through a route", RouteArgs, test, "relay test alerts-nasa"),
    ),
    default="list",
)
