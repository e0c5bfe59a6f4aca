"""Whose turn it is to begin a session at Discord's gateway, among all processes of a bot.

Discord lets one shard of each `shard % max_concurrency` identify in five seconds, and a bot so many times a
day.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import discord
from yarl import URL

from adapters.discord.sharing import Names
from bot.core.clocks import Sleep
from bot.core.stores import SharedLocks, SharedPace
from bot.core.tasks import whole

_LOG = logging.getLogger(__name__)
# Seconds until a lock that another process has is asked for again.
_LOOK: Final = 0.5
# Seconds until Discord is asked again how many sessions may begin today.
_LONGEST: Final = 300.0


class IdentifyTurns:
    """Turns for the shards of one process. gateway: an address instead of the one that Discord names. apart:
    seconds between two sessions that may not begin at once."""

    def __init__(
        self,
        client: discord.Client,
        locks: SharedLocks,
        pace: SharedPace,
        names: Names,
        *,
        gateway: str | None,
        apart: float,
        pause: Sleep,
    ) -> None:
        self._client = client
        self._locks = locks
        self._pace = pace
        self._names = names
        self._gateway = gateway
        self._apart = apart
        self._pause = pause
        self._here: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._names_of: dict[int, str] = {}

    @asynccontextmanager
    async def turn(self, shard: int) -> AsyncIterator[URL]:
        """The turn of a shard, and where it connects. It ends with the block, in which `begins` is called
        once, directly before the session does."""
        gateway, at_once = await self._allowed()
        name = self._names.identify(shard % at_once)
        async with self._here[name]:
            try:
                while not await self._locks.take(name):
                    await self._pause(_LOOK)
                while left := await whole(self._pace.left(name)):
                    await self._pause(left)
                self._names_of[shard] = name
                yield gateway
            finally:
                self._names_of.pop(shard, None)
                await self._locks.give_back(name)

    async def begins(self, shard: int) -> None:
        """From now on nobody else begins one for a while; ConnectionError where the turn is over."""
        name = self._names_of.get(shard, "")
        if not self._locks.holds(name):
            msg = f"the turn of shard {shard} is over"  # no message: for the log
            raise ConnectionError(msg)
        await whole(self._pace.close(name, self._apart))

    async def _allowed(self) -> tuple[URL, int]:
        """Where to connect, and how many at once. Waits for as long as no session may begin."""
        while True:
            _, url, limits = await self._client.http.get_bot_gateway()
            if limits["remaining"] > 0:
                return URL(self._gateway or url), max(1, limits["max_concurrency"])
            wait = min(_LONGEST, max(1.0, limits["reset_after"] / 1000))
            _LOG.error(
                "Discord lets the bot begin none of its %d sessions of a day any more, for %.0f min; waiting",
                limits["total"],
                limits["reset_after"] / 60_000,
            )
            await self._pause(wait)
