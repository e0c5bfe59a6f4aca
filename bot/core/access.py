"""Who may do what. Platforms give facts about a person; the decision is made here, alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag
from typing import TypeAlias


class Permission(Flag):
    """A set, not an order.

    USE: run commands that cost nothing. SPEND: what costs credits. PUBLISH: what changes X.
    MANAGE: settings of the tenant.
    """

    USE = 1
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
            msg = f"{name!r} is not a permission; there are {known}"
            raise ValueError(msg) from None


NOTHING = Permission(0)
EVERYTHING = Permission.USE | Permission.SPEND | Permission.PUBLISH | Permission.MANAGE


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, as the platform describes them. is_admin: may manage the guild or workspace."""

    id: str
    display_name: str
    roles: frozenset[str] = frozenset()
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions given in a tenant to a subject.

    kind: "user", "role", "everyone" or "admins"; subject: the platform's id ("" for the last two).
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
            case "admins":
                return actor.is_admin
            case _:
                return False


# A tenant nobody has configured: members look, admins do everything. A stored grant for "admins"
# or "everyone" replaces the line of its kind.
DEFAULT_GRANTS = (
    Grant("everyone", "", Permission.USE),
    Grant("admins", "", EVERYTHING),
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The person may."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The person may not, and why, in words for that person."""

    reason: str


Verdict: TypeAlias = Allowed | Denied


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


def decide(actor: Actor, needs: Permission, grants: Iterable[Grant]) -> Verdict:
    """Whether `actor` holds all of `needs`."""
    missing = needs & ~permissions_of(actor, grants)
    if not missing:
        return Allowed()
    words = {
        Permission.USE: "use this bot",
        Permission.SPEND: "spend Xquik credits",
        Permission.PUBLISH: "change anything on X",
        Permission.MANAGE: "change this bot's settings",
    }
    return Denied("You may not " + " or ".join(w for p, w in words.items() if p in missing) + " here.")
