"""`relay pause|resume`: a route stops, and goes on with what came meanwhile as far as the person wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from bot.cards.routes.routes import route_card
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Answer, Reply
from bot.core.chat.cards import (
    Button,
    ButtonStyle,
    Card,
    Form,
    Input,
    InputKind,
    Line,
    Text,
    Tone,
    line,
)
from bot.core.chat.delivery_results import Delivered
from bot.core.chat.ids import Destination
from bot.core.commands.declaring import Action, Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import Expired, UsageError
from bot.core.messages.enumerations import sentence, sentences
from bot.core.messages.errors import said_by
from bot.core.messages.message import Message, msg, nmsg
from bot.core.routes.missed import MissedOfRoute
from bot.core.routes.route import Route
from bot.core.text.numerals import TwoReadings, whole_number
from bot.core.text.shortening import cut
from bot.features.relay.cards.pauses import missed_card, resumed_notes, still_lost_note
from bot.features.relay.options import RouteArgs, RouteOption, named_route
from bot.features.services import CommandCall
from bot.features.shared.channels import trouble

MISSED_ACTION: Final = "relay.missed"
ALL, NONE = "all", "none"
_LIFETIME = 900.0
_NEWEST = 10
_FIELD: Final = "newest"
_EXAMPLE = "relay resume alerts-nasa missed:10"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeArgs:
    """Which route, and what is to follow."""

    route: RouteOption
    missed: Annotated[
        str | None,
        Option(
            "Missed events to send: all, none, or a number for the newest (10); asks if left out",
            max_length=10,
            suggest="missed",
        ),
    ] = None


async def pause(call: CommandCall, args: RouteArgs) -> Reply:
    """Stop a route; what comes meanwhile can be sent when it goes on."""
    route = await named_route(call, args.route)
    if route.paused_reason is not None and route.paused_by_person:
        return Reply(route_card(route, msg("Already paused")))
    return Reply(route_card(await paused(call, route), msg("Route paused")))


async def paused(call: CommandCall, route: Route) -> Route:
    """The route, paused by who asks."""
    actor = call.invocation.actor
    await call.services.relay.pause(route, msg("paused by {person}", person=actor.display_name), by=actor.id)
    return await named_route(call, route.name)


async def resume(call: CommandCall, args: ResumeArgs) -> Reply:
    """Start a route again; what waited in its channels is sent first."""
    wanted = _wanted(args.missed)
    route = await named_route(call, args.route)
    if route.paused_reason is None and not route.lost:
        return Reply(route_card(route, msg("Already on")))
    missed = await call.services.relay.missed(route)
    if missed is not None and missed.count and args.missed is None:
        return Reply(await asked(call, route, missed), asks=True)
    return Reply(await _resumed_card(call, route, missed, wanted))


async def asked(call: CommandCall, route: Route, missed: MissedOfRoute) -> Card:
    """The question what of it is to follow."""
    state = {"route": route.id, "since": await _paused_after(call, route)}
    buttons: list[Button] = []
    choices = [(ALL, _all_of(missed), ButtonStyle.PRIMARY)]
    if missed.count > 1:
        newest = nmsg("Newest {n}…", "Newest {n}…", n=min(_NEWEST, missed.count - 1))
        choices.append((_FIELD, newest, ButtonStyle.SECONDARY))
    choices.append((NONE, msg("None"), ButtonStyle.SECONDARY))
    for choice, label, style in choices:
        key = await call.services.states.keep(
            call.tenant, MISSED_ACTION, {**state, "missed": choice, "count": missed.count}, lifetime=_LIFETIME
        )
        buttons.append(Button(label, action=ActionRef(MISSED_ACTION, key), style=style))
    return missed_card(route, missed, tuple(buttons))


def _all_of(missed: MissedOfRoute) -> Message:
    if missed.more:
        return msg("All ({number}+)", number=missed.count)
    return msg("All ({number})", number=missed.count)


async def resumed(
    call: CommandCall, route: Route, missed: MissedOfRoute | None, wanted: int | None
) -> tuple[Route, list[Line]]:
    """The route, on again, and what is to be said of what it missed."""
    by = call.invocation.actor.id
    still = await _still_lost(call, route)
    await call.services.relay.resume(route, by=by, missed=missed, wanted=wanted, still_lost=still)
    waiting = await call.services.relay.deliveries.waiting(call.tenant) if still else {}
    notes = [still_lost_note(place, reason, waiting.get(str(place), 0)) for place, reason in still.items()]
    return await named_route(call, route.name), [*resumed_notes(missed, wanted), *notes]


async def _resumed_card(
    call: CommandCall, route: Route, missed: MissedOfRoute | None, wanted: int | None
) -> Card:
    now, notes = await resumed(call, route, missed, wanted)
    by_person = route.paused_reason is not None and route.paused_by_person
    nothing = not by_person and len(now.lost) == len(route.lost)
    title = msg("I cannot post in that channel yet") if nothing else msg("Route resumed")
    return route_card(now, title, notes)


async def _still_lost(call: CommandCall, route: Route) -> dict[Destination, str]:
    """The lost places of a route that the platform does not call writable, each with why.

    Where this process does not serve the platform, the one that does is asked to look.
    """
    served = call.services.platforms.get(call.tenant.platform)
    still: dict[Destination, str] = {}
    for one in route.lost:
        if one.by_person:
            continue
        if served is None:
            await call.services.relay.recovery.look_again(call.tenant, one.destination.channel)
            still[one.destination] = sentences(sentence(one.reason), msg("The bot is checking it now."))
        elif not isinstance(answer := await served.messenger.check(one.destination), Delivered):
            still[one.destination] = trouble(answer).detail
    return still


async def _how_many(_call: CommandCall, key: str, state: Mapping[str, Any]) -> Form | None:
    if state["missed"] != _FIELD:
        return None
    most = int(state["count"])
    number = Input(
        _FIELD,
        msg("How many of the newest"),
        InputKind.INTEGER,
        value=str(min(_NEWEST, most)),
        hint=msg("1 to {most}", most=most),
    )
    asked_for = ActionRef(MISSED_ACTION, key)
    return Form(msg("What came in the meantime"), asked_for, (number,), submit=msg("Resume"))


async def _check(_call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> None:
    _chosen(state, values)


def _chosen(state: Mapping[str, Any], values: Mapping[str, str]) -> int | None:
    if state["missed"] == _FIELD:
        return _wanted(values.get(_FIELD, ""), _FIELD)
    return _wanted(str(state["missed"]))


async def decided(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
    """Somebody said what is to follow."""
    wanted = _chosen(state, values)
    standing = await call.services.relay.routes.get(call.tenant, str(state["route"]))
    if standing is None:
        raise Expired(msg("The route is gone."), remedy=msg("`relay list` shows what there is."))
    if standing.route.collects or standing.paused_after != state["since"]:
        said = Text(line(msg("Somebody resumed it already, and chose what to send.")))
        return Reply(Card(msg("Already on"), (said,), Tone.INFO))
    missed = await call.services.relay.missed(standing.route)
    return Reply(await _resumed_card(call, standing.route, missed, wanted), replace=True)


def _wanted(text: str | None, option: str = "missed") -> int | None:
    """How many of what was missed: None for all."""
    said = (text or NONE).strip().lower()
    if said == ALL:
        return None
    if said == NONE:
        return 0
    wrong: str = msg("{text} is not all, none or a number.", text=repr(cut(said, 20)))
    try:
        count = whole_number(said)
    except TwoReadings as error:
        wrong = sentence(said_by(error))
    except ValueError:
        pass
    else:
        if 0 <= count < 1_000_000:
            return count
    raise UsageError(wrong, option=option, example=_EXAMPLE)


async def _paused_after(call: CommandCall, route: Route) -> int | None:
    standing = await call.services.relay.routes.get(call.tenant, route.id)
    return None if standing is None else standing.paused_after


PAUSE = command(
    "relay pause",
    pause,
    SETTING,
    "Pause a route",
    "relay pause alerts-nasa",
)
RESUME = command(
    "relay resume",
    resume,
    SETTING,
    "Resume a route; asks which of the missed events to send",
    "relay resume alerts-nasa",
    _EXAMPLE,
)
RESUME_ACTIONS = (
    Action(
        MISSED_ACTION,
        decided,
        Permission.MANAGE,
        needs_key=False,
        form=_how_many,
        check=_check,
        command="relay resume",
    ),
)
