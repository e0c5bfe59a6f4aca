"""A card as a Components V2 message, within Discord's limits: one container, coloured by its tone, or
for a `Shape.LINE` its parts without a frame. The roles that it notifies stand before it.

Buttons and the title are never cut. Texts share what the message may hold: short ones stay whole,
long ones are cut to the same length, so that a long tweet never hides what an action costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from adapters.discord import limits
from adapters.discord.blocks import block_text, more
from adapters.discord.buttons import Rows, rows_of
from adapters.discord.escape import one_line, within
from adapters.discord.files import Packed, pack
from adapters.discord.inline import masked_link, web_url
from adapters.discord.kinds import Component, Type
from adapters.discord.marks import mark as put_mark
from adapters.discord.pings import role_mentions
from bot.core.cards import (
    Block,
    Buttons,
    Card,
    Fields,
    File,
    Gallery,
    Media,
    Picture,
    Progress,
    Quote,
    Shape,
    Table,
    Text,
    Tone,
)

COMPONENTS_V2: Final = 1 << 15
_COLOURS: Final[dict[Tone, int]] = {
    Tone.NEUTRAL: 0x80848E,
    Tone.INFO: 0x1D9BF0,
    Tone.SUCCESS: 0x23A55A,
    Tone.WARNING: 0xF0B232,
    Tone.DANGER: 0xDA373C,
}
_NOTES: Final = 120  # characters kept free for what is said about the cut of galleries and blocks


@dataclass(frozen=True, slots=True)
class Rendered:
    """components: for the request; files: what is uploaded with it."""

    components: list[Component]
    files: tuple[File, ...] = ()


@dataclass(slots=True)
class _Piece:
    """A part of the container. A text has no component yet, so that neighbours can be joined."""

    text: str = ""
    component: Component | None = None
    cost: int = 1


def render(card: Card, files: Sequence[File] = (), *, mark: str | None = None) -> Rendered:
    """The message, of which a `Shape.BARE` is drawn as a line. mark: a delivery's key, see `marks`."""
    packed = pack(files)
    rows = rows_of(card.buttons)
    framed = card.shape is Shape.CARD
    title = within(card.title, limits.TITLE, one_line)
    pings = [_Piece(text)] if (text := role_mentions(card.pings)) else []
    head = [_Piece(f"### {title}")] if title and framed else []
    tail = [*_files(packed), *_rows(rows)]
    room = limits.COMPONENTS - framed - sum(piece.cost for piece in (*pings, *head, *tail))
    spent = sum(limits.size(piece.text) for piece in (*pings, *head, *tail))
    body = _body(card.blocks, room, limits.TEXT - spent, rows.used)
    inner = _components([*head, *body, *tail]) or _components([_Piece(title or limits.ELLIPSIS)])
    components = _components(pings) + ([_container(card.tone, inner)] if framed else inner)
    if mark is not None:
        put_mark(components, mark)
    return Rendered(components, packed.kept)


def shares(wanted: Sequence[int], budget: int) -> list[int]:
    """How much of a budget each gets: what it wants, or where that is too much the same as others."""
    given = [0] * len(wanted)
    left = max(0, budget)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for position, index in enumerate(order):
        given[index] = min(wanted[index], left // (len(order) - position))
        left -= given[index]
    return given


def _body(blocks: Sequence[Block], room: int, budget: int, used: set[str]) -> list[_Piece]:
    """The blocks within `room` components and `budget` characters."""
    wanted = [limits.size(block_text(block, _UNLIMITED)) if _is_text(block) else 0 for block in blocks]
    pictures = sum(not _is_text(block) for block in blocks)
    reserve = min(pictures, 4) * _NOTES
    given = shares(wanted, budget - reserve - _NOTES - len(blocks))
    pieces: list[_Piece] = []
    notes = reserve
    for block, share in zip(blocks, given, strict=True):
        made = _pieces(block, share if _is_text(block) else min(_NOTES, notes), used)
        if not _is_text(block):
            notes -= sum(limits.size(piece.text) for piece in made)
        pieces.extend(made)
    return _fitted(pieces, room)


_UNLIMITED: Final = 1_000_000


def _is_text(block: Block) -> bool:
    match block:
        case Text() | Quote() | Fields() | Table() | Progress():
            return True
        case Gallery() | Picture() | Buttons():
            return False
        case _:
            assert_never(block)


def _pieces(block: Block, limit: int, used: set[str]) -> list[_Piece]:
    match block:
        case Text() | Fields() | Table() | Progress():
            return [_Piece(text)] if (text := block_text(block, limit)) else []
        case Quote():
            return _quote(block, limit)
        case Gallery():
            return _gallery(block, limit)
        case Picture(url, alt):
            return _gallery(Gallery((Media(url, alt),)), limit)
        case Buttons(buttons):
            return _rows(rows_of(buttons, used))
        case _:
            assert_never(block)


def _quote(quote: Quote, limit: int) -> list[_Piece]:
    text = block_text(quote, limit)
    avatar = web_url(quote.avatar_url, limits.MEDIA_URL)
    if not text or not avatar:
        return [_Piece(text)] if text else []
    thumbnail = {"type": Type.THUMBNAIL, "media": {"url": avatar}}
    inner = [{"type": Type.TEXT, "content": text}]
    section = {"type": Type.SECTION, "components": inner, "accessory": thumbnail}
    return [_Piece(text, section, 3)]


def _gallery(gallery: Gallery, limit: int) -> list[_Piece]:
    items = [item for media in gallery.items if (item := _item(media, sensitive=gallery.sensitive))]
    shown, unshown = items[: limits.GALLERY_ITEMS], len(gallery.items) - len(items[: limits.GALLERY_ITEMS])
    pieces = [_Piece(component={"type": Type.GALLERY, "items": shown})] if shown else []
    note = more(unshown, "pictures") if unshown else ""
    if gallery.more_url:
        link = masked_link("All of them", gallery.more_url)
        note = f"{note} · {link}" if note else f"-# {link}"
        if limits.size(note) > limit:
            note = more(unshown, "pictures") if unshown else ""
    if note and limits.size(note) <= limit:
        pieces.append(_Piece(note))
    return pieces


def _item(media: Media, *, sensitive: bool) -> Component | None:
    url = web_url(media.url, limits.MEDIA_URL)
    if url is None:
        return None
    item: Component = {"media": {"url": url}}
    if media.alt.strip():
        item["description"] = limits.clip(media.alt.strip(), limits.ALT_TEXT)
    return item | {"spoiler": True} if sensitive else item


def _files(packed: Packed) -> list[_Piece]:
    pieces = [
        _Piece(component={"type": Type.FILE, "file": {"url": f"attachment://{file.name}"}})
        for file in packed.kept
    ]
    return [*pieces, _Piece(packed.note)] if packed.note else pieces


def _rows(rows: Rows) -> list[_Piece]:
    pieces = [_Piece(component=row, cost=1 + len(row["components"])) for row in rows.rows]
    return [*pieces, _Piece(rows.note)] if rows.note else pieces


def _fitted(pieces: list[_Piece], room: int) -> list[_Piece]:
    """The pieces within `room` components: texts joined first, then the last ones left out."""
    if sum(piece.cost for piece in pieces) > room:
        # A picture beside a quote costs two components more than the quote.
        pieces = _joined([_Piece(p.text) if p.text and p.component else p for p in pieces])
    if sum(piece.cost for piece in pieces) <= room:
        return pieces
    kept: list[_Piece] = []
    left = room - 1
    for index, piece in enumerate(pieces):
        if piece.cost > left:
            return [*kept, _Piece(more(len(pieces) - index, "parts"))] if room > 0 else []
        kept.append(piece)
        left -= piece.cost
    return kept


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    joined: list[_Piece] = []
    for piece in pieces:
        if joined and joined[-1].component is None and piece.component is None:
            joined[-1] = _Piece(f"{joined[-1].text}\n{piece.text}")
        else:
            joined.append(piece)
    return joined


def _components(pieces: list[_Piece]) -> list[Component]:
    return [piece.component or {"type": Type.TEXT, "content": piece.text} for piece in pieces]


def _container(tone: Tone, inner: list[Component]) -> Component:
    return {"type": Type.CONTAINER, "accent_color": _COLOURS[tone], "components": inner}


def as_json(components: list[Component], files: Sequence[File] = ()) -> dict[str, Any]:
    """The body of a message of these components and files, and of no older ones. It notifies nobody."""
    return {
        "components": components,
        "attachments": [{"id": index, "filename": file.name} for index, file in enumerate(files)],
        "flags": COMPONENTS_V2,
        "allowed_mentions": {"parse": []},
    }
