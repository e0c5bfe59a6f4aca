"""What has to be there at this moment: the permission, by the stored policy, and a key."""

from __future__ import annotations

from bot.core.access import Denied, Permission
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Invocation
from bot.core.errors import NotConfigured, NotPermitted
from bot.core.messages.message import msg
from bot.core.policy import Deed, Standing
from bot.core.ports import Access, Keys


async def standing(access: Access, invocation: Invocation) -> Standing:
    """Who somebody is where they are, under the policy of the place: asked once for several decisions."""
    place = invocation.place
    places = frozenset(one for one in (place.channel, place.thread) if one)
    return Standing(invocation.actor, places, await access.policy(invocation.tenant))


async def held(access: Access, invocation: Invocation) -> Permission:
    """Every permission that the person has where they are, whatever is said of single commands."""
    return (await standing(access, invocation)).held


async def require(access: Access, invocation: Invocation, deed: Deed) -> None:
    """NotPermitted, with who can change it, unless the person may do it there."""
    verdict = (await standing(access, invocation)).verdict(deed)
    if isinstance(verdict, Denied):
        raise NotPermitted(verdict.reason, remedy=verdict.remedy)


async def need_key(keys: Keys, tenant: TenantId) -> None:
    """NotConfigured where no Xquik key is stored."""
    if not await keys.has_key(tenant):
        raise NotConfigured(msg("No Xquik key is set up here yet, so the bot cannot reach X."))
