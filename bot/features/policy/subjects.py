"""To whom something is given or denied: the options, and what they mean in a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.access import WITH_MEMBERS
from bot.core.commands.declaring import Option
from bot.core.commands.subjects import SubjectRef
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall


@dataclass(frozen=True, kw_only=True)
class SubjectArgs:
    """To whom."""

    to: Annotated[
        SubjectRef | None,
        Option(
            "A person or role (mention, user:ID, role:ID), or a group as in the next option", max_length=120
        ),
    ] = None
    group: Annotated[
        SubjectRef | None,
        Option(
            "everyone, members (Slack: no guests), admins, or a role or user group",
            max_length=120,
            suggest="groups",
        ),
    ] = None


def meant(call: CommandCall, args: SubjectArgs) -> tuple[str, str] | None:
    """Who is meant, as (kind, id); None where nobody is named. UsageError for two, and for members where
    nobody is one."""
    given = args.to or args.group
    if given is None:
        return None
    if args.to is not None and args.group is not None:
        raise UsageError(
            msg("Give {one} or {other}, not both.", one="to", other="group"),
            option="group",
            example="policy deny spend to:role:123456",
        )
    if given.kind == "role" and call.tenant.is_everyone(given.id):
        return "everyone", ""
    if given.kind == "members" and call.tenant.platform not in WITH_MEMBERS:
        raise UsageError(
            msg("Only Slack tells members from guests. Name a role, or everyone."),
            option="to",
            example="policy grant view to:role:123456",
        )
    return given.kind, given.id
