"""Several events as one message: a digest, a burst, what quiet hours held back, what was missed."""

from __future__ import annotations

from collections.abc import Container, Sequence

from bot.cards.events.lines import deleted_line, event_line
from bot.core.chat.cards import Card, Line, Text, Tone, line
from bot.core.chat.moments import in_zone
from bot.core.messages.message import Message, nmsg
from bot.core.routes.appearance import Appearance, Layout
from bot.core.routes.event_readings import is_sensitive
from bot.core.routes.events import Event
from bot.core.text.shortening import shorten

# Lines of a list: with their links they stay below the 4,000 characters that Discord takes.
LIST_LIMIT = 15
_LINE_TEXT = 100


def list_card(
    events: Sequence[Event],
    title: str,
    appearance: Appearance,
    *,
    deleted: Container[int] = (),
    more: int = 0,
) -> Card:
    """One message of several events in their order, each on a line; what does not fit is counted.

    title: what the list is, as "12 events while it was quiet". A route that shows links alone gets no
    text of X here either. deleted: the ids of events whose tweet X has deleted since. more: how many
    events belong to the list, and cannot be shown any more.
    """
    with_text = appearance.layout is not Layout.LINK
    shown = events[:LIST_LIMIT]
    blocks = [
        Text(deleted_line(event) if event.id in deleted else _line(event, with_text=with_text))
        for event in shown
    ]
    left = len(events) - len(shown) + more
    if left:
        blocks.append(Text(line(nmsg("… {n} more", "… {n} more", n=left)), subtle=True))
    card = Card(
        title if isinstance(title, Message) else shorten(title, 150),
        tuple(blocks),
        Tone.INFO,
        pings=appearance.pings,
    )
    return in_zone(card, appearance.said_in)


def _line(event: Event, *, with_text: bool) -> Line:
    # Whether the channel is meant for sensitive tweets is known only when a message is sent.
    return event_line(event, _LINE_TEXT, text=with_text and not is_sensitive(event))
