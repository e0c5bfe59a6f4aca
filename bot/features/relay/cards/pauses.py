"""What a paused route missed, and what becomes of it. Pure."""

from __future__ import annotations

from bot.cards.figures import plural
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    ChannelMention,
    Code,
    Line,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.chat.ids import Destination
from bot.core.routes.missed import MissedOfRoute
from bot.core.routes.route import Route


def missed_card(route: Route, missed: MissedOfRoute, buttons: tuple[Button, ...]) -> Card:
    """The question what of it is to follow."""
    oldest = missed.events[0]
    said = line(
        f"{_count(missed)} that ",
        Bold(route.name),
        " takes came while it was paused, the oldest of them ",
        Timestamp(oldest.received_at, relative=True),
        ". What should be sent?",
    )
    blocks: list[Block] = [Text(said)]
    if len(route.destinations) > 1:
        blocks.append(Text(line(f"Each goes to {len(route.destinations)} channels.")))
    if missed.too_old:
        blocks.append(Text(line(_too_old(missed.too_old))))
    if missed.more:
        blocks.append(Text(line("There may be more before these; they will not be sent.")))
    note = line(
        "Oldest first; quiet hours and limits of the route do not apply. The buttons work for 15 minutes. "
        "As a command: ",
        Code(f"relay resume {route.name} missed:all"),
    )
    blocks.append(Text(note, subtle=True))
    return Card("Resume the route?", tuple(blocks), Tone.WARNING, buttons)


def resumed_notes(missed: MissedOfRoute | None, wanted: int | None) -> list[Line]:
    """What is said of it once that is decided. wanted: how many, None: all."""
    if missed is None:
        return []
    notes: list[Line] = []
    sent = missed.count if wanted is None else min(wanted, missed.count)
    left = missed.count - sent
    if sent:
        notes.append(line(f"{plural(sent, 'event follows', 'events follow')} that came while it was paused."))
    if left:
        notes.append(
            line(f"{plural(left, 'event', 'events')} that came while it was paused {_is(left)} not sent.")
        )
    if missed.too_old:
        notes.append(line(_too_old(missed.too_old)))
    return notes


def still_lost_note(place: Destination, reason: str, waiting: int) -> Line:
    """Of a channel that cannot be written to yet. waiting: messages that are kept for it."""
    kept = f"{plural(waiting, 'message')} {'waits' if waiting == 1 else 'wait'} there"
    why = reason.rstrip(".")
    return line("I still cannot post in ", ChannelMention(place.channel), f": {why}. {kept} until I can.")


def _count(missed: MissedOfRoute) -> str:
    return ("At least " if missed.more else "") + plural(missed.count, "event")


def _too_old(count: int) -> str:
    return f"{plural(count, 'more event')} {_is(count)} older than is posted (relay.max_age), and left out."


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
