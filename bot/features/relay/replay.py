"""`relay replay`: sends once more what failed for good, or what came in a stretch of time.

First the count, then Confirm. What is counted is what is sent: both go by the same rows, and pressing
twice, by one person or two, sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from bot.cards.figures import plural
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import (
    Bold,
    Button,
    ButtonStyle,
    Card,
    ChannelMention,
    Code,
    Inline,
    Text,
    Tone,
    line,
)
from bot.core.commands.declaring import Action, Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import Expired, UsageError
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
            raise UsageError("until and again need since.", option="since", example=_EXAMPLE)
        return await _offer_dead(call, route)
    if route is None:
        raise UsageError("Name the route.", option="route", example=_EXAMPLE)
    return await _offer_stretch(call, route, args)


async def _offer_dead(call: CommandCall, route: Route | None) -> Reply:
    chosen, count = await call.services.relay.replayer.dead(call.tenant, route)
    if not count:
        return _nothing("No message has failed for good, or all were sent again already.")
    state = {"dead": True, "lanes": list(chosen.lanes), "upto": chosen.upto}
    where = line("of the route ", Bold(route.name)) if route is not None else line("of all routes here")
    said = (
        f"{plural(count, 'message')} that failed for good, ",
        *where,
        ", would be sent again, oldest first.",
    )
    return await _offer(call, said, state)


async def _offer_stretch(call: CommandCall, route: Route, args: ReplayArgs) -> Reply:
    now = call.services.clock()
    since = now - (args.since or timedelta()).total_seconds()
    until = now - (args.until or timedelta()).total_seconds()
    if until <= since:
        raise UsageError("until must be less long ago than since.", option="until", example=_EXAMPLE)
    chosen, count = await call.services.relay.replayer.stretch(route, since, until, again=args.again)
    if not count:
        return _nothing("Nothing for this route came then, or its channels have all of it already.")
    state = {
        "route": route.id,
        "since": chosen.since,
        "until": chosen.until,
        "upto": chosen.upto,
        "again": chosen.again,
    }
    places: list[Inline] = []
    for place in route.destinations:
        places += [", " if places else "", ChannelMention(place.channel)]
    what = "including what is there already" if args.again else "only what is not there yet"
    said = (f"{plural(count, 'message')} ({what}) would be sent to ", *places, ", oldest first.")
    return await _offer(call, said, state, _waits(route))


def _waits(route: Route) -> list[Text]:
    """What keeps the messages from standing there at once."""
    found = [
        Text(
            line(
                "I cannot post in ",
                ChannelMention(lost.destination.channel),
                f": {_sentence(lost.reason)} Messages for it wait until I can.",
            )
        )
        for lost in route.lost
    ]
    if not route.collects:
        again = Code(f"relay resume {route.name}")
        found.append(
            Text(line("The route is paused; this is sent anyway. ", again, " sends what it missed."))
        )
    return found


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


async def _offer(
    call: CommandCall, said: tuple[Inline, ...], state: Mapping[str, Any], notes: Sequence[Text] = ()
) -> Reply:
    key = await call.services.states.keep(
        call.tenant,
        REPLAY_ACTION,
        {**state, "token": call.services.new_id()},
        lifetime=_LIFETIME,
        person=call.invocation.actor.id,
    )
    confirm = Button("Send them", action=ActionRef(REPLAY_ACTION, key), style=ButtonStyle.PRIMARY)
    note = line(
        f"At most {MOST:,} events at a time; quiet hours and limits of the route do not apply. "
        "The button works for 15 minutes."
    )
    return Reply(Card("Send again?", (Text(said), *notes, Text(note, subtle=True)), Tone.WARNING, (confirm,)))


def _nothing(said: str) -> Reply:
    why = Text(line("What became of one tweet: ", Code("relay why")), subtle=True)
    return Reply(Card("Nothing to send", (Text(line(said)), why), Tone.INFO))


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
            raise Expired("The route is gone.", remedy="`relay list` shows what there is.")
        chosen = Stretch(state["since"], state["until"], state["upto"], state["again"])
        sent = await replayer.replay(standing.route, chosen, str(state["token"]))
    if not sent:
        return Reply(
            Card("Sent already", (Text(line("Somebody pressed the button before you.")),), Tone.INFO)
        )
    said = line(
        f"{plural(sent, 'message is', 'messages are')} on the way. ",
        Code("relay status"),
        " shows their progress.",
    )
    return Reply(Card("Sending again", (Text(said),), Tone.SUCCESS))


REPLAY = command(
    "relay replay",
    replay,
    SETTING,
    "Send again what failed, or what came in a time range; asks first",
    "relay replay",
    _EXAMPLE,
)
REPLAY_ACTIONS = (Action(REPLAY_ACTION, confirmed, Permission.MANAGE, needs_key=False),)
