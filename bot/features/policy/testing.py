"""`policy test`: who may do what where, and which rule or grant says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.cards.policy import TriedDeed, tried_card
from bot.core.access import Actor, Permission
from bot.core.chat.answers import Reply
from bot.core.commands import permits
from bot.core.commands.declaring import WholeCatalogue
from bot.core.errors import NotFound
from bot.core.messages.message import msg
from bot.core.policy import Deed, PolicyRule
from bot.features.policy.rules import RuleArgs, deed_named, deeds_of
from bot.features.policy.subjects import meant
from bot.features.services import CommandCall
from bot.features.shared.channels import known_place

_NAME: Final = "policy test"  # no message: a command


class Testing:
    """What the command does. whole: gives the finished catalogue."""

    __test__ = False  # no test, for pytest

    def __init__(self, whole: WholeCatalogue) -> None:
        self._whole = whole

    async def test(self, call: CommandCall, args: RuleArgs) -> Reply:
        """Whether somebody may, and what decided it. Of others only for who sees the inside."""
        invocation, access = call.invocation, call.services.grants
        subject = meant(call, args)
        if subject is not None or args.channel is not None:
            await permits.require(access, invocation, Deed(Permission.VIEW, _NAME))
        place = invocation.place
        if args.channel is not None:
            place = await known_place(call, args.channel)
        who = invocation.actor if subject is None else await _somebody(call, *subject)
        standing = await permits.standing(access, replace(invocation, actor=who, place=place))
        name = deed_named(self._whole(), args.what)
        deeds = deeds_of(self._whole(), name)
        tried = tuple(TriedDeed(what, standing.rulings(deed)) for what, deed in deeds)
        kind, identity = ("user", who.id) if subject is None else subject
        about = PolicyRule(name, kind, identity, place.channel if args.channel else "")
        return Reply(tried_card(about, tried, here=args.channel is None, oneself=subject is None))


async def _somebody(call: CommandCall, kind: str, subject: str) -> Actor:
    """A person as the platform tells of them, or somebody who has that role and nothing else."""
    match kind:
        case "user":
            found = await call.services.platform(call.tenant).messenger.actor(call.tenant, subject)
            if not isinstance(found, Actor):
                raise NotFound(
                    msg("The platform does not say now who that is."),
                    remedy=msg("Try again in a moment, or try a role."),
                )
            return found
        case "role":
            return Actor("", "", frozenset({subject}))
        case _:
            return Actor("", "", is_admin=kind == "admins", is_member=kind == "members")
