"""A relayed event as its route wants it to look: everything, one line, a link, or a template.

Text of X stands in a card as plain text and nowhere else: no look makes a link, a mention or markup of
it. The only mentions that ping are the ids that a manager put into the route.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cards.events.events import MORE_ACTION, action_buttons, event_card, late_note
from bot.cards.events.lines import event_line
from bot.cards.events.words import author_of, event_url, headline, source
from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.cards import Button, Card, Inline, Line, Link, Shape, Text, Tone, line
from bot.core.chat.moments import in_zone
from bot.core.messages.message import Message, msg
from bot.core.routes.appearance import Appearance, Layout
from bot.core.routes.event_readings import text_of
from bot.core.routes.events import Event
from bot.core.text.shortening import printable, shorten

# Characters of a tweet on its one line.
_LINE_TEXT = 200
# Of its title; with a name before it, it stays below the 100 that Discord takes.
_TITLE = 75


def relayed_card(event: Event, appearance: Appearance, *, late: bool) -> Card:
    """The message of an event. late: it reached us long after it happened."""
    card = in_zone(_look(event, appearance, late=late), appearance.said_in)
    return replace(card, pings=appearance.pings)


def deleted_card(card: Card) -> Card:
    """`card`, whose tweet X has deleted: it says so, and offers nothing that is no longer possible."""
    note = Text(line(msg("Deleted on X.")), subtle=True)
    buttons = tuple(one for one in card.buttons if one.action is not None and one.action.name == MORE_ACTION)
    return replace(card, blocks=(*card.blocks, note), tone=Tone.WARNING, buttons=buttons)


def post_title(event: Event, appearance: Appearance) -> str:
    """What a forum post, or a thread, of this event is called, on one line of plain text.

    A route that shows links alone gets no text of X here either.
    """
    text = (
        "" if appearance.layout is Layout.LINK else printable(shorten(text_of(event)[: 4 * _TITLE], _TITLE))
    )
    name = author_of(event)
    if not text:
        return _summary(event)
    return f"@{name}: {text}" if name else text


def _look(event: Event, appearance: Appearance, *, late: bool) -> Card:
    match appearance.layout:
        case Layout.FULL:
            return event_card(event, late=late)
        case Layout.LINK:
            return _link(event)
        case Layout.COMPACT:
            return _compact(event, late=late)
        case Layout.TEMPLATE:
            return _templated(event, appearance, late=late)


def _compact(event: Event, *, late: bool) -> Card:
    blocks = [Text(event_line(event, _LINE_TEXT))]
    if late:
        blocks.append(late_note(event))
    # The line has the link already, so no button repeats it.
    more = action_buttons(event, MORE_ACTION)
    return Card(_summary(event), tuple(blocks), Tone.INFO, more, shape=Shape.LINE)


def _link(event: Event) -> Card:
    url = event_url(event)
    if url is None:
        return _compact(event, late=False)
    return Card(_summary(event), (Text(line(Link(url, url))),), Tone.INFO, shape=Shape.BARE)


def _templated(event: Event, appearance: Appearance, *, late: bool) -> Card:
    """What the template makes of it; a line with a word about the template when it makes nothing."""
    from bot.cards.templates.templates import TemplateError, render  # only who has a template waits for it

    try:
        text = render(appearance.template, event, timezone=appearance.timezone, late=late)
    except TemplateError:
        text = ""
    if not text:
        plain = _compact(event, late=late)
        note = Text(line(msg("The template of this route could not show this.")), subtle=True)
        return replace(plain, blocks=(*plain.blocks, note))
    words = Text(_linked(text, event_url(event)))
    return Card(_summary(event), (words,), Tone.INFO, _few_buttons(event), shape=Shape.LINE)


def _linked(text: str, url: str | None) -> Line:
    """The text with the address of the event, and no other, as a link."""
    if url is None:
        return (text,)
    found: list[Inline] = []
    for position, part in enumerate(re.split(re.escape(url) + r"(?![\w/?#.-])", text)):
        if position:
            # Discord draws no link whose words are an address themselves.
            found.append(Link(url.removeprefix("https://"), url))
        if part:
            found.append(part)
    return tuple(found)


def _summary(event: Event) -> Message:
    """For notifications, and where a platform wants words beside a card: nothing of the tweet's text."""
    name = author_of(event)
    who = f"@{name}" if name else source(event)
    return headline(event, who)


def _few_buttons(event: Event) -> tuple[Button, ...]:
    url = event_url(event)
    link = (Button(OPEN_ON_X, url=url),) if url is not None else ()
    return (*link, *action_buttons(event, MORE_ACTION))
