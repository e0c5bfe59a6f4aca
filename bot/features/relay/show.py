"""`relay show|remove|test`: one route, and its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.errors import with_code
from bot.cards.routes.gaps import gap_lines
from bot.cards.routes.routes import Place, removed_card, route_page
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Button, ButtonStyle, Card, ChannelMention, Text, Tone, line
from bot.core.chat.delivery_results import Delivered, Unknown
from bot.core.chat.ids import Destination
from bot.core.commands.declaring import Action
from bot.core.commands.presets import INSIDE_LOCAL, SETTING, command
from bot.core.errors import BotError, OutcomeUnknown
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.routes.route import Route
from bot.features.relay.cards.route_lines import lines_again
from bot.features.relay.options import RouteArgs, named_route, route_of_key
from bot.features.relay.preview import PREVIEW_ACTION
from bot.features.relay.resume import asked, paused, resumed
from bot.features.services import CommandCall
from bot.features.shared.channels import trouble
from bot.features.shared.fed_routes import feedings
from bot.features.shared.monitors_left import left_running
from bot.features.shared.zones import zone_for_everybody

PAUSE_ACTION = "relay.pause"
RESUME_ACTION = "relay.resume"
TEST_ACTION = "relay.test"


async def show(call: CommandCall, args: RouteArgs) -> Reply:
    """Everything about one route."""
    return Reply(await _page(call, await named_route(call, args.route)))


async def _page(call: CommandCall, route: Route) -> Card:
    standing = await call.services.relay.routes.get(call.tenant, route.id)
    waiting = await call.services.relay.deliveries.waiting(call.tenant)
    places = [
        Place(
            one.destination,
            one.lost_reason,
            one.last_success_at,
            one.last_failure,
            waiting.get(str(one.destination), 0),
        )
        for one in (standing.places if standing else ())
    ]
    created_at = standing.created_at if standing else 0.0
    now = call.services.clock()
    found = (await feedings(call, (route,))).get(route.id)
    return route_page(
        route,
        places,
        created_at=created_at,
        now=now,
        buttons=_buttons(route),
        gaps=gap_lines(route.name, found) if found is not None else (),
    )


def _buttons(route: Route) -> tuple[Button, ...]:
    pause = Button(msg("Pause"), action=ActionRef(PAUSE_ACTION, route.id))
    # Where a route goes on without a channel that it has lost, resuming tries that channel again.
    resume = Button(msg("Resume"), action=ActionRef(RESUME_ACTION, route.id), style=ButtonStyle.PRIMARY)
    paused = route.paused_reason is not None
    return (
        *(() if paused else (pause,)),
        *((resume,) if paused or route.lost else ()),
        Button(msg("Test"), action=ActionRef(TEST_ACTION, route.id)),
        Button(msg("Preview"), action=ActionRef(PREVIEW_ACTION, route.id)),
    )


async def remove(call: CommandCall, args: RouteArgs) -> Reply:
    """Remove a route. The command that makes it again is shown, and what goes on without it."""
    route = await named_route(call, args.route)
    usual = await zone_for_everybody(call)
    await call.services.relay.remove(route)
    left = await left_running(call, route)
    again = lines_again(route, call.services.clock(), usual)
    return Reply(removed_card(route, again, left.notes, left.buttons))


async def test(call: CommandCall, args: RouteArgs) -> Reply:
    """Send a test event to every channel of a route, by the same way as any other message."""
    return Reply(await _tested(call, await named_route(call, args.route)))


async def _tested(call: CommandCall, route: Route) -> Card:
    """What became of the test in each channel; the error itself when it stands in none."""
    call.services.platform(call.tenant)  # which says what to do where this process does not serve it
    stands: list[Destination] = []
    errors: list[tuple[Destination, BotError]] = []
    for place in route.destinations:
        result = await call.services.relay.test(route, place)
        if isinstance(result, Delivered):
            stands.append(place)
        elif isinstance(result, Unknown):
            detail = msg("The platform did not confirm the test: {why}", why=result.detail)
            errors.append((place, OutcomeUnknown(detail, remedy=msg("Look in the channel."))))
        else:
            errors.append((place, trouble(result)))
    if not stands:
        raise errors[0][1]
    failed = [Text(line(_why(place, error), " ", *with_code(error.remedy))) for place, error in errors]
    blocks = (Text(line(_stands_in(stands))), *failed)
    return Card(msg("Test sent"), blocks, Tone.WARNING if errors else Tone.SUCCESS)


def _stands_in(places: list[Destination]) -> Message:
    channels = tuple(ChannelMention(place.channel) for place in places)
    return msg("The test is in {channels}.", channels=Joined(channels, JoinedBy.COMMA))


def _why(place: Destination, error: BotError) -> Message:
    return msg("{channel}: {why}", channel=ChannelMention(place.channel), why=error.detail)


async def press_pause(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The button: pause, and show the route as it is then."""
    route = await paused(call, await route_of_key(call, state))
    return Reply(await _page(call, route), replace=True)


async def press_resume(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The button: resume, and show the route as it is then; or ask what of what it missed is to follow."""
    route = await route_of_key(call, state)
    missed = await call.services.relay.missed(route)
    if missed is not None and missed.count:
        return Reply(await asked(call, route, missed), replace=True, asks=True)
    route, _ = await resumed(call, route, missed, 0)
    return Reply(await _page(call, route), replace=True)


async def press_test(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The button: test the route."""
    return Reply(await _tested(call, await route_of_key(call, state)))


SHOW = command(
    "relay show",
    show,
    INSIDE_LOCAL,
    "Show everything about a route: what it takes, how it looks, when it posts",
    "relay show alerts-nasa",
)
REMOVE = command(
    "relay remove",
    remove,
    SETTING,
    "Remove a route",
    "relay remove alerts-nasa",
)
TEST = command(
    "relay test",
    test,
    SETTING,
    "Send a test event through a route",
    "relay test alerts-nasa",
)

SHOW_ACTIONS = (
    Action(
        PAUSE_ACTION, press_pause, Permission.MANAGE, needs_key=False, stored=False, command="relay pause"
    ),
    Action(
        RESUME_ACTION, press_resume, Permission.MANAGE, needs_key=False, stored=False, command="relay resume"
    ),
    Action(TEST_ACTION, press_test, Permission.MANAGE, needs_key=False, stored=False, command="relay test"),
)
