"""A card as Block Kit. What does not fit is cut, and the message says so."""

from __future__ import annotations

from typing import assert_never

from adapters.slack import bare, limits, parts
from adapters.slack.escape import one_line
from adapters.slack.pings import ping_runs
from adapters.slack.runs import Json, weight
from bot.core.cards import (
    Block,
    Buttons,
    Card,
    Fields,
    Gallery,
    Picture,
    Progress,
    Quote,
    Shape,
    Table,
    Text,
    Tone,
)

_ICONS = {
    Tone.NEUTRAL: "",
    Tone.INFO: "ℹ️ ",
    Tone.SUCCESS: "✅ ",
    Tone.WARNING: "⚠️ ",
    Tone.DANGER: "⛔ ",
}


def headline(card: Card) -> str:
    """The title with the icon of its tone."""
    return one_line(_ICONS[card.tone] + card.title, limits.HEADER)


def blocks(card: Card, *, pictures: bool = True, most: int = limits.MESSAGE_BLOCKS) -> list[Json]:
    """The blocks of a message or view.

    pictures: False draws links instead, for when Slack cannot fetch one. most: how many blocks the
    surface takes.
    """
    if card.shape is Shape.BARE:
        words = bare.elements(card)
        return [parts.rich(parts.section(words))] if words else []
    made = _head(card)
    own = parts.buttons(card.buttons)
    room = limits.MESSAGE_TEXT - weight(made) - weight(own) - parts.NOTE
    # One block is kept for the line that says what was cut.
    free = most - len(made) - len(own) - 1
    urls = len(card.buttons)
    for index, block in enumerate(card.blocks):
        drawn = _draw(block, room, pictures=pictures, urls=urls)
        if isinstance(block, Buttons):
            urls += len(block.buttons)
        if len(drawn) > free or weight(drawn) > room or room <= parts.NOTE:
            made.append(parts.note(f"… {len(card.blocks) - index} more parts do not fit in a message"))
            break
        made += drawn
        free -= len(drawn)
        room -= weight(drawn)
    return [*made, *own]


def _head(card: Card) -> list[Json]:
    """Whom the message notifies, and its heading unless it is a line."""
    pinged = ping_runs(card)
    made = [parts.rich(parts.section(pinged))] if pinged else []
    title = headline(card) if card.shape is Shape.CARD else ""
    if title:
        made.append({"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}})
    return made


def _draw(block: Block, room: int, *, pictures: bool, urls: int) -> list[Json]:
    match block:
        case Text():
            return parts.text(block, room)
        case Quote():
            drawn = parts.quote(block, room)
            return drawn if pictures else [_without_pictures(one) for one in drawn]
        case Fields():
            return parts.fields(block, room)
        case Table():
            return parts.table(block, room)
        case Gallery():
            return parts.gallery(block, room, pictures=pictures)
        case Picture():
            return parts.picture(block.url, block.alt, pictures=pictures)
        case Progress():
            return parts.progress(block, room)
        case Buttons():
            return parts.buttons(block.buttons, urls)
        case _:
            assert_never(block)


def _without_pictures(block: Json) -> Json:
    """A context line without the avatar."""
    if block["type"] != "context":
        return block
    return block | {"elements": [one for one in block["elements"] if one["type"] != "image"]}
