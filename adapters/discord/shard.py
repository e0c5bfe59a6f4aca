"""One shard of this process: connected until it is closed, and going on with its session where it can.

discord.py's own shards stay with the client that made them, and connect again by themselves. These can be
taken up, and given away, at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from yarl import URL

from adapters.discord.errors import said_by_discord
from adapters.discord.identifying import IdentifyTurns
from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import StorageUnavailable, said_of_outage
from bot.core.stores import GatewaySession
from bot.core.tasks import cancelled

_LOG = logging.getLogger(__name__)
KEEPING: Final = 4000
"""A code to close with that keeps the session."""
ENDING: Final = 1000
# Seconds that a connection may take, and a goodbye.
_CONNECT: Final = 20.0
_GOODBYE: Final = 3.0
# Tries without success after which a session is given up: where it is gone on with may be no more.
_RESUMES: Final = 3
# Seconds between two tries to connect, at most.
_LONGEST_PAUSE: Final = 60.0
_AGAIN: Final = (
    OSError,
    TimeoutError,
    aiohttp.ClientError,
    discord.HTTPException,
    discord.GatewayNotFound,
    StorageUnavailable,
)


class Shard:
    """One shard. session: of the process that had it before.

    What that one knew of the servers is not known here, and Discord says it only at the beginning of a
    session. So it is gone on with until a new one has begun beside it, and nothing is missed meanwhile.
    """

    def __init__(
        self,
        client: discord.Client,
        id: int,
        turns: IdentifyTurns,
        *,
        session: GatewaySession | None,
        pause: Sleep,
        monotonic: Monotonic,
    ) -> None:
        self.id = id
        self.failing_since: float | None = None
        """Since when it cannot connect, by `monotonic`; None while it can, or waits for its turn."""
        self._monotonic = monotonic
        self._client = client
        self._turns = turns
        self._session = session
        self._borrowed = session is not None
        self._pause = pause
        self._tries = 0
        self._polling: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self.ws: DiscordWebSocket | None = None

    @property
    def open(self) -> bool:
        """Whether it is connected."""
        return self.ws is not None and self.ws.open

    @property
    def session(self) -> GatewaySession | None:
        """With what another process could go on."""
        ws = self.ws
        if ws is not None and ws.session_id is not None:
            return GatewaySession(ws.session_id, ws.sequence, str(ws.gateway))
        return self._session

    async def run(self) -> None:
        """Connected, again and again, until it is cancelled. Raises what no further try changes:
        `discord.ConnectionClosed`."""
        try:
            while True:
                try:
                    await self._connected()
                except ReconnectWebSocket as again:
                    self._session = self.session if again.resume and self._tries < _RESUMES else None
                except _AGAIN as error:
                    self._session = self.session if self._tries < _RESUMES else None
                    said = said_by_discord(error) or said_of_outage(error) or type(error).__name__
                    _LOG.warning("shard %d is not connected, trying again: %s", self.id, said)
                    if self.failing_since is None:
                        self.failing_since = self._monotonic()
                await self._pause(min(2.0**self._tries - 1.0, _LONGEST_PAUSE))
                self._tries = min(self._tries + 1, 6)
        finally:
            await self._let_go()

    async def close(self, code: int) -> None:
        """Disconnect. `run` has ended before."""
        if self.ws is not None:
            await _goodbye(self.ws, code)

    async def _connected(self) -> None:
        if self._session is not None:
            self.ws = await self._opened(URL(self._session.url), self._session)
        else:
            self._borrowed = False
            async with self._turns.turn(self.id) as gateway:
                self.ws = await self._opened(gateway, None)
        self._polling = asyncio.create_task(self._poll(self.ws), name=f"shard {self.id}")
        try:
            while True:
                polling = self._polling
                await asyncio.wait({polling})
                if polling is self._polling:
                    polling.result()
        finally:
            await self._let_go()

    async def _poll(self, ws: DiscordWebSocket) -> None:
        """Until something is wrong with the connection."""
        await ws.poll_event()
        if self._borrowed and self._renewing is None:
            self._renewing = asyncio.create_task(self._renew(), name=f"new session of shard {self.id}")
        while True:
            if ws.session_id is not None:
                self._tries, self.failing_since = 0, None
            await ws.poll_event()

    async def _renew(self) -> None:
        """Begin a session of our own beside the borrowed one, and go over to it."""
        while True:
            try:
                async with self._turns.turn(self.id) as gateway:
                    fresh = await self._opened(gateway, None)
                try:
                    while fresh.session_id is None:
                        await fresh.poll_event()
                except BaseException:
                    await _goodbye(fresh, ENDING)
                    raise
                break
            except (*_AGAIN, ReconnectWebSocket, discord.ConnectionClosed) as error:
                _LOG.warning("shard %d goes on with a borrowed session: %s", self.id, type(error).__name__)
                await self._pause(_LONGEST_PAUSE)
        former, polling = self.ws, self._polling
        self._borrowed = False
        self.ws = fresh
        self._polling = asyncio.create_task(self._poll(fresh), name=f"shard {self.id}")
        if polling is not None:
            await cancelled([polling])
        if former is not None:
            await _goodbye(former, ENDING)

    async def _opened(self, gateway: URL, session: GatewaySession | None) -> DiscordWebSocket:
        """A connection that has asked for its session: a new one, or that one."""
        asked = DiscordWebSocket.from_client(
            self._client,
            initial=True,
            gateway=gateway,
            shard_id=self.id,
            session=None if session is None else session.id,
            sequence=None if session is None else session.sequence,
            resume=session is not None,
        )
        return await asyncio.wait_for(asked, _CONNECT)

    async def _let_go(self) -> None:
        tasks = [task for task in (self._polling, self._renewing) if task is not None]
        self._polling = self._renewing = None
        await cancelled(tasks)


async def _goodbye(ws: DiscordWebSocket, code: int) -> None:
    """Close a connection; nobody waits for long until the other side has heard of it."""
    with contextlib.suppress(*_AGAIN, RuntimeError):
        async with asyncio.timeout(_GOODBYE):
            await ws.close(code=code)
