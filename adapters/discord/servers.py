"""The servers the bot is in: known when they appear, set aside when the bot was really removed, and what
changes in them that may let messages through again.

A server that becomes unavailable is an outage on Discord's side: discord.py reports it by another
event, to which nobody listens here, so nothing of it is ever deleted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence

import discord

from bot.core.chat.ids import TenantId
from bot.core.errors import BotError
from bot.core.ports import Recovering
from bot.core.stores import Tenants
from bot.core.tasks import TaskSet

_LOG = logging.getLogger(__name__)


class Servers:
    """Listens to discord.py's events about servers.

    recovery: told when a server, a role, or a channel changed so that messages may get through again.
    """

    def __init__(self, tenants: Tenants, client: discord.Client, recovery: Recovering | None = None) -> None:
        self._tenants = tenants
        self._client = client
        self._recovery = recovery
        self._running = TaskSet()
        self._over = False

    async def close(self, grace: float) -> None:
        """Note nothing more, and wait for what is being noted."""
        self._over = True
        await self._running.close(grace)

    def listen(self) -> None:
        """Register the listeners; discord.py finds them by their names."""
        for listener in (
            self.on_ready,
            self.on_shard_known,
            self.on_guild_available,
            self.on_guild_join,
            self.on_guild_remove,
            self.on_guild_role_update,
            self.on_guild_role_delete,
            self.on_guild_channel_update,
            self.on_member_update,
            self.on_raw_thread_update,
            self.on_thread_join,
        ):
            self._client.event(listener)

    async def on_ready(self) -> None:
        """All servers again: discord.py loses the event of one that appears just before this.

        What changed while there was no connection is not known either.
        """
        await self._all(self._client.guilds)

    async def on_shard_known(self, shard: int) -> None:
        """The same for one shard, in a process whose shards come and go."""
        await self._all([guild for guild in self._client.guilds if guild.shard_id == shard])

    async def _all(self, guilds: Sequence[discord.Guild]) -> None:
        for guild in guilds:
            if not guild.unavailable:
                await self._present(guild)
        if self._recovery is not None:
            await self._noted("changes", self._recovery.look_everywhere("discord"))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server at the start or after an outage; perhaps the bot was invited while it was away."""
        await self._present(guild)
        await self._changed(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was invited."""
        await self._present(guild)
        await self._changed(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was really removed; its settings wait for it for a while."""
        # Posts there will fail and pause their routes, which keeps everything, too.
        await self._noted("a removed server", self._tenants.remove(_tenant(guild)))  # no message: a log line

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role may do more than it did; perhaps the bot has it."""
        if before.permissions != after.permissions:
            await self._changed(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """What a role was denied in channels went with it."""
        await self._changed(role.guild)

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Its permissions, for one."""
        del before
        await self._changed(after.guild, after.id)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Discord tells a bot of its own roles and timeouts without the intent for members."""
        del before
        if self._client.user is not None and after.id == self._client.user.id:
            await self._changed(after.guild)

    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """It may be unlocked, or no longer archived."""
        if self._recovery is not None:
            tenant = TenantId("discord", str(payload.guild_id))
            await self._noted("a thread", self._recovery.look_again(tenant, str(payload.thread_id)))

    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Somebody added the bot to a private thread."""
        await self._changed(thread.guild, thread.id)

    async def _changed(self, guild: discord.Guild, channel: int | None = None) -> None:
        if self._recovery is not None:
            again = self._recovery.look_again(_tenant(guild), "" if channel is None else str(channel))
            await self._noted("a change", again)

    async def _present(self, guild: discord.Guild) -> None:
        # Should it fail, the next start makes up for it; a command does not need it.
        await self._noted("a server", self._ensure(guild))

    async def _ensure(self, guild: discord.Guild) -> None:
        known = await self._tenants.ensure(_tenant(guild), guild.name)
        if known.removed_at is not None:
            await self._tenants.restore(known.id)

    async def _noted(self, what: str, work: Awaitable[object]) -> None:
        """Do it; what cannot be stored now is made up for later, and ends nothing here."""
        if self._over:
            # discord.py tells of what came in tasks of its own, also after its connection is closed.
            if asyncio.iscoroutine(work):
                work.close()
            return
        with self._running.joined():
            try:
                await work
            except BotError as error:
                _LOG.warning("%s could not be noted: %s", what, error.detail)


def _tenant(guild: discord.Guild) -> TenantId:
    return TenantId("discord", str(guild.id))
