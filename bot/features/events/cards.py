"""Events as they stand at Xquik. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.events.events import event_card
from bot.cards.events.lines import event_line
from bot.core.chat.cards import Block, Card, Code, Field, Fields, Line, Text, Timestamp, line
from bot.core.messages.message import Message, msg
from bot.core.routes.events import Event
from bot.core.text.shortening import cut, printable
from bot.xquik.models import XquikEvent

# Characters of a text in a list.
_TEXT = 120
_ID = 60


def event_row(listed: XquikEvent, event: Event) -> Text:
    """One event of a list, with its id."""
    return Text((_named(listed), " · ", *event_line(event, _TEXT)))


def event_detail(listed: XquikEvent, event: Event, *, stored: bool) -> Card:
    """One event with what Xquik says around it. event: as it is stored here, where it is (stored); its
    buttons act on that alone."""
    card = event_card(event)
    facts = [
        Field(msg("Id"), (_named(listed),)),
        Field(msg("Type"), (Code(event.type),)),
        Field(msg("Monitor"), (_monitor_words(listed),)),
        Field(msg("Happened"), (Timestamp(event.occurred_at),)),
    ]
    blocks: tuple[Block, ...] = (*card.blocks, Fields(tuple(facts)), Text(_way(listed, stored), subtle=True))
    buttons = card.buttons if stored else tuple(one for one in card.buttons if one.url)
    return replace(card, blocks=blocks, buttons=buttons)


def _named(listed: XquikEvent) -> Code:
    return Code(printable(cut(listed.id, _ID)))


def _monitor_words(listed: XquikEvent) -> Message:
    """Which monitor saw it; ids of the sorts may be equal, so the sort is said."""
    number = printable(cut(listed.keyword_monitor_id or listed.monitor_id or "?", _ID))
    if listed.monitor_type == "keyword":
        return msg("search, {id}", id=number)
    if listed.monitor_type == "post":
        return msg("tweet, {id}", id=number)
    return msg("account, {id}", id=number)


def _way(listed: XquikEvent, stored: bool) -> Line:
    if not stored:
        return line(msg("The relay has not received it."))
    named = f"e:{listed.id}"
    return line(msg("`relay why {event}` says where it went.", event=named))
