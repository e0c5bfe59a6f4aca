"""The servers the bot is in: known when they appear, set aside when the bot was really removed.

A server that becomes unavailable is an outage on Discord's side: discord.py reports it by another
event, to which nobody listens here, so nothing of it is ever deleted.
"""

from __future__ import annotations

import logging

import discord

from adapters.discord.ports import Tenants
from adapters.discord.running import Running
from bot.core.errors import BotError
from bot.core.ids import TenantId

_LOG = logging.getLogger(__name__)


class Servers:
    """Listens to discord.py's events about servers."""

    def __init__(self, tenants: Tenants, client: discord.Client) -> None:
        self._tenants = tenants
        self._client = client
        self.running = Running()

    def listen(self) -> None:
        """Register the listeners; discord.py finds them by their names."""
        for listener in (self.on_ready, self.on_guild_available, self.on_guild_join, self.on_guild_remove):
            self._client.event(listener)

    async def on_ready(self) -> None:
        """All servers again: discord.py loses the event of one that appears just before this."""
        for guild in self._client.guilds:
            if not guild.unavailable:
                await self._present(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server at the start or after an outage; perhaps the bot was invited while it was away."""
        await self._present(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was invited."""
        await self._present(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was really removed; its settings wait for it for a while."""
        with self.running.noted():
            try:
                await self._tenants.remove(_tenant(guild))
            except BotError:
                # Posts there will fail and pause their routes, which keeps everything, too.
                _LOG.warning("a removed server could not be noted", exc_info=True)

    async def _present(self, guild: discord.Guild) -> None:
        with self.running.noted():
            try:
                known = await self._tenants.ensure(_tenant(guild), guild.name)
                if known.removed_at is not None:
                    await self._tenants.restore(known.id)
            except BotError:
                # The next start makes up for it; a command does not need it.
                _LOG.warning("a server could not be noted", exc_info=True)


def _tenant(guild: discord.Guild) -> TenantId:
    return TenantId("discord", str(guild.id))
