"""Support tickets. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cards.figures import count, epoch, when
from bot.core.chat.cards import Block, Card, Code, Field, Fields, Line, Quote, Table, Text, Tone, line
from bot.core.messages.message import msg, nmsg
from bot.core.text.shortening import cut, printable, shorten
from bot.xquik.models import Ticket, TicketFile, TicketWords

_STATES: Final = {
    "open": msg("open"),
    "in_progress": msg("in progress"),
    "resolved": msg("resolved"),
    "closed": msg("closed"),
}
_SENDERS: Final = {"user": msg("you"), "support": msg("Xquik support"), "system": msg("Xquik")}
# Messages that a card shows, the newest; and characters of each, of a subject, of an id.
_SHOWN: Final = 8
_BODY: Final = 1_500
_SUBJECT: Final = 100
_ID: Final = 60
_KILOBYTE: Final = 1_000


def tickets_table(tickets: Sequence[Ticket]) -> Table:
    """A row each, with the id that shows it."""
    rows: tuple[tuple[Line, ...], ...] = tuple(
        (
            (Code(_plain(one.public_id, _ID)),),
            (_plain(one.subject, _SUBJECT),),
            (state_words(one.status),),
            (count(one.message_count),),
            when(one.updated_at, relative=True),
        )
        for one in tickets
    )
    return Table((msg("Id"), msg("Subject"), msg("State"), msg("Messages"), msg("Last activity")), rows)


def ticket_card(ticket: Ticket) -> Card:
    """One ticket with its newest messages, oldest of them first."""
    facts = (
        Field(msg("State"), (state_words(ticket.status),)),
        Field(msg("Opened"), when(ticket.created_at)),
        Field(msg("Last activity"), when(ticket.updated_at)),
        Field(msg("Id"), (Code(_plain(ticket.public_id, _ID)),)),
    )
    blocks: list[Block] = [Quote(shorten(ticket.subject, _SUBJECT)), Fields(facts)]
    left_out = len(ticket.messages) - _SHOWN
    if left_out > 0:
        earlier = nmsg(
            "{n} earlier message is in the Xquik dashboard.",
            "{n} earlier messages are in the Xquik dashboard.",
            n=left_out,
        )
        blocks.append(Text(line(earlier), subtle=True))
    for message in ticket.messages[-_SHOWN:]:
        blocks.extend(_message(message))
    return Card(msg("Support ticket"), tuple(blocks), Tone.INFO)


def state_words(status: str) -> str:
    """A state in words; one that is not known in Xquik's."""
    return _STATES.get(status) or _plain(status, 40)


def _message(message: TicketWords) -> tuple[Block, ...]:
    sender = _SENDERS.get(message.sender) or _plain(message.sender, 40)
    said = Quote(shorten(message.body, _BODY), author=sender, at=epoch(message.created_at))
    if not message.attachments:
        return (said,)
    files = tuple(Field(_plain(one.filename or one.kind, 60), _file(one)) for one in message.attachments)
    return said, Fields(files)


def _file(file: TicketFile) -> Line:
    """How large it is, and the id that `support file` takes."""
    return (_size(file), " ", Code(_plain(file.public_id, _ID))) if file.public_id else (_size(file),)


def _size(file: TicketFile) -> str:
    return msg("{kilobytes} kB", kilobytes=max(1, round(file.size_bytes / _KILOBYTE)))


def _plain(text: str, limit: int) -> str:
    return printable(shorten(cut(text, 4 * limit), limit))
