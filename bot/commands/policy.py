"""`policy show|grant|revoke`: who may spend, publish and manage here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from bot.commands.services import CommandCall
from bot.core.access import NOTHING, Permission, effective_grants
from bot.core.answers import Audience, Reply
from bot.core.commands import Command, Effect, Group, NoArgs, Option
from bot.core.errors import UsageError
from bot.presenters.policy import policy_card

PermissionName = Literal["use", "spend", "publish", "manage"]
_MENTIONS = (
    (re.compile(r"<@&(\w+)>"), "role"),  # Discord role
    (re.compile(r"<!subteam\^(\w+)(?:\|[^>]*)?>"), "role"),  # Slack user group
    (re.compile(r"<@!?(\w+)(?:\|[^>]*)?>"), "user"),
    (re.compile(r"role:(\S{1,100})"), "role"),
    (re.compile(r"user:(\S{1,100})"), "user"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantArgs:
    """What, and to whom."""

    permission: Annotated[
        tuple[PermissionName, ...],
        Option("use, spend (credits), publish (on X), manage (settings)", main=True),
    ]
    to: Annotated[
        str,
        Option(
            "everyone, admins, a mention of a person or role, user:ID or role:ID",
            max_length=120,
            verbatim=True,
        ),
    ]


def subject_of(text: str) -> tuple[str, str]:
    """Who is meant, as (kind, id); UsageError says how to write it."""
    word = text.strip()
    if word.lower().removeprefix("@") in ("everyone", "admins"):
        return word.lower().removeprefix("@"), ""
    for pattern, kind in _MENTIONS:
        match = pattern.fullmatch(word)
        if match:
            return kind, match[1]
    raise UsageError(
        f"{word[:60]!r} names nobody. Write everyone, admins, a mention, user:ID or role:ID.",
        option="to",
        example="policy grant publish to:role:123456",
    )


async def show(call: CommandCall, _args: NoArgs) -> Reply:
    """Who may do what."""
    return Reply(policy_card(effective_grants(await call.services.grants.grants(call.tenant))))


async def grant(call: CommandCall, args: GrantArgs) -> Reply:
    """Give permissions."""
    return await _change(call, args, give=True)


async def revoke(call: CommandCall, args: GrantArgs) -> Reply:
    """Take permissions away."""
    return await _change(call, args, give=False)


async def _change(call: CommandCall, args: GrantArgs, *, give: bool) -> Reply:
    kind, subject = subject_of(args.to)
    wanted = NOTHING
    for name in args.permission:
        wanted |= Permission.named(name)
    grants = call.services.grants
    await call.services.tenants.ensure(call.tenant)
    if give:
        await grants.grant(call.tenant, kind, subject, wanted)
    else:
        await grants.revoke(call.tenant, kind, subject, wanted)
    return Reply(policy_card(effective_grants(await grants.grants(call.tenant))))


def _manage(verb: str, summary: str, handler: Any, example: str) -> Command[Any]:
    return Command(
        ("policy", verb),
        summary,
        GrantArgs,
        handler,
        Effect.SETTINGS,
        Permission.MANAGE,
        Audience.PRIVATE,
        (example,),
        needs_key=False,
    )


POLICY = Group(
    "policy",
    "Who may spend credits, publish on X and manage this bot",
    (
        Command(
            path=("policy", "show"),
            summary="Who may do what here",
            args=NoArgs,
            run=show,
            effect=Effect.READ,
            needs=Permission.USE,
            audience=Audience.PRIVATE,
            examples=("policy show",),
            needs_key=False,
        ),
        _manage(
            "grant",
            "Give permissions to a person, a role or everyone",
            grant,
            "policy grant spend to:everyone",
        ),
        _manage("revoke", "Take permissions away", revoke, "policy revoke spend to:everyone"),
    ),
    default="show",
)
