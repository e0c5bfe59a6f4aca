"""The connection to Discord: discord.py's client with our addresses, proxy and events."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.discord.buckets import use_what_is_left
from adapters.discord.settings import DiscordSettings, proxy_of
from bot.core.http.trust import trusted

if TYPE_CHECKING:
    from adapters.discord.shards import SharedShards

# Seconds that a request waits for a rate limit; what Discord wants to wait longer is put off by the
# caller, who may have other things to send.
LONGEST_WAIT: Final = 30.0
# Seconds between two tries to connect, at most.
LONGEST_PAUSE: Final = 60.0


class _NotYet(Exception):
    """A shard could not be connected. Unwinds discord.py's next try, which it makes inside of this one."""


class Client(discord.AutoShardedClient):
    """The client of one process, with all shards or the ones that are its own.

    Only the guilds intent is asked for, which needs no approval: commands, presses and forms come
    without any, and we read nobody's messages.
    """

    def __init__(self, settings: DiscordSettings, trace: aiohttp.TraceConfig | None = None) -> None:
        """trace: hears of every answer."""
        # discord.py would warn at each start that no library for voice is installed; we never speak.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        use_what_is_left()
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=settings.guild_timeout,
            max_ratelimit_timeout=LONGEST_WAIT,
            proxy=proxy_of(settings),
            http_trace=trace,  # type: ignore[arg-type]  # None is none, as without it
        )
        self._greeted: set[int] = set()
        self._launching: int | None = None

    async def on_shard_connect(self, shard: int) -> None:
        """Called by discord.py: Discord has said which servers the shard has."""
        self._greeted.add(shard)

    async def login(self, token: str) -> None:
        """As discord.py does, over connections made now: SSL_CERT_FILE counts whenever it was set."""
        self.http.connector = aiohttp.TCPConnector(limit=0, ssl=trusted())
        await super().login(token)

    async def launch_shard(self, gateway: URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard, trying until it works. discord.py calls itself for each further try, after 5 s,
        which ends in a RecursionError when Discord is away for an hour."""
        if self._launching == shard_id:
            raise _NotYet
        self._launching, wait = shard_id, 0.0
        try:
            while not self.is_closed():
                try:
                    await super().launch_shard(gateway, shard_id, initial=initial)
                except _NotYet:
                    await asyncio.sleep(wait)
                    initial, wait = False, min(2 * wait + 1, LONGEST_PAUSE)
                else:
                    return
        finally:
            self._launching = None

    async def choose_shards(self, settings: DiscordSettings) -> None:
        """Decide what this process connects, before it does. Left alone, discord.py connects all
        shards, at the address that comes with their number."""
        if not (settings.shard_ids or settings.shard_count or settings.gateway_url):
            return
        count = settings.shard_count
        if count is None:
            count, _, _ = await self.http.get_bot_gateway()
        self.shard_count = count
        if settings.shard_ids:
            self.shard_ids = list(settings.shard_ids)

    @property
    def connected(self) -> bool:
        """Whether every shard of this process is connected and its servers are known."""
        shards = self.shards.values()
        known = self.is_ready() or self._heard_of_all()
        return known and bool(shards) and not any(shard.is_closed() for shard in shards)

    def _heard_of_all(self) -> bool:
        """Whether every server that Discord named has come.

        discord.py cannot know that none is missing where there is an outage, so it waits until nothing has
        come for `guild_timeout`, always. Where all have come, nothing is worth waiting for.
        """
        expected = len(self.shard_ids) if self.shard_ids is not None else self.shard_count
        greeted = expected is not None and len(self._greeted) >= expected
        return greeted and not any(guild.unavailable for guild in self.guilds)


class SharedClient(Client):
    """The client of a process that shares the shards of its bot with others: it has those that `SharedShards`
    takes up, none to begin with."""

    def __init__(self, settings: DiscordSettings, trace: aiohttp.TraceConfig | None = None) -> None:
        super().__init__(settings, trace)
        self._known: set[int] = set()
        self._shared: SharedShards | None = None

    def share(self, shards: SharedShards) -> None:
        """Connect these, whichever they are at a time."""
        self._shared = shards

    def use(self, count: int) -> None:
        """There are so many shards, of all processes together."""
        self.shard_count = self._connection.shard_count = count

    def gone(self, shard: int) -> None:
        """A shard is not ours any more: what is known of its servers gets old from now on."""
        self._greeted.discard(shard)
        self._known.discard(shard)
        state = self._connection
        state._ready_states.pop(shard, None)
        if (waiting := state._ready_tasks.pop(shard, None)) is not None:
            waiting.cancel()  # it would still tell of servers
        for guild in list(self.guilds):
            if guild.shard_id == shard:
                state._remove_guild(guild)

    async def on_shard_ready(self, shard: int) -> None:
        """Called by discord.py: the servers of the shard have come, as far as they will soon."""
        self._known.add(shard)
        self.dispatch("shard_known", shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Called by discord.py: a session goes on, perhaps that of another process."""
        self._greeted.add(shard)
        self._known.add(shard)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Share out the shards until this process leaves."""
        del reconnect
        if self._shared is not None:
            await self._shared.run()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Called by discord.py directly before a session begins."""
        del initial
        if self._shared is not None and shard_id is not None:
            await self._shared.turns.begins(shard_id)

    @property
    def shards(self) -> dict[int, discord.ShardInfo]:
        """Those of this process."""
        own: dict[int, Any] = {} if self._shared is None else self._shared.own
        return {made.id: discord.ShardInfo(made, self.shard_count) for made in own.values() if made.ws}

    @property
    def connected(self) -> bool:
        """Whether every shard of this process is connected and its servers are known. One for which there is
        none stands by, and is as good as any."""
        shared = self._shared
        if shared is None or not shared.complete:
            return False
        return all(made.open and self._knows(shard) for shard, made in shared.own.items())

    def _knows(self, shard: int) -> bool:
        if shard not in self._greeted:
            return False
        return shard in self._known or not any(
            guild.unavailable for guild in self.guilds if guild.shard_id == shard
        )


def point_at(settings: DiscordSettings) -> None:
    """Make discord.py of this process use the addresses of the settings; it knows them as globals."""
    if settings.api_url:
        Route.BASE = settings.api_url.rstrip("/")
    if settings.gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.gateway_url)
