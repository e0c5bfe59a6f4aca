"""`policy show|grant|revoke`: who may do what here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from bot.cards.policy import policy_card
from bot.core.access import NOTHING, WITH_MEMBERS, Permission
from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group, NoArgs, Option
from bot.core.commands.presets import INSIDE_LOCAL, SETTING, command
from bot.core.commands.subjects import SubjectRef
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.grants import in_force

PermissionName = Literal["use", "view", "private", "spend", "publish", "manage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantArgs:
    """What, and to whom."""

    permission: Annotated[
        tuple[PermissionName, ...],
        Option(
            "use, view (the inside), private (own inboxes), spend, publish (on X), manage (settings)",
            main=True,
        ),
    ]
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


async def show(call: CommandCall, _args: NoArgs) -> Reply:
    """Who may do what."""
    return Reply(policy_card(await in_force(call)))


async def grant(call: CommandCall, args: GrantArgs) -> Reply:
    """Give permissions."""
    return await _change(call, args, give=True)


async def revoke(call: CommandCall, args: GrantArgs) -> Reply:
    """Take permissions away."""
    return await _change(call, args, give=False)


async def _change(call: CommandCall, args: GrantArgs, *, give: bool) -> Reply:
    kind, subject = _meant(call, args)
    if kind == "members" and call.tenant.platform not in WITH_MEMBERS:
        raise UsageError(
            msg("Only Slack tells members from guests. Name a role, or everyone."),
            option="to",
            example="policy grant view to:role:123456",
        )
    wanted = NOTHING
    for name in args.permission:
        wanted |= Permission.named(name)
    grants = call.services.grants
    await call.services.tenants.ensure(call.tenant)
    if give:
        await grants.grant(call.tenant, kind, subject, wanted)
    else:
        await grants.revoke(call.tenant, kind, subject, wanted)
    return Reply(policy_card(await in_force(call)))


def _meant(call: CommandCall, args: GrantArgs) -> tuple[str, str]:
    """Who is meant, as (kind, id)."""
    given = args.to or args.group
    assert given is not None  # noqa: S101 - one of them is given, or the command does not run
    if given.kind == "role" and call.tenant.is_everyone(given.id):
        return "everyone", ""
    return given.kind, given.id


POLICY = Group(
    "policy",
    "Who may see internal details, spend credits, publish on X and manage this bot",
    (
        command(
            "policy show",
            show,
            INSIDE_LOCAL,
            "Show who may do what here",
            "policy show",
        ),
        command(
            "policy grant",
            grant,
            SETTING,
            "Give permissions to a person, a role or everyone",
            "policy grant spend group:everyone",
            one_of=("to", "group"),
        ),
        command(
            "policy revoke",
            revoke,
            SETTING,
            "Take permissions away from a person, a role or everyone",
            "policy revoke spend group:everyone",
            one_of=("to", "group"),
        ),
    ),
    default="show",
)
