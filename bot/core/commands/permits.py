"""What has to be there at this moment: the permission, by the stored policy, and a key."""

from __future__ import annotations

from bot.core.access import Denied, Permission, decide, permissions_of
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Invocation
from bot.core.errors import NotConfigured, NotPermitted
from bot.core.messages.message import msg
from bot.core.ports import Access, Keys


async def held(access: Access, invocation: Invocation) -> Permission:
    """Everything that the person may do in the place of an invocation."""
    return permissions_of(invocation.actor, await access.grants(invocation.tenant))


async def require(access: Access, invocation: Invocation, needs: Permission) -> None:
    """NotPermitted, with who can change it, unless the person may do all of `needs`."""
    verdict = decide(invocation.actor, needs, await access.grants(invocation.tenant))
    if isinstance(verdict, Denied):
        raise NotPermitted(verdict.reason, remedy=verdict.remedy)


async def need_key(keys: Keys, tenant: TenantId) -> None:
    """NotConfigured where no Xquik key is stored."""
    if not await keys.has_key(tenant):
        raise NotConfigured(msg("No Xquik key is set up here yet, so the bot cannot reach X."))
