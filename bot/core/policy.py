"""The policy of a place: grants, and above them rules, of which the most specific decides. Pure.

A rule allows or denies one command, a group of commands or a permission: to everyone, to all of a sort, to a
role or to a person, everywhere or in one channel. Where a rule speaks of what somebody does, it decides;
where none does, the grants do. Of several, a rule gives way to one that is at least as specific in whom,
where and what it speaks of, and more so in one of them; of those that are left, one that denies wins
(docs/decisions/0034-policy-rules.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec

from bot.core.access import (
    NOTHING,
    Actor,
    Allowed,
    Denied,
    Grant,
    Permission,
    Verdict,
    needed,
    permissions_of,
    refused,
)
from bot.core.messages.inlines import ChannelMention, Code, Inline, UserMention
from bot.core.messages.message import Message, msg

MENDING: Final = "policy"
"""The group of commands that mends the policy: an admin of the platform always may use it."""
KEPT: Final = Permission.USE | Permission.MANAGE
"""What no rule takes from an admin of the platform, as no grant does."""
EVERYONE: Final = "everyone"
# From the widest to the narrowest: whom a rule speaks of.
_WHO: Final = {EVERYONE: 0, "members": 1, "admins": 1, "role": 2, "user": 3}


class Deed(msgspec.Struct, frozen=True):
    """What somebody wants to do. needs: the permissions that it takes; command: the words of the command that
    it belongs to ("draw run"), of buttons and previews too; "" where it belongs to none."""

    needs: Permission
    command: str = ""

    @property
    def group(self) -> str:
        """The first word of its command."""
        return self.command.partition(" ")[0]


@dataclass(frozen=True, slots=True, order=True)
class PolicyRule:
    """One rule. what: the words of a command ("draw run"), a group ("draw") or the name of a permission
    ("spend"). kind, subject: as of `Grant`. channel: the platform's id of a channel or thread, "" for all."""

    what: str
    kind: str = EVERYONE
    subject: str = ""
    channel: str = ""
    allow: bool = False

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What there is one rule of."""
        return (self.what, self.kind, self.subject, self.channel)


class Policy(msgspec.Struct, frozen=True):
    """What is stored of a place."""

    grants: tuple[Grant, ...] = ()
    rules: tuple[PolicyRule, ...] = ()


class ByRule(msgspec.Struct, frozen=True):
    """A rule decided. lost: those that speak of it too, and gave way."""

    rule: PolicyRule
    lost: tuple[PolicyRule, ...] = ()


class ByGrants(msgspec.Struct, frozen=True):
    """No rule speaks of it, so the grants decided."""


class ByBeingAdmin(msgspec.Struct, frozen=True):
    """An admin of the platform always may. lost: rules that would deny it."""

    lost: tuple[PolicyRule, ...] = ()


Because: TypeAlias = ByRule | ByGrants | ByBeingAdmin


class Ruling(msgspec.Struct, frozen=True):
    """What was decided of one permission that a deed takes, and why."""

    permission: Permission
    allowed: bool
    because: Because


class Standing(msgspec.Struct, frozen=True):
    """Who somebody is, where, and under which policy. places: ids of the channel and of the thread in it;
    none where nobody else is."""

    actor: Actor
    places: frozenset[str]
    policy: Policy

    def rulings(self, deed: Deed) -> tuple[Ruling, ...]:
        """Of each permission that the deed takes, in order."""
        return tuple(self._ruling(deed, one) for one in needed(deed.needs))

    def may(self, deed: Deed) -> bool:
        """Whether the person may do it."""
        return all(one.allowed for one in self.rulings(deed))

    @property
    def held(self) -> Permission:
        """Every permission that the person has here, whatever is said of single commands."""
        held = NOTHING
        for one in Permission:
            if self._ruling(Deed(one), one).allowed:
                held |= one
        return held

    def verdict(self, deed: Deed) -> Verdict:
        """The same as `may`, with words for the person."""
        against = [one for one in self.rulings(deed) if not one.allowed]
        if not against:
            return Allowed()
        ruled = next((one.because.rule for one in against if isinstance(one.because, ByRule)), None)
        if ruled is not None:
            return _ruled_out(deed, ruled)
        missing = NOTHING
        for one in against:
            missing |= one.permission
        return refused(missing)

    def _ruling(self, deed: Deed, permission: Permission) -> Ruling:
        speaking = tuple(rule for rule in self.policy.rules if self._speaks(rule, deed, permission))
        if self.actor.is_admin and (permission in KEPT or deed.group == MENDING):
            return Ruling(permission, True, ByBeingAdmin(tuple(one for one in speaking if not one.allow)))
        if speaking:
            rule, lost = _decided(speaking, deed)
            return Ruling(permission, rule.allow, ByRule(rule, lost))
        held = permission in permissions_of(self.actor, self.policy.grants)
        return Ruling(permission, held, ByGrants())

    def _speaks(self, rule: PolicyRule, deed: Deed, permission: Permission) -> bool:
        if rule.channel and rule.channel not in self.places:
            return False
        if not Grant(rule.kind, rule.subject, NOTHING).covers(self.actor):
            return False
        if deed.command and rule.what in (deed.command, deed.group):
            return True
        # Who may not use the bot may do nothing with it; to use it is not to spend.
        return rule.what == _name(permission) or (not rule.allow and rule.what == _name(Permission.USE))


def kept_for_admins(deed: Deed) -> bool:
    """Whether an admin of the platform may do it whatever a rule says."""
    return deed.group == MENDING or all(one in KEPT for one in needed(deed.needs))


def specific(rule: PolicyRule, deed: Deed) -> tuple[int, int, int]:
    """How specific a rule is in whom, where and what it speaks of."""
    what = 2 if rule.what == deed.command else 1 if rule.what == deed.group else 0
    return (_WHO.get(rule.kind, 0), 1 if rule.channel else 0, what)


def gives_way(rule: PolicyRule, other: PolicyRule, deed: Deed) -> bool:
    """Whether a rule gives way to another: that is as specific in everything, and more so in something."""
    mine, its = specific(rule, deed), specific(other, deed)
    return mine != its and all(a <= b for a, b in zip(mine, its, strict=True))


def _decided(speaking: Sequence[PolicyRule], deed: Deed) -> tuple[PolicyRule, tuple[PolicyRule, ...]]:
    """The rule that decides, and those that lost to it."""
    left = [one for one in speaking if not any(gives_way(one, other, deed) for other in speaking)]
    # Of those that decide alike the most specific is named, always the same.
    decides = max(left, key=lambda one: (not one.allow, specific(one, deed), one))
    return decides, tuple(one for one in speaking if one is not decides)


def _ruled_out(deed: Deed, rule: PolicyRule) -> Denied:
    what = deed.command or rule.what
    told = rule_words(rule)
    reason = (
        msg("A rule does not let you use `{what}` in this channel: {rule}.", what=what, rule=told)
        if rule.channel
        else msg("A rule does not let you use `{what}`: {rule}.", what=what, rule=told)
    )
    # Which rule it is stands there: whoever may use nothing here could not ask `policy test`.
    return Denied(reason, msg("Who manages this bot can change it with `policy reset`."))


def levels() -> Iterator[str]:
    """The names of permissions, as rules name them."""
    return (_name(one) for one in Permission)


def _name(permission: Permission) -> str:
    return permission.names()[0]


def rule_words(rule: PolicyRule) -> Message:
    """A rule in one line: "deny use, for @ben, in #alerts"."""
    said, who, where = rule_parts(rule)
    return msg("{rule}, for {who}, {where}", rule=said, who=who, where=where)


def rule_parts(rule: PolicyRule) -> tuple[Message, Inline, Inline]:
    """What it says, for whom and where."""
    what = Code(rule.what)
    said = msg("allow {what}", what=what) if rule.allow else msg("deny {what}", what=what)
    where: Inline = ChannelMention(rule.channel) if rule.channel else msg("everywhere")
    return said, subject_words(rule.kind, rule.subject), where


def subject_words(kind: str, subject: str) -> Inline:
    """Whom a grant or a rule is for. subject: an id, "" for kinds of people."""
    match kind:
        case "everyone":
            return msg("everyone")
        case "admins":
            return msg("admins")
        case "members":
            return msg("members (no guests)")
        case "user":
            return UserMention(subject)
        case _:
            return Code(f"{kind}:{subject}")
