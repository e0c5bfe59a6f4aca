"""`relay replay`: sends once more what failed for good, or what came in a stretch of time.

First the count, then Confirm. What is counted is what is sent: both go by the same rows, and pressing
twice, by one person or two, sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import (
    Bold,
    Button,
    ButtonStyle,
    Card,
    ChannelMention,
    Text,
    Tone,
    line,
)
from bot.core.commands.declaring import Action, Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import Expired, UsageError
from bot.core.messages.enumerations import sentence
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg
from bot.core.routes.dead_letters import DeadLetters
from bot.core.routes.route import Route
from bot.features.relay.options import named_route
from bot.features.services import CommandCall
from bot.relay.asking.replayer import MOST, Stretch

REPLAY_ACTION = "relay.replay"
_LIFETIME = 900.0
_EXAMPLE = "relay replay route:alerts-nasa since:2h"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayArgs:
    """What to send once more."""

    route: Annotated[
        str | None, Option("Only through this route", main=True, suggest="routes", max_length=80)
    ] = None
    since: Annotated[
        timedelta | None,
        Option("Events from this long ago on, like 2h; failed messages if left out", ge=1, le=30 * 86_400),
    ] = None
    until: Annotated[
        timedelta | None, Option("Only events until this long ago, like 30m", ge=0, le=30 * 86_400)
    ] = None
    again: Annotated[bool, Option("Also send what is in the channel already")] = False


async def replay(call: CommandCall, args: ReplayArgs) -> Reply:
    """How much it would be, with the button that does it."""
    route = await named_route(call, args.route) if args.route is not None else None
    if args.since is None:
        if args.until is not None or args.again:
            raise UsageError(msg("until and again need since."), option="since", example=_EXAMPLE)
        return await _offer_dead(call, route)
    if route is None:
        raise UsageError(msg("Name the route."), option="route", example=_EXAMPLE)
    return await _offer_stretch(call, route, args)


async def _offer_dead(call: CommandCall, route: Route | None) -> Reply:
    chosen, count = await call.services.relay.replayer.dead(call.tenant, route)
    if not count:
        return _nothing(msg("No message has failed for good, or all were sent again already."))
    state = {"dead": True, "lanes": list(chosen.lanes), "upto": chosen.upto}
    return await _offer(call, _failed(count, route), state)


def _failed(count: int, route: Route | None) -> Message:
    if route is None:
        return nmsg(
            "{n} message that failed for good, of all routes here, would be sent again, oldest first.",
            "{n} messages that failed for good, of all routes here, would be sent again, oldest first.",
            n=count,
        )
    return nmsg(
        "{n} message that failed for good, of the route {route}, would be sent again, oldest first.",
        "{n} messages that failed for good, of the route {route}, would be sent again, oldest first.",
        n=count,
        route=Bold(route.name),
    )


async def _offer_stretch(call: CommandCall, route: Route, args: ReplayArgs) -> Reply:
    now = call.services.clock()
    since = now - (args.since or timedelta()).total_seconds()
    until = now - (args.until or timedelta()).total_seconds()
    if until <= since:
        raise UsageError(msg("until must be less long ago than since."), option="until", example=_EXAMPLE)
    chosen, count = await call.services.relay.replayer.stretch(route, since, until, again=args.again)
    if not count:
        return _nothing(msg("Nothing for this route came then, or its channels have all of it already."))
    state = {
        "route": route.id,
        "since": chosen.since,
        "until": chosen.until,
        "upto": chosen.upto,
        "again": chosen.again,
    }
    return await _offer(call, _came(count, route, again=args.again), state, _waits(route))


def _came(count: int, route: Route, *, again: bool) -> Message:
    channels = Joined(tuple(ChannelMention(place.channel) for place in route.destinations), JoinedBy.COMMA)
    if again:
        return nmsg(
            "{n} message (including what is there already) would be sent to {channels}, oldest first.",
            "{n} messages (including what is there already) would be sent to {channels}, oldest first.",
            n=count,
            channels=channels,
        )
    return nmsg(
        "{n} message (only what is not there yet) would be sent to {channels}, oldest first.",
        "{n} messages (only what is not there yet) would be sent to {channels}, oldest first.",
        n=count,
        channels=channels,
    )


def _waits(route: Route) -> list[Text]:
    """What keeps the messages from standing there at once."""
    found = [
        Text(
            line(
                msg(
                    "I cannot post in {channel}: {why}",
                    channel=ChannelMention(lost.destination.channel),
                    why=sentence(lost.reason),
                ),
                " ",
                msg("Messages for it wait until I can."),
            )
        )
        for lost in route.lost
    ]
    if not route.collects:
        anyway = msg("The route is paused; this is sent anyway.")
        again = msg("`relay resume {route}` sends what it missed.", route=route.name)
        found.append(Text(line(anyway, " ", again)))
    return found


async def _offer(
    call: CommandCall, said: Message, state: Mapping[str, Any], notes: Sequence[Text] = ()
) -> Reply:
    key = await call.services.states.keep(
        call.tenant,
        REPLAY_ACTION,
        {**state, "token": call.services.new_id()},
        lifetime=_LIFETIME,
        person=call.invocation.actor.id,
    )
    confirm = Button(msg("Send them"), action=ActionRef(REPLAY_ACTION, key), style=ButtonStyle.PRIMARY)
    note = line(
        nmsg(
            "At most {n} event at a time; quiet hours and limits of the route do not apply.",
            "At most {n} events at a time; quiet hours and limits of the route do not apply.",
            n=MOST,
        ),
        " ",
        msg("The button works for 15 minutes."),
    )
    blocks = (Text(line(said)), *notes, Text(note, subtle=True))
    return Reply(Card(msg("Send again?"), blocks, Tone.WARNING, (confirm,)), asks=True)


def _nothing(said: Message) -> Reply:
    why = Text(line(msg("What became of one tweet: `relay why`")), subtle=True)
    return Reply(Card(msg("Nothing to send"), (Text(line(said)), why), Tone.INFO))


async def confirmed(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Send what was counted."""
    replayer = call.services.relay.replayer
    if state.get("dead"):
        sent = await replayer.replay_dead(
            DeadLetters(call.tenant, lanes=tuple(state["lanes"]), upto=state["upto"])
        )
    else:
        standing = await call.services.relay.routes.get(call.tenant, str(state["route"]))
        if standing is None:
            raise Expired(msg("The route is gone."), remedy=msg("`relay list` shows what there is."))
        chosen = Stretch(state["since"], state["until"], state["upto"], state["again"])
        sent = await replayer.replay(standing.route, chosen, str(state["token"]))
    if not sent:
        before = Text(line(msg("Somebody pressed the button before you.")))
        return Reply(Card(msg("Sent already"), (before,), Tone.INFO))
    said = line(
        nmsg("{n} message is on the way.", "{n} messages are on the way.", n=sent),
        " ",
        msg("`relay status` shows their progress."),
    )
    return Reply(Card(msg("Sending again"), (Text(said),), Tone.SUCCESS))


REPLAY = command(
    "relay replay",
    replay,
    SETTING,
    "Send again what failed, or what came in a time range; asks first",
    "relay replay",
    _EXAMPLE,
)
REPLAY_ACTIONS = (
    Action(REPLAY_ACTION, confirmed, Permission.MANAGE, needs_key=False, command="relay replay"),
)
