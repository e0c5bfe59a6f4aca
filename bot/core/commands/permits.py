"""What a person may do at this moment, by the stored policy."""

from __future__ import annotations

from bot.core.access import Denied, Permission, decide, permissions_of
from bot.core.chat.invocation import Invocation
from bot.core.errors import NotPermitted
from bot.core.ports import Access


async def held(access: Access, invocation: Invocation) -> Permission:
    """Everything that the person may do in the place of an invocation."""
    return permissions_of(invocation.actor, await access.grants(invocation.tenant))


async def require(access: Access, invocation: Invocation, needs: Permission) -> None:
    """NotPermitted, with who can change it, unless the person may do all of `needs`."""
    verdict = decide(invocation.actor, needs, await access.grants(invocation.tenant))
    if isinstance(verdict, Denied):
        raise NotPermitted(verdict.reason, remedy=verdict.remedy)
