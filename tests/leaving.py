"""A web server for tests that has gone as soon as it is told to leave and nobody is connected.

uvicorn looks ten times a second whether it is to stop, and then pauses for another tenth. That is a fifth of
a second for each of very many tests.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import uvicorn

_TICK_SECONDS = 0.1
_LOOKS = 20
_LOOK_SECONDS = 0.005


class LeavingServer(uvicorn.Server):
    """uvicorn's, without its pauses. Stop it with `leave`."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._left = asyncio.Event()

    async def main_loop(self) -> None:
        """Until it is told to leave."""
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._left.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """uvicorn's own way, once somebody stays."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(_LOOKS):
            await asyncio.sleep(_LOOK_SECONDS)
            if not self.server_state.connections and not self.server_state.tasks:
                return
        await super().shutdown(sockets)

    def leave(self) -> None:
        """Stop now."""
        self.should_exit = True
        self._left.set()
