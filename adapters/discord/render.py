"""A card as a Components V2 message, within Discord's limits: one container, coloured by its tone, or
for a `Shape.LINE` its parts without a frame. The roles that it notifies stand before it.

Buttons and the title are never cut; the blocks share the rest (`body`). Of a card that somebody decides
by, what does not fit is uploaded with it as files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from adapters.discord import limits
from adapters.discord.body import FittedBlocks, MessagePiece, body, row_pieces
from adapters.discord.buttons import rows_of
from adapters.discord.escape import one_line, within
from adapters.discord.files import Packed, pack
from adapters.discord.kinds import Component, Type
from adapters.discord.marks import mark as put_mark
from adapters.discord.pings import role_mentions
from bot.core.chat import whole
from bot.core.chat.cards import Card, File, Shape, Tone
from bot.core.chat.missing import NO_TEXT
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank
from bot.i18n.speaking import in_its_language

COMPONENTS_V2: Final = 1 << 15
_COLOURS: Final[dict[Tone, int]] = {
    Tone.NEUTRAL: 0x80848E,
    Tone.INFO: 0x1D9BF0,
    Tone.SUCCESS: 0x23A55A,
    Tone.WARNING: 0xF0B232,
    Tone.DANGER: 0xDA373C,
}


class Rendered(msgspec.Struct, frozen=True):
    """components: for the request; files: what is uploaded with it."""

    components: list[Component]
    files: tuple[File, ...] = ()


@in_its_language
def render(card: Card, files: Sequence[File] = (), *, mark: str | None = None) -> Rendered:
    """The message, of which a `Shape.BARE` is drawn as a line. mark: a delivery's key, see `marks`."""
    extra: tuple[File, ...] = ()
    for _ in range(whole.MOST + 1):
        rendered, drawn = _drawn(card, (*extra, *files), named=bool(extra))
        needed = whole.files(card, drawn.cut, drawn.left_out)
        if len(needed) <= len(extra):
            break
        # Files take components too, so that more may be cut beside them.
        extra = needed
    if mark is not None:
        put_mark(rendered.components, mark)
    return rendered


def _drawn(card: Card, files: Sequence[File], *, named: bool) -> tuple[Rendered, FittedBlocks]:
    """The message, and its blocks. named: whether the files have what is cut."""
    packed = pack(files)
    rows = rows_of(card.buttons)
    framed = card.shape is Shape.CARD
    title = "" if blank(card.title) else within(card.title, limits.TITLE, one_line)
    pings = [MessagePiece(text)] if (text := role_mentions(card.pings)) else []
    head = [MessagePiece(f"### {title}")] if title and framed else []
    tail = [*_files(packed), *row_pieces(rows)]
    room = limits.COMPONENTS - framed - sum(piece.cost for piece in (*pings, *head, *tail))
    spent = sum(limits.size(piece.text) for piece in (*pings, *head, *tail))
    names = whole.names(card) if named else {}
    made = body(card.blocks, room, limits.TEXT - spent, rows.used, names)
    inner = _components([*head, *made.pieces, *tail]) or _components([MessagePiece(title or say(NO_TEXT))])
    components = _components(pings) + ([_container(card.tone, inner)] if framed else inner)
    return Rendered(components, packed.kept), made


def _files(packed: Packed) -> list[MessagePiece]:
    pieces = [
        MessagePiece(component={"type": Type.FILE, "file": {"url": f"attachment://{file.name}"}})
        for file in packed.kept
    ]
    return [*pieces, MessagePiece(packed.note)] if packed.note else pieces


def _components(pieces: list[MessagePiece]) -> list[Component]:
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
