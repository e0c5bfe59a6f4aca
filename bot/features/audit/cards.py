"""The record of a place, as cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from bot.core.audit import AuditEvent, ChainCheck
from bot.core.chat.cards import (
    Card,
    ChannelMention,
    Code,
    Inline,
    Line,
    Table,
    Text,
    Timestamp,
    Tone,
    UserMention,
    line,
)
from bot.core.messages.message import Joined, Message, msg, nmsg

_EVENTS: Final[Mapping[str, Message]] = {
    AuditEvent.CONFIRMED: msg("confirmed"),
    AuditEvent.CANCELLED: msg("cancelled"),
    AuditEvent.OUTCOME: msg("ended"),
    AuditEvent.SETTING: msg("changed settings"),
    AuditEvent.READ: msg("read for credits"),
    AuditEvent.REFUSED: msg("was refused"),
    AuditEvent.PRIVACY: msg("personal data"),
    AuditEvent.APPLIED: msg("applied a file"),
}


Told: TypeAlias = tuple[Mapping[str, Any], str | None, Mapping[str, Any], Sequence[str | None]]
"""A record: its body, who did it, the details, and whom it was about. Of persons None: it cannot be told any
more."""


def records_table(records: Sequence[Told]) -> Table:
    """Records, a row each."""
    columns = (msg("When"), msg("Who"), msg("What"), msg("How it ended"))
    return Table(columns, tuple(_row(*one) for one in records))


def _row(
    body: Mapping[str, Any], person: str | None, details: Mapping[str, Any], about: Sequence[str | None]
) -> tuple[Line, ...]:
    when = Timestamp(datetime.fromisoformat(str(body["at"])).timestamp())
    who = _person(person)
    event = str(body["event"])
    what: list[Inline] = [_EVENTS.get(event, event)]
    if command := body.get("command") or body.get("kind"):
        what += [" ", Code(" ".join([str(command), *(f"{name}:{value}" for name, value in details.items())]))]
    if about:
        what += [" ", msg("for {people}", people=Joined(tuple(map(_person, about))))]
    if channel := body.get("channel"):
        what += [" ", msg("in {channel}", channel=ChannelMention(str(channel)))]
    ended: list[Inline] = [Code(str(body.get("outcome") or ""))]
    if (charged := body.get("credits")) is not None:
        # What is confirmed may cost that; what it was charged stands where it ended.
        ended += [" ", _foreseen(int(charged)) if event == AuditEvent.CONFIRMED else _credits(int(charged))]
    return (when,), (who,), tuple(what), tuple(ended)


def _credits(number: int) -> Message:
    return nmsg("{n} credit", "{n} credits", n=number)


def _foreseen(number: int) -> Message:
    return nmsg("(about {n} credit)", "(about {n} credits)", n=number)


def _person(person: str | None) -> Inline:
    return UserMention(person) if person else msg("a deleted person")


def checked_card(check: ChainCheck) -> Card:
    """Whether a chain holds."""
    head = line(msg("The newest has the hash {hash}.", hash=Code(check.head)))
    if not check.faults:
        title = nmsg(
            "{n} record, none changed or missing", "{n} records, none changed or missing", n=check.count
        )
        note = msg(
            "Note this hash elsewhere: whoever has it can tell later whether anything before it was changed."
        )
        return Card(title, (Text(head), Text(line(note), subtle=True)), Tone.SUCCESS)
    first = check.faults[0]
    at = msg("The first fault is at record {number}: {why}.", number=first.number, why=first.why)
    tell = msg("Tell whoever runs this bot, and keep the exports that you have.")
    return Card(msg("The record was changed"), (Text(line(at)), Text(line(tell)), Text(head)), Tone.DANGER)


def exported_card(first: int, last: int, head: str) -> Card:
    """Records that go with it as a file."""
    title = msg("Records {first} to {last}", first=first, last=last)
    said = msg("The newest has the hash {hash}. Note it elsewhere.", hash=Code(head))
    how = msg("Persons stand in it by pseudonyms. `xquik-bot audit verify` checks it without this bot.")
    more = line(msg("`audit export first:1` begins with the first."))
    blocks = [Text(line(said)), Text(line(how), subtle=True)]
    if first > 1:
        blocks.append(Text(more, subtle=True))
    return Card(title, tuple(blocks), Tone.SUCCESS)


def nothing_recorded() -> Message:
    """For a place whose record is empty."""
    return msg("Nothing is recorded here yet: decisions, changed settings and paid reads are, from now on.")
