"""What is said when a place cannot be reached or a route is paused, and when either is over."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.cards.errors import with_code
from bot.core.chat.cards import Bold, Card, ChannelMention, Line, Text, Timestamp, Tone, line
from bot.core.chat.ids import Destination
from bot.core.messages.enumerations import first_few, sentence
from bot.core.messages.message import Duration, Message, msg, nmsg
from bot.core.routes.route import Route
from bot.core.text.shortening import shorten
from bot.storage.relay.outages import COUNTED

# Routes of a place that are called by their names.
_NAMED = 8


def unreachable(place: Destination, detail: str, waiting: int, since: float) -> Card:
    """Told to those who made the routes to a place. waiting: messages; since: epoch seconds."""
    where, when = ChannelMention(place.channel), Timestamp(since)
    said = msg("I have not reached {channel} since {when}", channel=where, when=when)
    if detail:
        said = msg("{said}: {why}", said=said, why=_short(detail))
    blocks = (
        Text(line(said)),
        Text(line(_wait(waiting))),
        Text(line(msg("I keep trying, and say so here when it works again.")), subtle=True),
    )
    return Card(msg("A channel cannot be reached"), blocks, tone=Tone.WARNING)


class KeptMessages(msgspec.Struct, frozen=True):
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
    one = len(routes) == 1
    resume = routes[0].name
    blocks = [
        Text(line(_could_not_post(place, routes, sentence(reason)))),
        Text(line(_are_kept(max_age))),
        *([Text(with_code(remedy))] if remedy else []),
        Text(
            line(
                msg("To resume it now: `relay resume {route}`", route=resume)
                if one
                else msg("To try at once: `relay resume {route}`", route=resume)
            ),
            subtle=True,
        ),
    ]
    title = msg("A route is paused") if one else msg("Routes are paused")
    return Card(title, tuple(blocks), tone=Tone.WARNING)


def _could_not_post(place: Destination, routes: Sequence[Route], why: str) -> Message:
    where, names = ChannelMention(place.channel), first_few([Bold(route.name) for route in routes], _NAMED)
    one = len(routes) == 1
    if any(set(route.open_destinations) <= {place} for route in routes):
        if one:
            return msg(
                "I could not post to {channel}, so the route {names} is paused: {why}",
                channel=where,
                names=names,
                why=why,
            )
        return msg(
            "I could not post to {channel}, so the routes {names} are paused: {why}",
            channel=where,
            names=names,
            why=why,
        )
    if one:
        return msg(
            "I could not post to {channel}, so the route {names} is paused there, and goes on "
            "elsewhere: {why}",
            channel=where,
            names=names,
            why=why,
        )
    return msg(
        "I could not post to {channel}, so the routes {names} are paused there, and go on elsewhere: {why}",
        channel=where,
        names=names,
        why=why,
    )


def _are_kept(max_age: float | None) -> Message:
    if max_age is None:
        return msg("New messages are kept and follow when I can post again. I check every hour.")
    return msg(
        "New messages are kept, for {time} at most, and follow when I can post again. I check every hour.",
        time=Duration(max_age),
    )


def reachable(place: Destination, lasted: Duration, following: KeptMessages) -> Card:
    """Told to the same people when it works again."""
    said = msg(
        "I can post to {channel} again, after {time}.", channel=ChannelMention(place.channel), time=lasted
    )
    return Card(msg("A channel works again"), (Text(_and_follow(said, following)),), tone=Tone.SUCCESS)


def back(lasted: Duration, following: KeptMessages) -> Card:
    """Said in the place itself."""
    said = msg("I could not post here in the meantime. New messages were kept, in order.")
    blocks = [Text(line(said), subtle=True)]
    if following.left_out:
        blocks.append(Text(line(_left_out(following.left_out))))
    return Card(_back_title(lasted, following.waiting), tuple(blocks), tone=Tone.INFO)


def _back_title(lasted: Duration, waiting: int) -> Message:
    if not waiting:
        return msg("Back after {time}", time=lasted)
    if waiting >= COUNTED:
        return msg("Back after {time}: more than {most} messages follow", time=lasted, most=COUNTED)
    return nmsg(
        "Back after {time}: {n} message follows",
        "Back after {time}: {n} messages follow",
        n=waiting,
        time=lasted,
    )


def paused_here(route: Route, reason: str, now: float) -> Card:
    """Said in the places of a route that somebody paused, and to who made it. now: epoch seconds."""
    said = msg(
        "The route {route} is {paused}, since {when}. Nothing is posted from it until it is resumed.",
        route=Bold(route.name),
        paused=_paused(reason),
        when=Timestamp(now),
    )
    again = msg("A manager can resume it with `relay resume {route}`.", route=route.name)
    blocks = (Text(line(said)), Text(line(again), subtle=True))
    return Card(msg("A route is paused"), blocks, tone=Tone.WARNING)


def resumed_here(route: Route, following: KeptMessages) -> Card:
    """Said in a place of a route that goes on."""
    said = msg("The route {route} is on again.", route=Bold(route.name))
    return Card(msg("A route is on again"), (Text(_and_follow(said, following)),), tone=Tone.SUCCESS)


def stopped_here(place: Destination, reason: str) -> Card:
    """Said in a place that nothing comes into any more, and to those who made its routes."""
    said = msg(
        "Messages to {channel} are {paused}.", channel=ChannelMention(place.channel), paused=_paused(reason)
    )
    kept = Text(line(msg("New messages are kept meanwhile.")), subtle=True)
    return Card(msg("Messages are paused"), (Text(line(said)), kept), tone=Tone.WARNING)


def goes_on_here(place: Destination, following: KeptMessages) -> Card:
    """The same when it goes on."""
    said = msg("Messages to {channel} are on again.", channel=ChannelMention(place.channel))
    return Card(msg("Messages are on again"), (Text(_and_follow(said, following)),), tone=Tone.SUCCESS)


def _paused(reason: str) -> str:
    return reason if reason.startswith("paused") else msg("paused: {reason}", reason=reason)


def _wait(waiting: int) -> Message:
    if waiting >= COUNTED:
        return msg("More than {most} messages wait. Nothing is lost or deleted.", most=COUNTED)
    return nmsg(
        "{n} message waits. Nothing is lost or deleted.",
        "{n} messages wait. Nothing is lost or deleted.",
        n=waiting,
    )


def _and_follow(said: Message, following: KeptMessages) -> Line:
    waiting, left_out = following.waiting, following.left_out
    parts: list[Message] = [said]
    if waiting >= COUNTED:
        parts.append(msg("More than {most} messages follow.", most=COUNTED))
    elif waiting:
        parts.append(nmsg("{n} message follows.", "{n} messages follow.", n=waiting))
    elif not left_out:
        parts.append(msg("Nothing was waiting."))
    if left_out:
        parts.append(_left_out(left_out))
    return tuple(piece for index, part in enumerate(parts) for piece in ((" ", part) if index else (part,)))


def _left_out(count: int) -> Message:
    if count >= COUNTED:
        return msg("More than {most} messages were left out, as too old or too many.", most=COUNTED)
    return nmsg(
        "{n} message was left out, as too old or too many.",
        "{n} messages were left out, as too old or too many.",
        n=count,
    )


def _short(detail: str) -> str:
    return detail if isinstance(detail, Message) else shorten(detail, 200)
