"""One web server inside a running loop, which leaves signals to whoever runs the loop.

Every port of the product is one of these, so that the bounds of `bot.web.protocol` and
`bot.web.connections` hold on all of them.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import uvicorn
from starlette.types import ASGIApp

from bot.core.errors import BotError
from bot.core.http.clients import ClientAddresses
from bot.observability.loggers import log
from bot.observability.seldom import Seldom
from bot.settings import SettingsError
from bot.web.connections import AT_ONCE, ServerConnections, most_connections
from bot.web.faults import Guarded
from bot.web.leaving import LeavingServer
from bot.web.protocol import BoundedProtocol
from bot.web.whole_deliveries import DeliveringProtocol, WholeDeliveries

_STOP_SECONDS = 5
# The connections are looked at every fifth time that uvicorn ticks.
_TICKS = 5
_BACKLOG = 1024


class _Server(LeavingServer):
    def __init__(self, config: uvicorn.Config, connections: ServerConnections) -> None:
        super().__init__(config)
        self._bounded = connections

    async def on_tick(self, counter: int) -> bool:
        """As often as uvicorn does it, look at the connections too."""
        if counter % _TICKS == 0:
            self._bounded.look(asyncio.get_running_loop().time())
        return await super().on_tick(counter)


class AddressTaken(SettingsError):
    """Somebody else has the address, or this machine has not got it yet: that may pass."""

    title = "The address cannot be had"
    exit_code = 1


BeforeStop: TypeAlias = Callable[[], None]
"""Called once, before the server closes its port."""


class WebServer:
    """Serves an ASGI application. `start` returns when it listens; port 0 takes a free one."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        before_stop: BeforeStop | None = None,
        clients: ClientAddresses | None = None,
        connections: int | None = None,
        deliveries: WholeDeliveries | None = None,
        named: str = "",
    ) -> None:
        """deliveries: takes those to hooks that come as a whole, ahead of the application. clients: knows the
        proxies. connections: how many at a time; else what the process may have. named: the section and the
        prefix of the two settings, as in `reserve`."""
        self._listener = _listen(host, port, named)
        self.port: int = self._listener.getsockname()[1]
        most = most_connections() if connections is None else connections
        bounded = ServerConnections(most, clients or ClientAddresses(), _Told(self.port))
        protocol: Any = partial(BoundedProtocol, connections=bounded)  # uvicorn calls it like a class
        if deliveries is not None:
            protocol = partial(DeliveringProtocol, connections=bounded, deliveries=deliveries)
        config = uvicorn.Config(
            Guarded(app),
            http=protocol,
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            # It would believe whatever a connection from this machine says about its client.
            proxy_headers=False,
            backlog=AT_ONCE,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        self._server = _Server(config, bounded)
        self._before_stop = before_stop
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve."""
        self._task = asyncio.create_task(self._server.serve([self._listener]), name="web")
        listens = asyncio.create_task(self._server.listens())
        await asyncio.wait({self._task, listens}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            listens.cancel()
            self._task.result()
            raise BotError("The web server stopped while it was starting.")
        # asyncio takes in as many at a time as uvicorn's backlog says; the kernel may hold more.
        self._listener.listen(_BACKLOG)

    async def stop(self) -> None:
        """Answer what is under way and stop."""
        if self._before_stop is not None:
            self._before_stop()
        self._server.leave()
        if self._task is not None:
            await asyncio.wait({self._task})
        self._listener.close()


class _Told:
    """Logs now and then what was refused: anybody can cause that."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._seldom = Seldom()
        self._log = log("bot.web")

    def __call__(self, cause: str) -> None:
        count = self._seldom.due(cause)
        if count is not None:
            self._log.warning("request refused", port=self._port, cause=cause, not_logged_before=count)


def _listen(host: str, port: int, named: str) -> socket.socket:
    listener = reserve(host, port, named)
    try:
        listener.listen(_BACKLOG)
    except OSError as error:  # somebody who had the address as we do was quicker
        listener.close()
        raise _unusable(host, port, named, error) from error
    return listener


def reserve(host: str, port: int, named: str = "") -> socket.socket:
    """A socket that has the address and does not listen yet: it keeps nobody else from listening there.

    named: how the settings begin of which these are the values, like `web.` or `web.metrics_`.
    SettingsError when the address cannot be had; AddressTaken where it may be later.
    """
    listener = None
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Named as TCP, or asyncio leaves Nagle on and every small answer waits 40 ms on loopback.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.setblocking(False)
    except (OSError, UnicodeError, TypeError) as error:
        if listener is not None:
            listener.close()
        raise _unusable(host, port, named, error) from error
    return listener


def _unusable(host: str, port: int, named: str, error: Exception) -> SettingsError:
    reason = getattr(error, "strerror", None) or "that is not a host name"
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            key, remedy = (
                "port",
                "Another program uses it, perhaps an earlier start of this one. Choose another port.",
            )
        case errno.EACCES | errno.EPERM:
            key, remedy = "port", "Ports below 1024 need special rights. Choose another port."
        case _:
            key, remedy = "host", "Use an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them."
    where = f" ({named}{key})" if named else ""
    passes = getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EADDRNOTAVAIL)
    kind = AddressTaken if passes else SettingsError
    return kind(f"The address {host}:{port}{where} cannot be served: {reason}.", remedy=remedy)
