"""A card as Block Kit. What does not fit is cut, quoted texts first, and the message counts it.

Of a card that somebody decides by, what is cut comes as a file too (`overflow`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import msgspec

from adapters.slack import bare, limits
from adapters.slack import blocks as parts
from adapters.slack import tables as grids
from adapters.slack.escape import one_line
from adapters.slack.inline import Json, text_run, weight
from adapters.slack.pings import ping_runs
from bot.core.chat import whole
from bot.core.chat.cards import (
    Block,
    Buttons,
    Card,
    Fields,
    File,
    Gallery,
    Picker,
    Picture,
    Priority,
    Progress,
    Quote,
    Shape,
    Table,
    Text,
    Tone,
    priority_of,
)
from bot.core.chat.missing import NO_TEXT, in_file
from bot.core.chat.room import allot, ranked
from bot.core.chat.words import shows
from bot.core.messages.message import Message, nmsg
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank
from bot.i18n.speaking import in_its_language

_ICONS = {
    Tone.NEUTRAL: "",
    Tone.INFO: "ℹ️ ",
    Tone.SUCCESS: "✅ ",
    Tone.WARNING: "⚠️ ",
    Tone.DANGER: "⛔ ",
}


def headline(card: Card) -> str:
    """The title with the icon of its tone."""
    return "" if blank(card.title) else one_line(_ICONS[card.tone] + card.title, limits.HEADER)


class Drawn(msgspec.Struct, frozen=True):
    """blocks: of a message or view; cut, left_out: positions of the card's blocks that are shown in part,
    or not at all."""

    blocks: list[Json]
    cut: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()


class Means(msgspec.Struct, frozen=True):
    """What is drawn with. pictures: False draws links instead, for when Slack cannot fetch one. tables: False
    draws lists instead, for where Slack takes no tables."""

    pictures: bool = True
    tables: bool = False


@in_its_language
def blocks(
    card: Card, *, pictures: bool = True, tables: bool = False, most: int = limits.MESSAGE_BLOCKS
) -> list[Json]:
    """The blocks of a message or view. pictures, tables: as of `Means`; no view takes tables. most: how many
    blocks the surface takes."""
    return _drawn(card, Means(pictures, tables), most=most).blocks


@in_its_language
def overflow(card: Card) -> tuple[File, ...]:
    """What a message does not hold of a card that somebody decides by, as files (`bot.core.chat.whole`): as
    list or as table, since which of both Slack takes is not known yet."""
    if not whole.names(card):
        return ()
    ways = [Means(), Means(tables=True)] if any(isinstance(one, Table) for one in card.blocks) else [Means()]
    drawn = [_drawn(card, means, most=limits.MESSAGE_BLOCKS) for means in ways]
    cut, left_out = {i for one in drawn for i in one.cut}, {i for one in drawn for i in one.left_out}
    return whole.files(card, cut, left_out)


def _drawn(card: Card, means: Means, *, most: int) -> Drawn:
    if card.shape is Shape.BARE:
        words = bare.elements(card)
        return Drawn([parts.rich(parts.section(words))] if words else [])
    head, own = _head(card), parts.buttons(card.buttons)
    priorities = [priority_of(block) for block in card.blocks]
    room = limits.MESSAGE_TEXT - weight(head) - weight(own) - parts.NOTE
    full = _each(card, [parts.WHOLE] * len(card.blocks), means)
    sizes = [weight(one) for one in full]
    given = allot(sizes, priorities, room, parts.NOTE)
    made = full
    if given != sizes:
        made = [
            own if got >= size else part
            for own, part, got, size in zip(full, _each(card, given, means), given, sizes, strict=True)
        ]
    # One block is kept for the line that says what was left out.
    free = most - len(head) - len(own) - 1
    fits = made is full and sum(map(len, full)) <= free
    left_out = frozenset[int]() if fits else _left_out(made, given, priorities, free)
    shown = [one for index, part in enumerate(made) if index not in left_out for one in part]
    if left_out:
        where = whole.PREVIEW_FILE if whole.names(card) else ""
        shown.append(parts.note(say(in_file(_unfit(len(left_out)), where))))
    cut = {i for i, part in enumerate(made) if part != full[i] or _too_many(card.blocks[i], part)}
    made_of = [*head, *shown, *own] or [
        parts.rich(parts.section([text_run(one_line(card.title, limits.HEADER) or say(NO_TEXT))]))
    ]
    return Drawn(made_of, frozenset(cut), left_out)


def _unfit(count: int) -> Message:
    return nmsg(
        "… {n} more part does not fit in a message", "… {n} more parts do not fit in a message", n=count
    )


def _each(card: Card, rooms: Sequence[int], means: Means) -> list[list[Json]]:
    """What is drawn of each block in its room."""
    made: list[list[Json]] = []
    named, urls, cells = whole.names(card), len(card.buttons), limits.TABLE_TEXT
    for index, (block, room) in enumerate(zip(card.blocks, rooms, strict=True)):
        where = named.get(index, "")
        part: list[Json] | None = [] if not shows(block) else None
        if part is None and means.tables and isinstance(block, Table):
            part = grids.table(block, card.title, min(room, cells), where)
            cells -= grids.cells_in(part or [])
        if part is None:
            part = _draw(block, room, where, pictures=means.pictures, urls=urls, number=index)
        made.append(part)
        if isinstance(block, Buttons):
            urls += len(block.buttons)
    return made


def _left_out(
    made: Sequence[list[Json]], given: Sequence[int], priorities: Sequence[Priority], free: int
) -> frozenset[int]:
    """The blocks that do not fit: from the first that does not, in the order in which they are kept."""
    order = ranked(priorities)
    for place, index in enumerate(order):
        # What cannot be made smaller, as buttons, may be larger than its room.
        free -= len(made[index])
        if free < 0 or weight(made[index]) > given[index]:
            return frozenset(one for one in order[place:] if made[one])
    return frozenset()


def _too_many(block: Block, made: Sequence[Json]) -> bool:
    """Whether a block has more than is shown of such, however much room there is. made: its blocks."""
    match block:
        case Fields():
            return len(block.items) > limits.LIST_ITEMS
        case Table():
            shown = grids.rows_in(made)
            return len(block.rows) > (limits.LIST_ITEMS if shown is None else shown)
        case Gallery():
            return len(block.items) > limits.PICTURES
        case _:
            return False


def _head(card: Card) -> list[Json]:
    """Whom the message notifies, and its heading unless it is a line."""
    pinged = ping_runs(card)
    made = [parts.rich(parts.section(pinged))] if pinged else []
    title = headline(card) if card.shape is Shape.CARD else ""
    if title:
        made.append({"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}})
    return made


def _draw(block: Block, room: int, where: str, *, pictures: bool, urls: int, number: int) -> list[Json]:
    match block:
        case Text():
            return parts.text(block, room, where)
        case Quote():
            drawn = parts.quote(block, room, where)
            return drawn if pictures else [_without_pictures(one) for one in drawn]
        case Fields():
            return parts.fields(block, room, where)
        case Table():
            return parts.table(block, room, where)
        case Gallery():
            return parts.gallery(block, room, where, pictures=pictures)
        case Picture():
            return parts.picture(block.url, block.alt, pictures=pictures)
        case Progress():
            return parts.progress(block, room)
        case Buttons():
            return parts.buttons(block.buttons, urls)
        case Picker():
            return parts.picker(block, number)
        case _:
            assert_never(block)


def _without_pictures(block: Json) -> Json:
    """A context line without the avatar."""
    if block["type"] != "context":
        return block
    return block | {"elements": [one for one in block["elements"] if one["type"] != "image"]}
