"""`support list|show|file`, and the group: the tickets of the Xquik account. Free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Block, Card, Code, File, Text, Tone, line
from bot.core.commands.declaring import Group, NoArgs, Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.presets import INSIDE, command, listing_command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import cut
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.shared.exports import fitting
from bot.features.shared.roots import ADMIN
from bot.features.support.cards import ticket_card, tickets_table
from bot.features.support.changing import CHANGING
from bot.features.support.tickets import ID, TICKET, TicketArgs, the_ticket
from bot.xquik.models import Ticket, moment


async def tickets(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[Ticket]:
    """A page of them, latest activity first."""
    xquik = await call.xquik()
    page = await xquik.support.list(cursor=cursor or None, rows=size)
    return PageRows(page.items, page.next_cursor or "", unreadable=page.unreadable)


async def draw(_call: CommandCall, _args: NoArgs, rows: PageRows[Ticket]) -> tuple[Block, ...]:
    """A table of them."""
    return (tickets_table(rows.items),)


TICKETS: Final = Listing(
    title=lambda _args: msg("Support tickets"),
    fetch=tickets,
    identity=lambda ticket: ticket.public_id,
    draw=draw,
    empty=lambda _args: line(msg("No tickets. `support open` opens one.")),
    size=10,
    columns=(
        Column("id", lambda ticket: ticket.public_id),
        Column("subject", lambda ticket: ticket.subject),
        Column("status", lambda ticket: ticket.status),
        Column("messages", lambda ticket: ticket.message_count),
        Column("created_at", lambda ticket: moment(ticket.created_at)),
        Column("updated_at", lambda ticket: moment(ticket.updated_at)),
    ),
)


async def show(call: CommandCall, args: TicketArgs) -> Reply:
    """One ticket with its messages."""
    return Reply(ticket_card(await the_ticket(call, args.ticket, "support show")))  # no message: a command


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFileArgs:
    """Which file of a message."""

    file: Annotated[str, Option("The id of a file, as `support show` shows it", main=True, max_length=80)]


async def file(call: CommandCall, args: TicketFileArgs) -> Reply:
    """A picture or video of a ticket, seen by who asked."""
    wanted = without_unseen(args.file).strip()
    if ID.fullmatch(wanted) is None:
        raise UsageError(
            msg("{given} is no id of a file.", given=repr(cut(wanted, 40))),
            option="file",
            example=f"support file {_FILE}",
            remedy=msg("`support show` shows the ids below each message."),
        )
    with absent(
        msg("There is no file {id} in a support ticket.", id=repr(cut(wanted, 40))),
        msg("`support list` shows the tickets, and `support show` the ids of their files."),
    ):
        xquik = await call.xquik()
        with fitting(msg("Open it in the Xquik dashboard.")):
            found = await xquik.support.attachment(wanted)
    named = Text(line(Code(wanted)), subtle=True)
    return Reply(
        Card(msg("File of a support ticket"), (named,), Tone.INFO),
        files=(File(found.name, found.content_type, found.content),),
    )


_FILE: Final = "att_a1b2c3d4e5f6a1b2c3d4e5f6"


SUPPORT = Group(
    "support",
    "Tickets with Xquik's support",
    (
        listing_command(
            "support list",
            TICKETS,
            INSIDE,
            "List the support tickets, latest activity first",
            "support list",
            operations=("GET /support/tickets",),
        ),
        command(
            "support show",
            show,
            INSIDE,
            "Show a support ticket with its messages",
            f"support show {TICKET}",
            operations=("GET /support/tickets/{id}",),
        ),
        command(
            "support file",
            file,
            INSIDE,
            "Get a picture or video of a support ticket",
            f"support file {_FILE}",
            operations=("GET /support/attachments/{id}",),
        ),
        *CHANGING,
    ),
    default="list",
    under=ADMIN,
)
