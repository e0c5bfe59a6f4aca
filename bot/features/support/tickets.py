"""Naming a support ticket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.commands.declaring import Option
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import cut
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.xquik.models import Ticket

ID: Final = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)
"""What an id can be."""
TICKET: Final = "tkt_a1b2c3d4e5f6a1b2c3d4e5f6"
"""One for examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketArgs:
    """Which ticket."""

    ticket: Annotated[
        str, Option("The id of a ticket, like tkt_a1b2c3", main=True, max_length=80, suggest="tickets")
    ]


async def the_ticket(call: CommandCall, ticket: str, line: str) -> Ticket:
    """It as it stands, with its messages; UsageError for what is no id. line: the command, for an example."""
    wanted = without_unseen(ticket).strip()
    if ID.fullmatch(wanted) is None:
        raise UsageError(
            msg("{given} is no id of a ticket.", given=repr(cut(wanted, 40))),
            option="ticket",
            example=f"{line} ticket:{TICKET}",
            remedy=msg("`support list` shows the ids."),
        )
    with absent(
        msg("There is no ticket {id}.", id=repr(cut(wanted, 40))),
        msg("`support list` shows the tickets with their ids."),
    ):
        return await (await call.xquik()).support.show(wanted)
