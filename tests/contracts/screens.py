"""How a card looks on a platform, without the platform: what each renderer makes of it, read back.

A `Screen` draws one card as its adapter does and reads the result as a person would, by the rules of
the double (Discord, Slack), in a browser (playground), or from the characters printed (terminal).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    ChannelMention,
    Code,
    Fields,
    File,
    Gallery,
    Line,
    Link,
    Media,
    Picture,
    Progress,
    Quote,
    Shape,
    Table,
    Text,
    Timestamp,
    UserMention,
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """text: every word on the screen, descriptions of pictures and labels of buttons included.
    fallback: the same in words alone, None where the platform has no such thing. links: what can be
    followed. pings: who is notified. markup: what a text turned into although it is only text.
    violations: rules of the platform that were broken."""

    text: str
    fallback: str | None
    links: frozenset[str] = frozenset()
    buttons: tuple[str, ...] = ()
    pings: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    violations: tuple[str, ...] = field(default=())


class Screen(Protocol):
    """One platform. limits: of what a card can hold, by the names of `edges.EDGES`. group: id of a role
    or user group that a message can notify; notifies: whether it does, or only shows whom it would."""

    name: str
    group: str
    notifies: bool
    limits: ClassVar[Mapping[str, int]]

    def draw(self, card: Card) -> Drawn:
        """The card as it is seen."""

    def files(self, card: Card) -> tuple[File, ...]:
        """What comes beside it because the message does not hold it."""


# A terminal's colour sequence means nothing as a text, and some platforms take it out whole.
SEQUENCE = re.compile(r"\x1b?\[\d*m")
_LETTERS = re.compile(r"[^a-z0-9]+")


def letters(text: str) -> str:
    """The letters and digits alone: what wrapping, escaping and punctuation leave as it is."""
    return _LETTERS.sub("", SEQUENCE.sub("", text).lower())


def lost(card: Card, drawn: Drawn) -> list[str]:
    """The texts of a card that are not on the screen."""
    there = letters(drawn.text)
    return [text for text in texts(card) if letters(text) not in there]


def texts(card: Card) -> Iterator[str]:
    """Every text that a reader must find, or be told that it was cut.

    Not here: the heads of table columns, which lists do without; names of people and channels, for
    which platforms show their own; moments; and what only a card or a line has.
    """
    if card.shape is Shape.CARD:
        yield card.title
    for block in card.blocks:
        if card.shape is not Shape.BARE or not isinstance(block, Buttons | Gallery | Picture):
            yield from _block(block)
    if card.shape is not Shape.BARE:
        yield from _buttons(card.buttons)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(words):
            yield from _line(words)
        case Quote():
            yield block.author
            yield block.text
        case Fields(items):
            for item in items:
                yield item.name
                yield from _line(item.value)
        case Table():
            for row in block.rows:
                for cell in row:
                    yield from _line(cell)
        case Gallery(items):
            yield from (_media(item) for item in items)
        case Picture():
            yield block.alt
        case Progress():
            yield block.label
        case Buttons(buttons):
            yield from _buttons(buttons)


def _line(words: Line) -> Iterator[str]:
    for part in words:
        match part:
            case str():
                yield part
            case Bold() | Code() | Link():
                yield part.text
            case UserMention() | ChannelMention() | Timestamp():
                pass


def _media(media: Media) -> str:
    return media.alt if media.url.startswith("http") else ""


def _buttons(buttons: tuple[Button, ...]) -> Iterator[str]:
    """Labels of what can be pressed: a button that leads nowhere may be left out."""
    for button in buttons:
        leads = button.url is None or button.url.startswith("http")
        if leads and not button.disabled:
            yield button.label


def only_words(card: Card) -> bool:
    """Whether a card holds nothing but plain paragraphs, so that any markup came out of their text."""
    return not card.buttons and all(
        isinstance(block, Text) and all(isinstance(part, str) for part in block.line) for block in card.blocks
    )
