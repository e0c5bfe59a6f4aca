"""What is said when a place cannot be reached or a route is paused, and when either is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.cards.errors import with_code
from bot.core.chat.cards import Bold, Card, ChannelMention, Code, Inline, Text, Timestamp, Tone, line
from bot.core.chat.ids import Destination
from bot.core.routes.route import Route
from bot.core.text.shortening import shorten
from bot.core.times.durations import format_duration
from bot.storage.relay.outages import COUNTED

# Routes of a place that are called by their names.
_NAMED = 8


def unreachable(place: Destination, detail: str, waiting: int, since: float) -> Card:
    """Told to those who made the routes to a place. waiting: messages; since: epoch seconds."""
    why = f": {shorten(detail, 200)}" if detail else ""
    blocks = (
        Text(line("I have not reached ", ChannelMention(place.channel), " since ", Timestamp(since), why)),
        Text(line(f"{_messages(waiting)} {_verb(waiting, 'waits', 'wait')}. Nothing is lost or deleted.")),
        Text(line("I keep trying, and say so here when it works again."), subtle=True),
    )
    return Card("A channel cannot be reached", blocks, tone=Tone.WARNING)


@dataclass(frozen=True, slots=True)
class KeptMessages:
    """What was kept for a place. waiting: messages that follow now; left_out: those that do not, because
    they grew too old or were too many."""

    waiting: int
    left_out: int = 0

    def __add__(self, other: KeptMessages) -> KeptMessages:
        return KeptMessages(self.waiting + other.waiting, self.left_out + other.left_out)


def lost(
    place: Destination, routes: Sequence[Route], reason: str, remedy: str, max_age: float | None
) -> Card:
    """Told to those who can do something about it: nothing can be posted in a place any more.

    routes: as they were before, those that the person is told of. max_age: seconds for which what comes
    is kept; None: without end.
    """
    ended = [route for route in routes if set(route.open_destinations) <= {place}]
    names: list[Inline] = []
    for route in routes[:_NAMED]:
        names += [", " if names else "", Bold(route.name)]
    if len(routes) > _NAMED:
        names.append(f" and {len(routes) - _NAMED:,} more")
    noun = "the route " if len(routes) == 1 else "the routes "
    verb = "is" if len(routes) == 1 else "are"
    rest = (
        f" {verb} paused: "
        if ended
        else f" {verb} paused there, and {'goes' if verb == 'is' else 'go'} on elsewhere: "
    )
    said = line(
        "I could not post to ", ChannelMention(place.channel), ", so ", noun, *names, rest, _sentence(reason)
    )
    for_long = "" if max_age is None else f", for {format_duration(timedelta(seconds=max_age))} at most,"
    kept = line(f"New messages are kept{for_long} and follow when I can post again. I check every hour.")
    again = line(
        "To resume it now: " if len(routes) == 1 else "To try at once: ",
        Code(f"relay resume {routes[0].name}"),
    )
    blocks = [
        Text(said),
        Text(kept),
        *([Text(with_code(remedy))] if remedy else []),
        Text(again, subtle=True),
    ]
    return Card(
        "A route is paused" if len(routes) == 1 else "Routes are paused", tuple(blocks), tone=Tone.WARNING
    )


def reachable(place: Destination, lasted: str, following: KeptMessages) -> Card:
    """Told to the same people when it works again. lasted: a duration in words."""
    said = line(
        "I can post to ", ChannelMention(place.channel), f" again, after {lasted}. {_follow(following)}"
    )
    return Card("A channel works again", (Text(said),), tone=Tone.SUCCESS)


def back(lasted: str, following: KeptMessages) -> Card:
    """Said in the place itself."""
    waiting = following.waiting
    title = f"Back after {lasted}" + (f": {_follow(KeptMessages(waiting)).rstrip('.')}" if waiting else "")
    said = "I could not post here in the meantime. New messages were kept, in order."
    blocks = [Text(line(said), subtle=True)]
    if following.left_out:
        blocks.append(Text(line(_left_out(following.left_out))))
    return Card(title, tuple(blocks), tone=Tone.INFO)


def paused_here(route: Route, reason: str, now: float) -> Card:
    """Said in the places of a route that somebody paused, and to who made it. now: epoch seconds."""
    said = line(
        "The route ",
        Bold(route.name),
        f" is {_reason(reason)}, since ",
        Timestamp(now),
        ". Nothing is posted from it until it is resumed.",
    )
    again = line("A manager can resume it with ", Code(f"relay resume {route.name}"), ".")
    return Card("A route is paused", (Text(said), Text(again, subtle=True)), tone=Tone.WARNING)


def resumed_here(route: Route, following: KeptMessages) -> Card:
    """Said in a place of a route that goes on."""
    said = line("The route ", Bold(route.name), f" is on again. {_follow(following)}")
    return Card("A route is on again", (Text(said),), tone=Tone.SUCCESS)


def stopped_here(place: Destination, reason: str) -> Card:
    """Said in a place that nothing comes into any more, and to those who made its routes."""
    said = line("Messages to ", ChannelMention(place.channel), f" are {_reason(reason)}.")
    kept = line("New messages are kept meanwhile.")
    return Card("Messages are paused", (Text(said), Text(kept, subtle=True)), tone=Tone.WARNING)


def goes_on_here(place: Destination, following: KeptMessages) -> Card:
    """The same when it goes on."""
    said = line("Messages to ", ChannelMention(place.channel), f" are on again. {_follow(following)}")
    return Card("Messages are on again", (Text(said),), tone=Tone.SUCCESS)


def _reason(reason: str) -> str:
    return reason if reason.startswith("paused") else f"paused: {reason}"


def _follow(following: KeptMessages) -> str:
    waiting, left_out = following.waiting, following.left_out
    said = (
        f"{_messages(waiting)} {_verb(waiting, 'follows', 'follow')}." if waiting else "Nothing was waiting."
    )
    if not left_out:
        return said
    return f"{said} {_left_out(left_out)}" if waiting else _left_out(left_out)


def _left_out(count: int) -> str:
    was = _verb(count, "was", "were")
    return f"{_messages(count)} {was} left out, as too old or too many."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _messages(count: int) -> str:
    many = f"more than {COUNTED:,}" if count >= COUNTED else f"{count:,}"
    return f"{many} message" if count == 1 else f"{many} messages"


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
