"""One web server inside a running loop, which leaves signals to whoever runs the loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.core.errors import BotError
from bot.settings import SettingsError

_STOP_SECONDS = 5


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: the process has other things to stop in order."""
        yield


class WebServer:
    """Serves an ASGI application. `start` returns when it listens; port 0 takes a free one."""

    def __init__(
        self, app: ASGIApp, host: str, port: int, *, before_stop: Callable[[], None] | None = None
    ) -> None:
        self._listener = _listen(host, port)
        self.port: int = self._listener.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        self._server = _Server(config)
        self._before_stop = before_stop
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve."""
        self._task = asyncio.create_task(self._server.serve([self._listener]), name="web")
        while not self._server.started:
            if self._task.done():
                self._task.result()
                raise BotError("The web server stopped while it was starting.")
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Answer what is under way and stop."""
        if self._before_stop is not None:
            self._before_stop()
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.wait({self._task})
        self._listener.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle on and every small answer waits 40 ms on loopback.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"The address {host}:{port} cannot be served: {error.strerror}.",
            remedy="Another program uses it, perhaps an earlier start of this one. Choose another port.",
        ) from error
    return listener
