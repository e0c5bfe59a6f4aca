"""Serving a sandbox with uvicorn: inside a running loop, or as a process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import FrameType

import uvicorn

from bot.sandbox.app import create_sandbox
from bot.sandbox.config import API_PREFIX, SandboxConfig
from bot.sandbox.faults import Faults
from bot.sandbox.protocol import CONNECTIONS, SandboxProtocol
from bot.sandbox.state import Sandbox

HOST = "127.0.0.1"
_GRACE_SECONDS = 2
_TICK_SECONDS = 0.1
_LEAVING_SECONDS = 0.005
_LEAVING_LOOKS = 20
_TICKS = 864_000
"""A day of ticks, where uvicorn lets the count start again."""


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """Where a sandbox is served. ``sandbox`` is the state behind it, for tests in the same process."""

    base_url: str
    api_key: str = field(repr=False)
    control_url: str
    sandbox: Sandbox = field(repr=False)


class SandboxServer(uvicorn.Server):
    """Ends open event streams first, so that a shutdown does not wait for them."""

    def __init__(self, config: uvicorn.Config, sandbox: Sandbox) -> None:
        super().__init__(config)
        self._sandbox = sandbox
        self._left = asyncio.Event()

    async def main_loop(self) -> None:
        """uvicorn's own loop, except that leaving does not wait for the next tick."""
        tick = 0
        while not await self.on_tick(tick):
            tick = (tick + 1) % _TICKS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._left.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As soon as everybody has gone; uvicorn's own way, with its pauses, where somebody stays."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(_LEAVING_LOOKS):
            await asyncio.sleep(_LEAVING_SECONDS)
            if not self.server_state.connections and not self.server_state.tasks:
                await self.lifespan.shutdown()
                return
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._sandbox.stop()
        super().handle_exit(sig, frame)

    def leave(self) -> None:
        """Shut down from inside the loop."""
        self._sandbox.stop()
        self.should_exit = True
        self._left.set()


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes a free one. ``OSError`` when it is taken."""
    # The protocol is named because asyncio switches Nagle's algorithm off only where it is; without,
    # each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


def prepare(
    config: SandboxConfig,
    listener: socket.socket,
    faults: Faults | None,
    clock: Callable[[], float] = time.time,
) -> tuple[SandboxServer, RunningSandbox]:
    """A server for ``listener`` that has not started yet, and where it will be found."""
    origin = f"http://{HOST}:{listener.getsockname()[1]}"
    app = create_sandbox(config, clock=clock, faults=faults)
    sandbox: Sandbox = app.state.sandbox
    sandbox.origin = origin
    server = SandboxServer(
        uvicorn.Config(
            app,
            http=SandboxProtocol,
            ws="none",
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=_GRACE_SECONDS,
            server_header=False,
        ),
        sandbox,
    )
    return server, RunningSandbox(f"{origin}{API_PREFIX}", config.api_key, f"{origin}/_control", sandbox)


async def until_started(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    """Return once ``server`` takes requests, or ``serving`` has ended without getting there."""
    # uvicorn tells nobody when it has started; its flag is all there is.
    while not server.started and not serving.done():  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def serve_sandbox(
    config: SandboxConfig | None = None,
    port: int = 0,
    *,
    faults: Faults | None = None,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[RunningSandbox]:
    """Serve a sandbox in this event loop for as long as the context lasts.

    Signals stay with whoever has them: only the body of uvicorn's ``serve`` is used.
    """
    listener = listen(port)
    server, running = prepare(config or SandboxConfig(), listener, faults, clock)
    task = asyncio.create_task(server._serve([listener]))
    try:
        await until_started(server, task)
        if not server.started:
            raise RuntimeError("the sandbox did not start")
        yield running
    finally:
        server.leave()
        await task
        listener.close()
