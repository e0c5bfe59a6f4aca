"""Who may talk to the sandbox, and which doors of this machine it may be made to knock at.

A web page can have its own name point at 127.0.0.1 ("DNS rebinding"); for the browser the sandbox
is then of that page's origin. What gives such a request away is its Host header. And whoever could
register webhooks could have this machine call any of its own ports; so the ports can be named.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.problems import ApiProblem

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_STANDARD_PORTS = {"http": 80, "https": 443}


class OwnHost:
    """The outermost layer: 421 unless the one Host header names this machine and the port served.

    names: further hosts to answer to, as they stand in the header (where a proxy has its own names).
    """

    def __init__(self, app: ASGIApp, names: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _ours(scope, self._names):
            names = ", ".join(_NAMES)
            problem = ApiProblem(421, "misdirected_request", f"Host must be one of {names}, with our port.")
            await problem.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _ours(scope: Scope, names: frozenset[str]) -> bool:
    hosts = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
    port = (scope.get("server") or ("", None))[1]
    allowed = {*names, *(f"{name}:{port}" for name in _NAMES)}
    if port == _STANDARD_PORTS["http"]:
        allowed.update(_NAMES)
    return len(hosts) == 1 and hosts[0] in allowed


def is_this_machine(host: str) -> bool:
    """Whether a URL's host is loopback, in any of the ways to write that: ``127.1``, ``0.0.0.0``, ….

    Other names are not looked up. Events go to those over HTTPS alone, and none is sent before a
    certificate for the name was shown.
    """
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        found = socket.getaddrinfo(name, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return any(_is_loopback(str(address[0])) for *_, address in found)


def _is_loopback(text: str) -> bool:
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def may_call(url: str, ports: frozenset[int] | None, *, plain_http: bool) -> bool:
    """Whether events may be sent to ``url``: HTTPS, or HTTP to this machine with ``plain_http``.

    On this machine only to one of ``ports``; None allows all.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.scheme not in _STANDARD_PORTS:
        return False
    if not is_this_machine(host):
        return parts.scheme == "https"
    if parts.scheme == "http" and not plain_http:
        return False
    return ports is None or (port or _STANDARD_PORTS[parts.scheme]) in ports
