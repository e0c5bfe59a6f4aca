"""Several events as one message: a digest, a burst, what quiet hours held back, what was missed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.appearance import Appearance, Layout
from bot.core.cards import Card, Text, Tone, line
from bot.core.events import Event
from bot.core.routes import is_sensitive
from bot.core.text import shorten
from bot.presenters.event_lines import event_line

# Lines of a list: with their links they stay below the 4,000 characters that Discord takes.
LIST_LIMIT = 15
_LINE_TEXT = 100


def list_card(events: Sequence[Event], title: str, appearance: Appearance) -> Card:
    """One message of several events in their order, each on a line; what does not fit is counted.

    title: what the list is, as "12 events while it was quiet". A route that shows links alone gets no
    text of X here either.
    """
    with_text = appearance.layout is not Layout.LINK
    shown = events[:LIST_LIMIT]
    # Whether the channel is meant for sensitive tweets is known only when a message is sent.
    blocks = [
        Text(event_line(event, _LINE_TEXT, text=with_text and not is_sensitive(event))) for event in shown
    ]
    left = len(events) - len(shown)
    if left:
        blocks.append(Text(line(f"… {left:,} more"), subtle=True))
    return Card(shorten(title, 150), tuple(blocks), Tone.INFO, pings=appearance.pings)
