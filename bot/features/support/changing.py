"""`support open|reply|close`: what a team writes to Xquik's support, each after a Confirm. Free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from bot.core.chat.answers import Proposal
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING_AT_XQUIK, command
from bot.core.errors import Conflict
from bot.core.messages.message import msg
from bot.core.text.shortening import line_ends
from bot.features.services import CommandCall
from bot.features.support.kinds import CLOSE, LONGEST_MESSAGE, LONGEST_SUBJECT, OPEN, REPLY, check_words
from bot.features.support.tickets import TICKET, TicketArgs, the_ticket
from bot.proposals.kinds import ProposalKind
from bot.proposals.previews import write_preview
from bot.xquik.models import Ticket

TicketText: TypeAlias = Annotated[
    str, Option("What is to be told", main=True, max_length=LONGEST_MESSAGE, paragraph=True, running=True)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicketArgs:
    """What it is about."""

    message: TicketText
    subject: Annotated[str, Option("What it is about, in a few words", max_length=LONGEST_SUBJECT)]


async def open_ticket(_call: CommandCall, args: OpenTicketArgs) -> Proposal:
    """A ticket to be confirmed, with its exact words."""
    body = line_ends(args.message).strip()
    return _proposed(OPEN, check_words({"subject": args.subject.strip(), "body": body}))


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReplyArgs:
    """What is said, and in which ticket."""

    message: TicketText
    ticket: Annotated[str, Option("The id of the ticket", max_length=80, suggest="tickets")]


async def reply(call: CommandCall, args: TicketReplyArgs) -> Proposal:
    """A message to be confirmed, with its exact words. Conflict for a ticket that is closed."""
    found = await the_ticket(call, args.ticket, "support reply")  # no message: a command
    if found.status == "closed":
        raise Conflict(
            msg("This ticket is closed."), remedy=msg("`support open` begins another one. Nothing was sent.")
        )
    body = line_ends(args.message).strip()
    return _proposed(REPLY, check_words({**_about(found), "body": body}))


async def close(call: CommandCall, args: TicketArgs) -> Proposal:
    """The end of a ticket to be confirmed. Conflict for one that is closed already."""
    found = await the_ticket(call, args.ticket, "support close")  # no message: a command
    if found.status == "closed":
        raise Conflict(
            msg("This ticket is closed already."), remedy=msg("`support list` shows those that are open.")
        )
    return _proposed(CLOSE, _about(found))


def _about(found: Ticket) -> dict[str, Any]:
    return {"ticket": found.public_id, "subject": found.subject or found.public_id}


def _proposed(kind: ProposalKind, payload: dict[str, Any]) -> Proposal:
    return kind.proposal(payload, write_preview(kind, payload))


CHANGING = (
    command(
        "support open",
        open_ticket,
        SETTING_AT_XQUIK,
        "Open a support ticket; shows it and asks first",
        'support open "Our monitors are on, and nothing arrives." subject:"No events since noon"',
        operations=("POST /support/tickets",),
    ),
    command(
        "support reply",
        reply,
        SETTING_AT_XQUIK,
        "Write to a support ticket; shows it and asks first",
        f"support reply Thanks, that helped ticket:{TICKET}",
        operations=("GET /support/tickets/{id}", "POST /support/tickets/{id}/messages"),
    ),
    command(
        "support close",
        close,
        SETTING_AT_XQUIK,
        "Close a support ticket; asks first",
        f"support close {TICKET}",
        operations=("GET /support/tickets/{id}", "PATCH /support/tickets/{id}"),
    ),
)
