"""What people, roles and channels of a server are called, for texts that name them by id."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any, Final

import discord
from cachetools import TTLCache

from adapters.discord.channels import DiscordChannels
from adapters.discord.rest import LOST, Rest
from bot.core.chat.cards import Choice
from bot.core.chat.ids import TenantId
from bot.core.clocks import Monotonic

_TROUBLES: Final = (discord.DiscordException, *LOST)
SECONDS: Final = 60.0
SERVERS: Final = 200
_LOG = logging.getLogger(__name__)


class DiscordNames:
    """A `Names` of `adapters.discord.notation`. Never raises for what Discord can answer."""

    def __init__(self, rest: Rest, channels: DiscordChannels, ticks: Monotonic = time.monotonic) -> None:
        self._rest = rest
        self._channels = channels
        self._held: TTLCache[str, tuple[Choice, ...]] = TTLCache(SERVERS, SECONDS, ticks)

    async def person(self, tenant: TenantId, user: str) -> str | None:
        """As the server sees them: the nickname, else their own name."""
        path = "/guilds/{guild_id}/members/{user_id}"
        found = await self._asked(path, guild_id=int(tenant.workspace), user_id=int(user))
        if not isinstance(found, Mapping):
            return None
        who: Mapping[str, Any] = found.get("user") or {}
        return found.get("nick") or who.get("global_name") or who.get("username")

    async def role(self, tenant: TenantId, role: str) -> str | None:
        """Without @."""
        found = await self._asked("/guilds/{guild_id}/roles", guild_id=int(tenant.workspace))
        named = (one.get("name") for one in found or () if str(one.get("id")) == role)
        return next(named, None)

    async def groups(self, tenant: TenantId) -> tuple[Choice, ...]:
        """The roles, as mentions, in the order of the server; @everyone is none of them."""
        held = self._held.get(tenant.workspace)
        if held is None:
            found = await self._asked("/guilds/{guild_id}/roles", guild_id=int(tenant.workspace))
            if found is None:
                return ()
            roles = sorted(found, key=lambda one: -int(one.get("position") or 0))
            held = self._held[tenant.workspace] = tuple(
                Choice(f"@{one['name']}", f"<@&{one['id']}>")
                for one in roles
                if str(one["id"]) != tenant.workspace
            )
        return held

    async def channel_name(self, tenant: TenantId, channel: str) -> str | None:
        """Without #; None for one of another server."""
        try:
            found = await self._channels.fetch(tenant, channel)
        except _TROUBLES as error:
            _LOG.info("the name of a channel was not told: %s", type(error).__name__)
            return None
        return str(found["name"]) if found and found.get("name") else None

    async def _asked(self, path: str, **ids: int) -> Any:
        try:
            return await self._rest.surely("GET", path, **ids)
        except _TROUBLES as error:
            _LOG.info("a name was not told: %s", type(error).__name__)
            return None
