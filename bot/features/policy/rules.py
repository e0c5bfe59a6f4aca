"""`policy list|allow|deny|reset`: rules above the grants, of commands, groups and permissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from bot.cards.policy import Exempt, rule_set_card, rules_gone_card, rules_table
from bot.core.access import Actor, Permission, needed
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Block, Choice, line
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Catalogue, NoArgs, Option, WholeCatalogue
from bot.core.commands.listing import Column, Listing, PageRows, page_of
from bot.core.errors import NotFound, UsageError
from bot.core.messages.message import msg
from bot.core.policy import EVERYONE, Deed, PolicyRule, kept_for_admins, levels
from bot.core.text.nearest import names_close_to
from bot.core.text.shortening import cut
from bot.features.policy.subjects import SubjectArgs, meant
from bot.features.services import CommandCall
from bot.features.shared.channels import known_place
from bot.features.shared.suggesting import fitting

ALL: Final = "all"
"""What `policy reset` takes for every rule."""


@dataclass(frozen=True, kw_only=True)
class WhatArgs:
    """What a rule is about."""

    what: Annotated[
        str,
        Option(
            "A command, its first word, or a permission (like spend)",
            main=True,
            max_length=80,
            suggest="deeds",
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class WhereArgs:
    """Where a rule holds."""

    channel: Annotated[ChannelRef | None, Option("In this channel and its threads alone")] = None


@dataclass(frozen=True, kw_only=True)
class RuleArgs(WhatArgs, SubjectArgs, WhereArgs):
    """What, for whom and where."""


class RuleCommands:
    """What the commands do. whole: gives the finished catalogue, whose commands rules are about."""

    def __init__(self, whole: WholeCatalogue) -> None:
        self._whole = whole

    async def allow(self, call: CommandCall, args: RuleArgs) -> Reply:
        """Let somebody do something, whatever the grants say."""
        return await self._put(call, args, allow=True)

    async def deny(self, call: CommandCall, args: RuleArgs) -> Reply:
        """Let somebody not do something, whatever the grants say."""
        return await self._put(call, args, allow=False)

    async def reset(self, call: CommandCall, args: RuleArgs) -> Reply:
        """Take rules away; the grants stay."""
        stored = (await call.services.grants.policy(call.tenant)).rules
        wanted = args.what.strip().casefold()
        what = "" if wanted == ALL or args.what in {one.what for one in stored} else self.named(args.what)
        what = args.what if not what and wanted != ALL else what
        kind, subject = meant(call, args) or ("", "")
        channel = await self._channel(call, args.channel)
        gone = tuple(
            one
            for one in stored
            if (not what or one.what == what)
            and (not kind or (one.kind, one.subject) == (kind, subject))
            and (not channel or one.channel == channel)
        )
        if not gone:
            raise NotFound(msg("No rule is like that."), remedy=msg("`policy list` shows what there is."))
        await call.services.rules.remove(call.tenant, gone)
        left = (await call.services.grants.policy(call.tenant)).rules
        return Reply(rules_gone_card(gone, len(left)))

    async def _put(self, call: CommandCall, args: RuleArgs, *, allow: bool) -> Reply:
        kind, subject = meant(call, args) or (EVERYONE, "")
        channel = await self._channel(call, args.channel)
        rule = PolicyRule(self.named(args.what), kind, subject, channel, allow=allow)
        deeds = [deed for _, deed in deeds_of(self._whole(), rule.what)]
        if not allow and not any(needed(deed.needs) for deed in deeds):
            raise UsageError(
                msg(
                    "Nobody can be kept from `{what}`: what is stored about people is theirs.", what=rule.what
                ),
                option="what",
                example="policy deny draw run",
                remedy=msg("What is stored of everybody here is for who has `manage` and `view`."),
            )
        exempt = None if allow else await self._exempt(call, rule, deeds)
        await call.services.tenants.ensure(call.tenant)
        before = await call.services.rules.put(call.tenant, rule)
        return Reply(rule_set_card(rule, turned=before is not None and before.allow != allow, exempt=exempt))

    async def _exempt(self, call: CommandCall, rule: PolicyRule, deeds: Sequence[Deed]) -> Exempt | None:
        """Whom of those that a rule is for it does not keep from it."""
        kept = [kept_for_admins(deed) for deed in deeds]
        if not any(kept):
            return None
        # Who may not use the bot may not spend or publish by it either, admin or not.
        if not all(kept) or rule.what == "use":
            return Exempt.IN_PART
        alone = rule.kind == "admins"
        if rule.kind == "user":
            found = await call.services.platform(call.tenant).messenger.actor(call.tenant, rule.subject)
            alone = isinstance(found, Actor) and found.is_admin
        return Exempt.ALL if alone else Exempt.ADMINS

    async def _channel(self, call: CommandCall, channel: ChannelRef | None) -> str:
        return "" if channel is None else (await known_place(call, channel)).channel

    def named(self, text: str) -> str:
        """What a rule calls a command, a group or a permission; UsageError for what is none."""
        return deed_named(self._whole(), text)

    async def suggest(self, _call: CommandCall, typed: str) -> tuple[Choice, ...]:
        """Permissions, groups and commands."""
        known = self._whole()
        names = (*levels(), *(group.name for group in known.groups), *(command.name for command in known))
        return fitting([Choice(name, name) for name in dict.fromkeys(names)], typed)


def deed_named(known: Catalogue, text: str) -> str:
    """What a rule calls a command, a group or a permission; UsageError for what is none."""
    words = text.strip().removeprefix("/").casefold().split()
    if len(words) > 1 and known.nested(words[0], words[1]) is not None:
        words = words[1:]
    name = " ".join(words)
    if name in levels() or known.command(tuple(words)) is not None or known.group(name) is not None:
        return name
    names = (*levels(), *(group.name for group in known.groups), *(command.name for command in known))
    close = names_close_to(name, names)
    raise UsageError(
        msg("{what} is no command and no permission.", what=repr(cut(text, 40))),
        option="what",
        example=f"policy deny {close[0] if close else 'draw run'}",
        remedy=msg("`help` lists the commands; permissions are {names}.", names=", ".join(levels())),
    )


def deeds_of(known: Catalogue, name: str) -> tuple[tuple[str, Deed], ...]:
    """What a rule's name means: a permission, a command, or each command of a group."""
    if name in levels():
        return ((name, Deed(Permission.named(name))),)
    command = known.command(tuple(name.split()))
    if command is not None:
        return ((command.name, command.deed),)
    group = known.group(name)
    return tuple((one.name, one.deed) for one in group.commands) if group is not None else ()


async def _rules(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[PolicyRule]:
    return page_of((await call.services.grants.policy(call.tenant)).rules, _key, cursor, size)


def _key(rule: PolicyRule) -> tuple[str, ...]:
    return rule.key


async def _draw(_call: CommandCall, _args: NoArgs, rows: PageRows[PolicyRule]) -> tuple[Block, ...]:
    return (rules_table(rows.items),)


LISTED: Final = Listing(
    title=lambda _args: msg("Rules above the permissions"),
    fetch=_rules,
    identity=lambda rule: "\n".join(rule.key),
    draw=_draw,
    empty=lambda _args: line(
        msg("There are no rules; `policy show` says who has which permission."),
        " ",
        msg("Make one with `policy deny draw run channel:#general`."),
    ),
    size=20,
    columns=(
        Column("rule", lambda rule: "allow" if rule.allow else "deny"),
        Column("what", lambda rule: rule.what),
        Column("to", lambda rule: rule.kind),
        Column("id", lambda rule: rule.subject),
        Column("channel", lambda rule: rule.channel),
    ),
)
