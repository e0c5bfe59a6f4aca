"""Channels of a server, over REST: by id or name, never one of another server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.kinds import POSTABLE_CHANNELS
from adapters.discord.permissions import effective, is_thread
from adapters.discord.rest import LOST, Rest
from bot.core.chat.ids import TenantId
from bot.core.chat.places import ChannelRef
from bot.core.errors import DestinationTrouble
from bot.core.messages.message import msg

_NOT_THERE = (403, 404)


class DiscordChannels:
    """A `Channels`."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def channel(self, tenant: TenantId, wanted: ChannelRef) -> ChannelRef | None:
        """The channel by id, or a text channel by name without #. DestinationTrouble when Discord
        does not say."""
        try:
            if wanted.id.isdigit():
                found = await self.fetch(tenant, wanted.id)
            else:
                found = await self._named(tenant, wanted.name or wanted.id)
        except (discord.DiscordException, *LOST) as error:
            raise DestinationTrouble(
                msg("Discord did not say whether that channel is there."),
                remedy=msg("Try again in a moment."),
            ) from error
        return ChannelRef(str(found["id"]), str(found.get("name") or "")) if found else None

    async def fetch(self, tenant: TenantId, channel: str) -> Mapping[str, Any] | None:
        """A channel or thread as the API gives it; None when the tenant has none of that id for us."""
        if not channel.isdigit():
            return None
        try:
            found = await self._rest.surely("GET", "/channels/{channel_id}", channel_id=int(channel))
        except discord.HTTPException as error:
            if error.status in _NOT_THERE:
                return None
            raise
        return found if str(found.get("guild_id")) == tenant.workspace else None

    async def permissions(self, tenant: TenantId, channel: Mapping[str, Any]) -> int:
        """The bot's permission bits in a channel that `fetch` found."""
        guild = int(tenant.workspace)
        roles = await self._rest.surely("GET", "/guilds/{guild_id}/roles", guild_id=guild)
        member = await self._rest.surely(
            "GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=self._rest.user_id
        )
        place: Mapping[str, Any] | None = channel
        if is_thread(channel):
            place = await self.fetch(tenant, str(channel["parent_id"]))
        return effective(place, roles, member, guild=tenant.workspace) if place else 0

    async def _named(self, tenant: TenantId, name: str) -> Mapping[str, Any] | None:
        if not tenant.workspace.isdigit():
            return None
        try:
            channels = await self._rest.surely(
                "GET", "/guilds/{guild_id}/channels", guild_id=int(tenant.workspace)
            )
        except discord.HTTPException as error:
            if error.status in _NOT_THERE:
                return None
            raise
        folded = name.removeprefix("#").casefold()
        usable = [c for c in channels if c["type"] in POSTABLE_CHANNELS]
        return next((c for c in usable if str(c["name"]).casefold() == folded), None)
