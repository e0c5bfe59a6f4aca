"""What a paused route missed, and what becomes of it. Pure."""

from __future__ import annotations

from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    ChannelMention,
    Line,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.chat.ids import Destination
from bot.core.messages.enumerations import sentence
from bot.core.messages.message import Message, msg, nmsg
from bot.core.routes.missed import MissedOfRoute
from bot.core.routes.route import Route


def missed_card(route: Route, missed: MissedOfRoute, buttons: tuple[Button, ...]) -> Card:
    """The question what of it is to follow."""
    blocks: list[Block] = [Text(line(_came(route, missed), " ", msg("What should be sent?")))]
    places = len(route.destinations)
    if places > 1:
        said = nmsg("Each goes to {n} channel.", "Each goes to {n} channels.", n=places)
        blocks.append(Text(line(said)))
    if missed.too_old:
        blocks.append(Text(line(_too_old(missed.too_old))))
    if missed.more:
        blocks.append(Text(line(msg("There may be more before these; they will not be sent."))))
    note = line(
        msg(
            "Oldest first; quiet hours and limits of the route do not apply. The buttons work for 15 minutes."
        ),
        " ",
        msg("As a command: `relay resume {route} missed:all`", route=route.name),
    )
    blocks.append(Text(note, subtle=True))
    return Card(msg("Resume the route?"), tuple(blocks), Tone.WARNING, buttons)


def resumed_notes(missed: MissedOfRoute | None, wanted: int | None) -> list[Line]:
    """What is said of it once that is decided. wanted: how many, None: all."""
    if missed is None:
        return []
    notes: list[Line] = []
    sent = missed.count if wanted is None else min(wanted, missed.count)
    left = missed.count - sent
    if sent:
        follow = nmsg(
            "{n} event follows that came while it was paused.",
            "{n} events follow that came while it was paused.",
            n=sent,
        )
        notes.append(line(follow))
    if left:
        stay = nmsg(
            "{n} event that came while it was paused is not sent.",
            "{n} events that came while it was paused are not sent.",
            n=left,
        )
        notes.append(line(stay))
    if missed.too_old:
        notes.append(line(_too_old(missed.too_old)))
    return notes


def still_lost_note(place: Destination, reason: str, waiting: int) -> Line:
    """Of a channel that cannot be written to yet. waiting: messages that are kept for it."""
    return line(
        msg(
            "I still cannot post in {channel}: {why}",
            channel=ChannelMention(place.channel),
            why=sentence(reason),
        ),
        " ",
        nmsg("{n} message waits there until I can.", "{n} messages wait there until I can.", n=waiting),
    )


def _came(route: Route, missed: MissedOfRoute) -> Message:
    name, oldest = Bold(route.name), Timestamp(missed.events[0].received_at, relative=True)
    if missed.more:
        return nmsg(
            "At least {n} event that {route} takes came while it was paused, the oldest of them {when}.",
            "At least {n} events that {route} takes came while it was paused, the oldest of them {when}.",
            n=missed.count,
            route=name,
            when=oldest,
        )
    return nmsg(
        "{n} event that {route} takes came while it was paused, the oldest of them {when}.",
        "{n} events that {route} takes came while it was paused, the oldest of them {when}.",
        n=missed.count,
        route=name,
        when=oldest,
    )


def _too_old(count: int) -> Message:
    return nmsg(
        "{n} more event is older than is posted (relay.max_age), and left out.",
        "{n} more events are older than is posted (relay.max_age), and left out.",
        n=count,
    )
