"""The moments of a card, said by the clock of who reads it. Pure.

Most platforms draw a moment by each reader's own clock. Where none does – in words, files, notifications, a
terminal – it is said in the zone that is set here; without one, in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.chat.cards import Block, Card, Fields, Inline, Line, Quote, Table, Text, Timestamp
from bot.core.messages.message import Argument, Message


@dataclass(frozen=True, slots=True)
class ChosenZones:
    """What people set: IANA names, "" where nobody did. own: a person's; place: that of where they are."""

    own: str = ""
    place: str = ""


class Whence(StrEnum):
    """Who says which zone counts. TOLD: the platform or browser, of the person."""

    OWN = "own"
    TOLD = "told"
    PLACE = "place"
    NOBODY = "nobody"


def zone_for(chosen: ChosenZones, told: str) -> tuple[str, Whence]:
    """The zone of a person's clock, and who says so. told: as `Invocation.zone`."""
    for zone, whence in ((chosen.own, Whence.OWN), (told, Whence.TOLD), (chosen.place, Whence.PLACE)):
        if zone:
            return zone, whence
    return "UTC", Whence.NOBODY


def shows_moments(card: Card) -> bool:
    """Whether a moment of the card has no zone yet."""
    return any(_open(block) for block in card.blocks)


def in_zone(card: Card, zone: str) -> Card:
    """The card with its moments in a zone (an IANA name, "" for none); those that have one keep it."""
    if not zone or not shows_moments(card):
        return card
    return replace(card, blocks=tuple(_zoned(block, zone) for block in card.blocks))


def _open(block: Block) -> bool:
    if isinstance(block, Quote):
        return block.at is not None and not block.zone
    return any(_opens(part) for line in _lines(block) for part in line)


def _opens(part: Inline) -> bool:
    if isinstance(part, Message):
        return _inline(part, "UTC") is not part
    return isinstance(part, Timestamp) and not part.zone


def _lines(block: Block) -> Iterator[Line]:
    if isinstance(block, Text):
        yield block.line
    elif isinstance(block, Fields):
        yield from (item.value for item in block.items)
    elif isinstance(block, Table):
        for row in block.rows:
            yield from row


def _zoned(block: Block, zone: str) -> Block:
    if isinstance(block, Quote):
        return replace(block, zone=zone) if _open(block) else block
    if isinstance(block, Text):
        return replace(block, line=_line(block.line, zone))
    if isinstance(block, Fields):
        return replace(
            block, items=tuple(replace(item, value=_line(item.value, zone)) for item in block.items)
        )
    if isinstance(block, Table):
        rows = tuple(tuple(_line(cell, zone) for cell in row) for row in block.rows)
        return replace(block, rows=rows)
    return block


def _line(parts: Line, zone: str) -> Line:
    return tuple(_inline(part, zone) for part in parts)


def _inline(part: Inline, zone: str) -> Inline:
    if isinstance(part, Message):
        return part.with_arguments(lambda value: _moved(value, zone))
    return replace(part, zone=zone) if isinstance(part, Timestamp) and not part.zone else part


def _moved(value: Argument, zone: str) -> Argument:
    return replace(value, zone=zone) if isinstance(value, Timestamp) and not value.zone else value
