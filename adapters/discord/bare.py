"""A card as an ordinary message, without Components V2: Discord previews the links in such a one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

import msgspec

from adapters.discord import limits
from adapters.discord.blocks import block_text, counted, more
from adapters.discord.body import LEAST
from adapters.discord.buttons import rows_of
from adapters.discord.escape import one_line, within
from adapters.discord.files import pack
from adapters.discord.inline import line_begun, web_url
from adapters.discord.kinds import Component
from adapters.discord.marks import mark as put_mark
from adapters.discord.pings import role_mentions
from bot.core.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Fields,
    File,
    Gallery,
    Picker,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
    priority_of,
)
from bot.core.chat.missing import NO_TEXT, Missing
from bot.core.chat.room import allot
from bot.core.chat.words import shows
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank
from bot.i18n.speaking import in_its_language

_UNLIMITED: Final = 1_000_000


class Bare(msgspec.Struct, frozen=True):
    """content: the text; components: rows of buttons alone; files: what is uploaded with it."""

    content: str
    components: list[Component]
    files: tuple[File, ...] = ()


@in_its_language
def bare(card: Card, files: Sequence[File] = (), *, mark: str | None = None) -> Bare:
    """The message. mark: a delivery's key; only where there are buttons is there a place for it."""
    packed = pack(files)
    rows = rows_of(_buttons(card))
    components = list(rows.rows)
    if mark is not None:
        put_mark(components, mark)
    around = [role_mentions(card.pings), packed.note, rows.note]
    room = limits.CONTENT - sum(limits.size(part) + 1 for part in around if part)
    text = _text(card, room)
    if not text and not packed.kept:
        title = "" if blank(card.title) else within(card.title, limits.TITLE, one_line)
        text = title or say(NO_TEXT)
    pings, *notes = around
    return Bare("\n".join(part for part in (pings, text, *notes) if part), components, packed.kept)


def _buttons(card: Card) -> list[Button]:
    inner = [button for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]
    return [*inner, *card.buttons]


def _text(card: Card, limit: int) -> str:
    blocks = [block for block in card.blocks if shows(block)]
    wanted = [limits.size(_block(block, _UNLIMITED)) for block in blocks]
    priorities = [priority_of(block) for block in blocks]
    given = allot(wanted, priorities, limit - len(blocks) - LEAST, LEAST)
    texts = [_block(block, share) for block, share in zip(blocks, given, strict=True)]
    left = sum(1 for text, want in zip(texts, wanted, strict=True) if want and not text)
    return "\n".join(text for text in (*texts, more(left, Missing.PARTS) if left else "") if text)


def _block(block: Block, limit: int) -> str:
    match block:
        case Text(line):
            return counted(lambda most: line_begun(line, max(0, most), bare=True), limit, "")
        case Quote() | Fields() | Table() | Progress():
            return block_text(block, limit)
        case Gallery(items):
            return _addresses([media.url for media in items], limit)
        case Picture(url):
            return _addresses([url], limit)
        case Buttons() | Picker():
            return ""
        case _:
            assert_never(block)


def _addresses(urls: Sequence[str], limit: int) -> str:
    """The addresses in one line, as many as fit, and how many do not."""
    safe = [url for one in urls if (url := web_url(one, limits.MEDIA_URL))]
    for count in range(len(safe), 0, -1):
        left = len(safe) - count
        text = " ".join(safe[:count]) + (f"\n{more(left, Missing.PICTURES)}" if left else "")
        if limits.size(text) <= limit:
            return text
    note = more(len(safe), Missing.PICTURES) if safe else ""
    return note if limits.size(note) <= limit else ""
