"""Whether somebody may still read what they are about to be told."""

from __future__ import annotations

from typing import Final

from bot.core.access import BotRemoved, Permission
from bot.core.chat.delivery_results import Busy, DeliveryResult, Refused
from bot.core.errors import StorageUnavailable
from bot.core.messages.errors import said_by
from bot.core.messages.message import msg
from bot.core.policy import Standing
from bot.core.ports import Access, Messenger
from bot.core.routes import dedup_keys
from bot.relay.sending.telling import OWNER
from bot.storage.relay.lane_heads import Claimed

# Tries after which a platform that does not say who somebody is, is not asked any more.
_TRIES: Final = 5
_PAUSE: Final = 5.0


async def withheld(messenger: Messenger, access: Access, item: Claimed) -> DeliveryResult | None:
    """Why a person is not told, or not yet; None when nothing speaks against it. Then the next in line is.

    Who owns the place is always told: there is nobody behind them. So is whoever is told that places cannot
    be reached once the bot was removed: nobody says any more what they may see.
    """
    person, tenant = item.person or "", item.destination.tenant
    if not dedup_keys.is_confidential(item.dedup_key) or person == OWNER:
        return None
    actor = await messenger.actor(tenant, person)
    if actor is None:
        if item.attempts <= _TRIES:
            return Busy(_PAUSE, msg("the platform does not say now what the person may see"))
        return Refused(msg("The platform does not say what the person may see."))
    if isinstance(actor, BotRemoved):
        # That the bot was removed is told by nothing else, and nothing of the inside comes after it.
        return None if dedup_keys.is_of_outage(item.dedup_key) else Refused(msg("The bot was removed there."))
    try:
        held = Standing(actor, frozenset(), await access.policy(tenant)).held
    except StorageUnavailable as error:
        return Busy(_PAUSE, said_by(error))
    if held & (Permission.VIEW | Permission.MANAGE):
        return None
    return Refused(msg("The person may no longer see how this place does."))
