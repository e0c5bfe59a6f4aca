"""An event on one line: who, what, its text cut short, its link, and when."""

from __future__ import annotations

from bot.cards.events.words import author_of, event_url, source
from bot.cards.figures import epoch, joined
from bot.core.chat.cards import Bold, Line, Link, Timestamp
from bot.core.messages.message import msg
from bot.core.routes.event_readings import about_tweet, reading, text_of
from bot.core.routes.event_words import kind_words
from bot.core.routes.events import Event
from bot.core.text.shortening import printable, shorten

_ON_X = msg("on X")


def event_line(event: Event, limit: int, *, text: bool = True) -> Line:
    """The line. limit: characters of its text; text: whether it has any of X's at all."""
    # What cannot fit is not looked at: a long tweet has 25,000 characters.
    said = shorten(text_of(event)[: 4 * limit], limit) if text else ""
    url = event_url(event)
    return joined(
        _who(event),
        kind_words(event.type),
        printable(said),
        Link(_ON_X, url) if url is not None else None,
        Timestamp(happened_at(event), relative=True),
    )


def deleted_line(event: Event) -> Line:
    """The line of a tweet that X has deleted: nothing of its text, and no link, which would lead nowhere."""
    when = Timestamp(happened_at(event), relative=True)
    return joined(_who(event), kind_words(event.type), msg("deleted on X"), when)


def happened_at(event: Event) -> float:
    """Epoch seconds: when its tweet was written, else when it happened."""
    written = epoch(reading(event).created_at) if about_tweet(event.type) else None
    return event.occurred_at if written is None else written


def _who(event: Event) -> Bold | None:
    name = author_of(event)
    said = f"@{name}" if name else printable(source(event))
    return Bold(said) if said else None
