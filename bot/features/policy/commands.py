"""`policy`: who may do what here, by grants and by rules above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from bot.cards.policy import policy_card
from bot.core.access import NOTHING, Permission
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card
from bot.core.commands.declaring import Group, NoArgs, Option, WholeCatalogue
from bot.core.commands.presets import INSIDE_LOCAL, LOCAL, SETTING, command, listing_command
from bot.features.policy.rules import LISTED, RuleCommands
from bot.features.policy.subjects import SubjectArgs, meant
from bot.features.policy.testing import Testing
from bot.features.services import CommandCall
from bot.features.shared.grants import in_force

PermissionName = Literal["use", "view", "private", "spend", "publish", "manage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantArgs(SubjectArgs):
    """What, and to whom."""

    permission: Annotated[
        tuple[PermissionName, ...],
        Option(
            "use, view (the inside), private (own inboxes), spend, publish (on X), manage (settings)",
            main=True,
        ),
    ]


async def show(call: CommandCall, _args: NoArgs) -> Reply:
    """Who may do what."""
    return Reply(await _shown(call))


async def grant(call: CommandCall, args: GrantArgs) -> Reply:
    """Give permissions."""
    return await _change(call, args, give=True)


async def revoke(call: CommandCall, args: GrantArgs) -> Reply:
    """Take permissions away."""
    return await _change(call, args, give=False)


async def _change(call: CommandCall, args: GrantArgs, *, give: bool) -> Reply:
    subject = meant(call, args)
    assert subject is not None  # noqa: S101 - one of them is given, or the command does not run
    kind, identity = subject
    wanted = NOTHING
    for name in args.permission:
        wanted |= Permission.named(name)
    grants = call.services.grants
    await call.services.tenants.ensure(call.tenant)
    if give:
        await grants.grant(call.tenant, kind, identity, wanted)
    else:
        await grants.revoke(call.tenant, kind, identity, wanted)
    return Reply(await _shown(call))


async def _shown(call: CommandCall) -> Card:
    rules = (await call.services.grants.policy(call.tenant)).rules
    return policy_card(await in_force(call), len(rules))


def policy_group(whole: WholeCatalogue) -> Group:
    """The group. whole: gives the finished catalogue, which rules are about."""
    rules, testing = RuleCommands(whole), Testing(whole)
    return Group(
        "policy",
        "Who may see internal details, spend credits, publish on X and manage this bot",
        (
            command("policy show", show, INSIDE_LOCAL, "Show who may do what here", "policy show"),
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
            listing_command(
                "policy list",
                LISTED,
                INSIDE_LOCAL,
                "List the rules that stand above the permissions",
                "policy list",
            ),
            command(
                "policy allow",
                rules.allow,
                SETTING,
                "Allow a command to everyone, a person or a role, everywhere or in one channel",
                "policy allow draw run group:everyone",
                "policy allow draw channel:#alerts",
            ),
            command(
                "policy deny",
                rules.deny,
                SETTING,
                "Deny a command to everyone, a person or a role, everywhere or in one channel",
                "policy deny draw run channel:#alerts",
                "policy deny publish channel:#alerts",
            ),
            command(
                "policy reset",
                rules.reset,
                SETTING,
                "Take rules away: those about a command, a person, a channel, or all",
                "policy reset draw run",
                "policy reset all",
            ),
            command(
                "policy test",
                testing.test,
                LOCAL,
                "Say whether somebody may do something, and which rule says so",
                "policy test draw run",
                "policy test spend group:everyone",
            ),
        ),
        default="show",
    )
