"""Cards of listings that become files: the question, how far it is, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from bot.cards.figures import count
from bot.cards.given_options import given_options
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    Field,
    Fields,
    Line,
    Priority,
    Progress,
    Text,
    Tone,
    line,
)
from bot.core.chat.invocation import Values
from bot.core.commands.cost import Unit
from bot.core.messages.message import Message, msg, nmsg

ROWS = Unit(msg("row"), nmsg("{n} row", "{n} rows", n=1))


class ListingFacts(msgspec.Struct, frozen=True):
    """title: of the list; format: of the file; unit: what a row is."""

    title: str
    format: str
    unit: Unit

    def counted(self, number: int) -> Message:
        """ "1,200 profiles"."""
        return self.unit.counted(number)


def question_card(
    facts: ListingFacts,
    expected: int | None,
    most: int,
    credits: int,
    *,
    read: int = 0,
    least: int = 1,
    covered: bool = True,
    given: Values = MappingProxyType({}),
) -> Card:
    """The preview. given: the options of the list, as they were typed. expected: how many rows there are,
    where that is known; most: how many are read; credits: the estimate; read: rows that were read and paid
    for before. least: rows that are sold at once at the least, said where it is more than 1. covered:
    whether the credits are enough. The balance itself is not said: the channel sees the preview."""
    rows, price = facts.counted(most), _credits(credits)
    if expected is None:
        said = msg(
            "Nobody knows beforehand how many there are. At most {rows} are read, for at most {price}.",
            rows=rows,
            price=price,
        )
    elif expected > most:
        said = msg(
            "The first {rows} of about {expected} are read, for about {price} (an estimate).",
            rows=rows,
            expected=expected,
            price=price,
        )
    else:
        said = msg(
            "About {rows} are read, for about {price} (an estimate).",
            rows=facts.counted(expected),
            price=price,
        )
    blocks: list[Block] = [*given_options(given), Text((said,), priority=Priority.ESSENTIAL)]
    if read:
        done = msg("{rows} were read before and are not paid for again.", rows=facts.counted(read))
        blocks.append(Text((done,), priority=Priority.ESSENTIAL))
    if least > 1:
        sold = msg("Xquik sells at least {rows} at once.", rows=facts.counted(least))
        blocks.append(Text((sold,), priority=Priority.ESSENTIAL))
    if not covered:
        blocks.append(Text(line(Bold(_UNCOVERED), " ", _THEN), priority=Priority.ESSENTIAL))
    comes = msg("It comes here as {format}. You can stop it and keep what is there.", format=facts.format)
    blocks.append(Text((comes,), subtle=True))
    tone = Tone.INFO if covered else Tone.WARNING
    return Card(msg("{list}: all as a file?", list=facts.title), tuple(blocks), tone)


_UNCOVERED: Final = msg("The Xquik credits do not cover that.")
_THEN: Final = msg("It ends where they end, and what was read comes as a file. Top up first for all of it.")


def progress_card(
    facts: ListingFacts,
    rows: int,
    expected: int | None,
    credits: int,
    stop: Button,
    *,
    waits: Message | None = None,
) -> Card:
    """In place of the question. rows: read so far; credits: what they cost, about. waits: why it does not go
    on yet."""
    price = _credits(credits)
    if waits is not None:
        said = waits
    elif expected is None:
        said = msg("{rows}, {price} so far.", rows=facts.counted(rows), price=price)
    else:
        about = facts.counted(max(expected, rows))
        said = msg("{done} of about {rows}, {price} so far.", done=rows, rows=about, price=price)
    bar = (Progress(min(rows, expected), expected),) if expected else ()
    blocks = (*bar, Text((said,), priority=Priority.ESSENTIAL))
    return Card(msg("{list}: reading…", list=facts.title), blocks, Tone.INFO, (stop,))


def nothing_card(title: str, why: Line) -> Card:
    """There was no row. why: as the list says it where it is empty."""
    return Card(msg("{list}: nothing to put into a file", list=title), (Text(why),), Tone.INFO)


class FileOutcome(msgspec.Struct, frozen=True):
    """rows: that were read; in_files: those that are in a file; files: how many; credits: about what it cost
    in all, before: of them for what was read before; why: why these are not all, () where they are; cut:
    cells that were too long; who: who asked; enough: as many as somebody asked for; listed: how many rows X
    counts where it lists far fewer, else None."""

    rows: int
    in_files: int
    files: int
    credits: int
    why: Line
    cut: int
    who: str
    before: int = 0
    enough: bool = False
    listed: int | None = None

    @property
    def nothing_now(self) -> bool:
        """Whether all of it was paid for before."""
        return 0 < self.credits <= self.before


def outcome_card(facts: ListingFacts, outcome: FileOutcome, buttons: Sequence[Button] = ()) -> Card:
    """With the first file."""
    blocks: list[Text | Fields] = []
    if outcome.why:
        blocks.append(Text(outcome.why, priority=Priority.ESSENTIAL))
    if outcome.nothing_now and not outcome.why:
        free = msg("All of it was read before, so nothing was charged now.")
        blocks.append(Text((free,), priority=Priority.ESSENTIAL))
    if outcome.listed is not None:
        words = msg(
            "X counts about {counted}, but gives no more than these: what is gone, protected or hidden is "
            "counted all the same.",
            counted=facts.counted(outcome.listed),
        )
        blocks.append(Text((words,)))
    left = outcome.rows - outcome.in_files
    if left:
        words = msg(
            "{rows} did not fit into {files} files. Ask for fewer rows, or for xlsx, which is smaller.",
            rows=facts.counted(left),
            files=outcome.files,
        )
        blocks.append(Text((words,), priority=Priority.ESSENTIAL))
    if outcome.cut:
        cut = nmsg(
            "{n} text was too long for a cell and ends in “…”.",
            "{n} texts were too long for a cell and end in “…”.",
            n=outcome.cut,
        )
        blocks.append(Text((cut,)))
    fields = [
        Field(msg("Rows"), (count(outcome.rows),)),
        Field(msg("Format"), (facts.format,)),
    ]
    if outcome.credits:
        fields.append(Field(msg("Cost"), (_cost(outcome),)))
    if outcome.files > 1:
        fields.append(Field(msg("Files"), (count(outcome.files),)))
    blocks += [Fields(tuple(fields), Priority.ESSENTIAL), Text((outcome.who,), subtle=True)]
    partial = bool(left or (outcome.why and not outcome.enough))
    if partial:
        title = msg("{list}: part of it as a file", list=facts.title)
    elif outcome.enough:
        title = msg("{list}: {rows} as a file", list=facts.title, rows=facts.counted(outcome.rows))
    else:
        title = msg("{list}: all of it as a file", list=facts.title)
    return Card(title, tuple(blocks), Tone.WARNING if partial else Tone.SUCCESS, tuple(buttons))


def _cost(outcome: FileOutcome) -> Message:
    """What was charged: now, and in all where some of it was before."""
    if not outcome.before:
        return msg("about {price}", price=_credits(outcome.credits))
    now, whole = _credits(max(0, outcome.credits - outcome.before)), _credits(outcome.credits)
    return msg("about {now} now, {sum} in all", now=now, sum=whole)


def _credits(number: int) -> Message:
    return nmsg("{n} credit", "{n} credits", n=number)
