"""Who may do what here."""

from __future__ import annotations

from typing import Final

from bot.core.access import WITH_MEMBERS, Grant, effective_grants
from bot.core.commands.subjects import parse_subject
from bot.core.errors import UsageError
from bot.core.messages.errors import said_by
from bot.core.messages.message import msg
from bot.features.services import CommandCall

_EXAMPLE: Final = "policy grant publish to:role:123456"  # no message: a command


def subject_of(text: str) -> tuple[str, str]:
    """Who is meant, as (kind, id); UsageError says how to write it."""
    try:
        found = parse_subject(text)
    except ValueError as error:
        why = msg("{why}.", why=said_by(error))
        raise UsageError(why, option="to", example=_EXAMPLE) from None
    return found.kind, found.id


async def in_force(call: CommandCall) -> list[Grant]:
    """The grants that hold here; without the line of members where nobody is one."""
    grants = effective_grants(await call.services.grants.grants(call.tenant))
    told = call.tenant.platform in WITH_MEMBERS
    return [one for one in grants if told or one.kind != "members"]
