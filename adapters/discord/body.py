"""The blocks of a card within the components and characters that a message has left for them.

Room is given by priority (`bot.core.chat.room`): what a decision rests on stays whole before anything that is
only quoted, and whatever is cut or left out is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

import msgspec

from adapters.discord import limits
from adapters.discord.blocks import block_text, more
from adapters.discord.buttons import Rows, rows_of
from adapters.discord.inline import masked_link, web_url
from adapters.discord.kinds import Component, Type
from adapters.discord.pickers import picker_row
from bot.core.chat import whole
from bot.core.chat.cards import (
    Block,
    Buttons,
    Fields,
    Gallery,
    Media,
    Picker,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
    priority_of,
)
from bot.core.chat.missing import Missing
from bot.core.chat.room import allot, ranked
from bot.core.chat.words import shows
from bot.core.messages.message import msg
from bot.core.messages.speaking import say

UNLIMITED: Final = 1_000_000
LEAST: Final = 100
"""Characters that the count of what is cut needs, with the name of a file."""


@dataclass(slots=True)
class MessagePiece:
    """A part of the message. A text has no component yet, so that neighbours can be joined."""

    text: str = ""
    component: Component | None = None
    cost: int = 1


class FittedBlocks(msgspec.Struct, frozen=True):
    """pieces: in order; cut, left_out: positions of the blocks that are shown in part, or not at all."""

    pieces: list[MessagePiece]
    cut: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()


def body(
    blocks: Sequence[Block], room: int, budget: int, used: set[str], named: Mapping[int, str]
) -> FittedBlocks:
    """The blocks within `room` components and `budget` characters.

    used: ids of buttons that the message has already. named: the file that has each block.
    """
    rows = {i: _rows(block, used) for i, block in enumerate(blocks) if isinstance(block, Buttons | Picker)}
    full = [rows.get(i) or _pieces(block, UNLIMITED, "") for i, block in enumerate(blocks)]
    priorities = [priority_of(block) for block in blocks]
    sizes = [sum(limits.size(piece.text) for piece in part) for part in full]
    given = allot(sizes, priorities, budget - len(blocks) - LEAST, LEAST)
    made = [
        part if got >= size else _pieces(block, got, named.get(i, ""))
        for i, (block, part, size, got) in enumerate(zip(blocks, full, sizes, given, strict=True))
    ]
    unfit = {i for i, part in enumerate(full) if part and not made[i]}
    shown, dropped = _fitted(
        {i: part for i, part in enumerate(made) if part}, ranked(priorities), room, bool(unfit)
    )
    left_out = frozenset(unfit | dropped)
    cut = {i for i, part in enumerate(made) if part != full[i]} | _with_more(blocks)
    if left_out and room > 0:
        where = whole.PREVIEW_FILE if named else ""
        shown = joined([*shown, MessagePiece(more(len(left_out), Missing.PARTS, where))])
    return FittedBlocks(shown, frozenset(cut - left_out), left_out)


def _pieces(block: Block, limit: int, where: str) -> list[MessagePiece]:
    if isinstance(block, Text):  # which looks for itself whether it shows anything
        return [MessagePiece(text)] if (text := block_text(block, limit, where)) else []
    if not shows(block):
        return []
    match block:
        case Fields() | Table() | Progress():
            return [MessagePiece(text)] if (text := block_text(block, limit, where)) else []
        case Quote():
            return _quote(block, limit, where)
        case Gallery():
            return _gallery(block, limit)
        case Picture(url, alt):
            return _gallery(Gallery((Media(url, alt),)), limit)
        case Buttons() | Picker():
            return []
        case _:
            assert_never(block)


def _quote(quote: Quote, limit: int, where: str) -> list[MessagePiece]:
    text = block_text(quote, limit, where)
    avatar = web_url(quote.avatar_url, limits.MEDIA_URL)
    if not text or not avatar:
        return [MessagePiece(text)] if text else []
    thumbnail = {"type": Type.THUMBNAIL, "media": {"url": avatar}}
    inner = [{"type": Type.TEXT, "content": text}]
    section = {"type": Type.SECTION, "components": inner, "accessory": thumbnail}
    return [MessagePiece(text, section, 3)]


def _gallery(gallery: Gallery, limit: int) -> list[MessagePiece]:
    items = [item for media in gallery.items if (item := _item(media, sensitive=gallery.sensitive))]
    shown, unshown = items[: limits.GALLERY_ITEMS], len(gallery.items) - len(items[: limits.GALLERY_ITEMS])
    pieces = [MessagePiece(component={"type": Type.GALLERY, "items": shown})] if shown else []
    note = more(unshown, Missing.PICTURES) if unshown else ""
    if gallery.more_url:
        link = masked_link(say(msg("All of them")), gallery.more_url)
        note = f"{note} · {link}" if note else f"-# {link}"
        if limits.size(note) > limit:
            note = more(unshown, Missing.PICTURES) if unshown else ""
    if note and limits.size(note) <= limit:
        pieces.append(MessagePiece(note))
    return pieces


def _item(media: Media, *, sensitive: bool) -> Component | None:
    url = web_url(media.url, limits.MEDIA_URL)
    if url is None:
        return None
    item: Component = {"media": {"url": url}}
    if media.alt.strip():
        item["description"] = limits.clip(media.alt.strip(), limits.ALT_TEXT)
    return item | {"spoiler": True} if sensitive else item


def _with_more(blocks: Sequence[Block]) -> set[int]:
    """Galleries of which not every picture is shown, however much room there is."""
    return {
        i
        for i, one in enumerate(blocks)
        if isinstance(one, Gallery) and len(one.items) > limits.GALLERY_ITEMS
    }


def _rows(block: Buttons | Picker, used: set[str]) -> list[MessagePiece]:
    made = picker_row(block, used) if isinstance(block, Picker) else rows_of(block.buttons, used)
    return row_pieces(made)


def row_pieces(rows: Rows) -> list[MessagePiece]:
    """Rows of buttons, and what is said about those that do not fit."""
    pieces = [MessagePiece(component=row, cost=1 + len(row["components"])) for row in rows.rows]
    return [*pieces, MessagePiece(rows.note)] if rows.note else pieces


def _fitted(
    parts: dict[int, list[MessagePiece]], order: Sequence[int], room: int, noted: bool
) -> tuple[list[MessagePiece], set[int]]:
    """The parts within `room` components, and the blocks that had to go: texts are joined first, then
    the last of the lowest priority are left out. noted: something is to be said after them already."""
    pieces = [piece for part in parts.values() for piece in part]
    if sum(piece.cost for piece in pieces) + noted <= room:
        return pieces, set()
    # A picture beside a quote costs two components more than the quote.
    flat = {
        i: [MessagePiece(p.text) if p.text and p.component else p for p in part] for i, part in parts.items()
    }
    dropped: set[int] = set()
    for index in reversed([i for i in order if i in flat]):
        pieces = joined([piece for part in flat.values() for piece in part])
        ends = 0 if pieces and pieces[-1].component is None else 1
        if sum(piece.cost for piece in pieces) + (ends if noted or dropped else 0) <= room:
            return pieces, dropped
        del flat[index]
        dropped.add(index)
    return [], dropped


def joined(pieces: list[MessagePiece]) -> list[MessagePiece]:
    """The pieces with neighbouring texts as one."""
    found: list[MessagePiece] = []
    for piece in pieces:
        if found and found[-1].component is None and piece.component is None:
            found[-1] = MessagePiece(f"{found[-1].text}\n{piece.text}")
        else:
            found.append(piece)
    return found
