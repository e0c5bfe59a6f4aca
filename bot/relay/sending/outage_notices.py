"""What is said when a place cannot be reached or a route is paused, and when either is over."""

from __future__ import annotations

from bot.core.cards import Bold, Card, ChannelMention, Code, Text, Timestamp, Tone, line
from bot.core.ids import Destination
from bot.core.routes import Route
from bot.core.text import shorten
from bot.storage.outages import COUNTED


def unreachable(place: Destination, detail: str, waiting: int, since: float) -> Card:
    """Told to those who made the routes to a place. waiting: messages; since: epoch seconds."""
    why = f": {shorten(detail, 200)}" if detail else ""
    blocks = (
        Text(line("I cannot reach ", ChannelMention(place.channel), " since ", Timestamp(since), why)),
        Text(line(f"{_messages(waiting)} {_verb(waiting, 'waits', 'wait')}. Nothing is lost or deleted.")),
        Text(line("I keep trying, and say so here when it works again."), subtle=True),
    )
    return Card("A channel cannot be reached", blocks, tone=Tone.WARNING)


def reachable(place: Destination, lasted: str, waiting: int) -> Card:
    """Told to the same people when it works again. lasted: a duration in words."""
    said = line(ChannelMention(place.channel), f" can be reached again, after {lasted}. {_follow(waiting)}")
    return Card("A channel works again", (Text(said),), tone=Tone.SUCCESS)


def back(lasted: str, waiting: int) -> Card:
    """Said in the place itself."""
    title = f"Back after {lasted}" + (f": {_follow(waiting).rstrip('.')}" if waiting else "")
    said = line("I could not post here in the meantime. What comes was kept, in its order.")
    return Card(title, (Text(said, subtle=True),), tone=Tone.INFO)


def paused_here(route: Route, reason: str) -> Card:
    """Said in the places of a route that somebody paused."""
    said = line("The route ", Bold(route.name), f" is {_reason(reason)}. What it brought does not come now.")
    again = line("A manager can let it go on with ", Code(f"relay resume {route.name}"), ".")
    return Card("A route is paused", (Text(said), Text(again, subtle=True)), tone=Tone.WARNING)


def resumed_here(route: Route, waiting: int) -> Card:
    """Said in a place of a route that goes on. waiting: messages that were kept for it."""
    said = line("The route ", Bold(route.name), f" is on again. {_follow(waiting)}")
    return Card("A route is on again", (Text(said),), tone=Tone.SUCCESS)


def stopped_here(place: Destination, reason: str) -> Card:
    """Said in a place that nothing comes into any more, and to those who made its routes."""
    said = line("What comes into ", ChannelMention(place.channel), f" is {_reason(reason)}.")
    kept = line("What waits is kept.")
    return Card("Messages are paused", (Text(said), Text(kept, subtle=True)), tone=Tone.WARNING)


def goes_on_here(place: Destination, waiting: int) -> Card:
    """The same when it goes on. waiting: messages that were kept for it."""
    said = line("What comes into ", ChannelMention(place.channel), f" goes on. {_follow(waiting)}")
    return Card("Messages go on", (Text(said),), tone=Tone.SUCCESS)


def _reason(reason: str) -> str:
    return reason if reason.startswith("paused") else f"paused: {reason}"


def _follow(waiting: int) -> str:
    if not waiting:
        return "Nothing was waiting."
    return f"{_messages(waiting)} {_verb(waiting, 'follows', 'follow')}."


def _messages(count: int) -> str:
    many = f"more than {COUNTED:,}" if count >= COUNTED else f"{count:,}"
    return f"{many} message" if count == 1 else f"{many} messages"


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
