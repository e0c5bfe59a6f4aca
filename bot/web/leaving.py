"""A uvicorn server that has gone as soon as it is told to leave and nobody is connected.

uvicorn looks ten times a second whether it is to stop, and then pauses for another tenth.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

TICK_SECONDS = 0.1
_DAY_OF_TICKS = 864_000  # where uvicorn lets its count begin again
# How often, and how many times, it is looked whether everybody has gone, before uvicorn's own way of
# waiting, which takes a tenth of a second even where nobody is connected.
_LOOK_SECONDS = 0.005
_LOOKS = 20


class LeavingServer(uvicorn.Server):
    """uvicorn's, without its pauses and without its handlers of signals: a process has other things to stop
    in order. Stop it with `leave`."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._left = asyncio.Event()
        self._up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, and say so: it tells nobody itself."""
        await super().startup(sockets)
        self._up.set()

    async def listens(self) -> None:
        """Wait until it takes connections. Whoever waits looks at the task of `serve` too, which may end."""
        await self._up.wait()

    async def main_loop(self) -> None:
        """uvicorn's own loop, except that leaving does not wait for the next tick."""
        tick = 0
        while not await self.on_tick(tick):
            tick = (tick + 1) % _DAY_OF_TICKS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._left.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As soon as everybody has gone; uvicorn's own way, with its pauses, where somebody stays."""
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

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield
