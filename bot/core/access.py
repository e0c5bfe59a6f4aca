"""Permissions: what an actor may do. Platforms give facts about a person; the decision is made here."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Flag
from functools import cache, reduce
from operator import or_
from typing import Final, TypeAlias

import msgspec

from bot.core.messages.message import Message, msg


class Permission(Flag):
    """A set, not an order; VIEW and PRIVATE alone open nothing without USE.

    USE: what is harmless in public. VIEW: the team's inside: drafts of others, balance, accounts,
    monitors, routes, entries of draws. PRIVATE: what X shows to a connected account alone: bookmarks, home
    timeline, notifications, direct messages. SPEND: what costs credits. PUBLISH: what changes X.
    MANAGE: settings of the tenant.
    """

    # In the order in which people read them; the values are stored, so they stay what they are.
    USE = 1
    VIEW = 16
    PRIVATE = 32
    SPEND = 2
    PUBLISH = 4
    MANAGE = 8

    def names(self) -> tuple[str, ...]:
        """The names in the set, lower case, in order."""
        return tuple(str(p.name).lower() for p in Permission if p in self)

    @classmethod
    def named(cls, name: str) -> Permission:
        """The permission with that name, in any case; ValueError otherwise."""
        try:
            return cls[name.strip().upper()]
        except KeyError:
            known = ", ".join(str(p.name).lower() for p in cls)
            msg = f"{name!r} is not a permission; use {known}"
            raise ValueError(msg) from None


NOTHING = Permission(0)
EVERYTHING = reduce(or_, Permission)

# Platforms that tell those who belong to an organisation from guests and outsiders. Whoever joins a
# Discord server is its member, so membership says nothing there.
WITH_MEMBERS: Final = frozenset({"slack"})


class Actor(msgspec.Struct, frozen=True):
    """A person, as the platform describes them.

    is_admin: may manage the guild or workspace. is_member: belongs to the organisation itself and is
    no guest of it; only on platforms of `WITH_MEMBERS`.
    """

    id: str
    display_name: str
    roles: frozenset[str] = frozenset()
    is_admin: bool = False
    is_member: bool = False


class BotRemoved(msgspec.Struct, frozen=True):
    """In place of an actor: the bot was removed from the place, so that nobody says who is there."""


class Grant(msgspec.Struct, frozen=True):
    """Permissions given in a tenant to a subject.

    kind: "user", "role", "everyone", "members" or "admins"; subject: the platform's id, "" for the
    last three.
    """

    kind: str
    subject: str
    permissions: Permission

    def covers(self, actor: Actor) -> bool:
        """Whether the grant speaks of this person."""
        match self.kind:
            case "user":
                return self.subject == actor.id
            case "role":
                return self.subject in actor.roles
            case "everyone":
                return True
            case "members":
                return actor.is_member
            case "admins":
                return actor.is_admin
            case _:
                return False


# A tenant nobody has configured: everyone uses what is harmless, the team sees its inside, admins do
# everything. A stored grant for "admins", "members" or "everyone" replaces the line of its kind.
DEFAULT_GRANTS = (
    Grant("everyone", "", Permission.USE),
    Grant("members", "", Permission.VIEW),
    Grant("admins", "", EVERYTHING),
)


class Allowed(msgspec.Struct, frozen=True):
    """The person may."""


class Denied(msgspec.Struct, frozen=True):
    """The person may not. reason: why, in words for that person; remedy: who can change it, and how."""

    reason: str
    remedy: str


Verdict: TypeAlias = Allowed | Denied

_NEEDED: Final = {
    Permission.USE: msg("{permission}, the permission to use this bot", permission="use"),
    Permission.VIEW: msg(
        "{permission}, the permission to see the team's drafts, balance, monitors, routes and draw exports",
        permission="view",
    ),
    Permission.PRIVATE: msg(
        "{permission}, the permission to read the bookmarks, home timeline, notifications and messages of "
        "connected X accounts",
        permission="private",
    ),
    Permission.SPEND: msg(
        "{permission}, the permission to run draws and whatever else costs Xquik credits", permission="spend"
    ),
    Permission.PUBLISH: msg("{permission}, the permission to change anything on X", permission="publish"),
    Permission.MANAGE: msg("{permission}, the permission to change this bot's settings", permission="manage"),
}
"""A permission by the name that people type, and what it is for."""


def effective_grants(stored: Iterable[Grant]) -> tuple[Grant, ...]:
    """The stored grants, and the defaults that they do not replace."""
    given = tuple(stored)
    replaced = {grant.kind for grant in given}
    return (*given, *(default for default in DEFAULT_GRANTS if default.kind not in replaced))


def permissions_of(actor: Actor, grants: Iterable[Grant]) -> Permission:
    """Everything the person may do, from the stored grants and the defaults they do not replace."""
    held = NOTHING
    for grant in effective_grants(grants):
        if grant.covers(actor):
            held |= grant.permissions
    if actor.is_admin:
        # An admin of the platform can always mend the policy, whatever was stored.
        held |= Permission.USE | Permission.MANAGE
    return held


def allows(held: Permission, needs: Permission) -> bool:
    """Whether who holds `held` may do what needs `needs`."""
    return all(one in held for one in needed(needs))


@cache
def needed(needs: Permission) -> tuple[Permission, ...]:
    """Each permission that it takes, in order."""
    # `policy revoke use to:everyone` closes the bot, whatever people may see of it by default.
    seeing = needs & (Permission.VIEW | Permission.PRIVATE)
    wanted = needs | Permission.USE if seeing else needs
    return tuple(one for one in Permission if one in wanted)


def refused(missing: Permission) -> Denied:
    """For who lacks these permissions: what they are for, and who can grant them."""
    said = reduce(_both, (words for one, words in _NEEDED.items() if one in missing))
    return Denied(
        msg("This needs {permissions}.", permissions=said),
        msg(
            "An admin can grant it: `policy grant {permissions} to:@role`.",
            permissions=",".join(missing.names()),
        ),
    )


def _both(one: Message, other: Message) -> Message:
    return msg("{one}; and {other}", one=one, other=other)
