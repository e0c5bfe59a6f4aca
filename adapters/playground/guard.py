"""Keeps other websites out: nobody but this page may press Confirm through a visitor's browser.

In order: the client's address (loopback, unless serving others was asked for), the Host (a foreign name
pointed at this address is refused), and for everything that changes something: Origin, JSON content type
(of a file: bytes), the CSRF header, and at most 64 KiB of body (15 MiB of a file). GET never changes
anything.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.playground import limits
from adapters.playground.interaction import shown_in
from adapters.playground.settings import PlaygroundSettings, is_loopback
from bot.core.clocks import RandomBytes
from bot.core.http.bodies import CrowdedError, HeldBytes, Room
from bot.core.http.clients import ClientAddresses
from bot.core.http.cookies import cookie
from bot.core.messages.message import msg
from bot.core.ports import Remember, not_remembered
from bot.i18n.translator import translator

_SESSION = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SAFE = frozenset({"GET", "HEAD"})
_UPLOADED = "application/octet-stream"
_CROWDED = msg("Too much is being sent at once; try again in a moment.")
_LOCAL_PROXIES = ClientAddresses(("127.0.0.0/8", "::1"))


class PageSessions:
    """Ties the page to this run of the server: the token a page must send is made from the
    session cookie (HttpOnly, SameSite=Strict) with a secret that lives as long as the process."""

    def __init__(self, random: RandomBytes, known: Remember = not_remembered) -> None:
        """known: told of what lets its holder act here, for the log to leave it out."""
        self._random = random
        self._secret = random(32)
        self._known = known

    def session(self, request: Request) -> str | None:
        """The session of a request, if its cookie holds one."""
        return _cookie(request.headers, _cookie_name(request.headers))

    def start(self) -> str:
        """A new session."""
        return self._random(16).hex()

    def remember(self, request: Request, response: Response, session: str) -> None:
        """Set the cookie. Cookies are shared by all ports of a host, so its name has the port."""
        response.set_cookie(
            _cookie_name(request.headers), session, httponly=True, samesite="strict", path="/"
        )

    def token(self, session: str) -> str:
        """The X-CSRF header that goes with a session. Whoever holds both may act."""
        token = self._token(session)
        for one in (session, token):
            self._known(one, passing=True)
        return token

    def holds(self, headers: Headers) -> bool:
        """Whether a request carries a session and its token."""
        session = _cookie(headers, _cookie_name(headers))
        if session is None:
            return False
        given = headers.get("x-csrf", "").encode("latin-1")
        return hmac.compare_digest(self._token(session).encode("ascii"), given)

    def _token(self, session: str) -> str:
        return hmac.new(self._secret, session.encode("ascii"), hashlib.sha256).hexdigest()


class PlaygroundGuard:
    """The ASGI layer in front of every route of the playground."""

    def __init__(self, app: ASGIApp, settings: PlaygroundSettings, sessions: PageSessions) -> None:
        self._app = app
        self._settings = settings
        self._sessions = sessions
        self._hosts = frozenset(host.lower() for host in settings.allowed_hosts)
        self._headers = _security_headers(settings)
        self._room = Room(limits.BODIES, limits.CLIENT_BODIES)
        self._uploads = Room(limits.UPLOADS, limits.CLIENT_UPLOADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reply = self._with_headers(send)
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, reply)
            return
        path = str(scope["path"])
        room = self._uploads if _uploads(path) else self._room
        with HeldBytes(room, _LOCAL_PROXIES.name(_peer(scope), scope["headers"])) as held:
            await self._app(scope, _capped(receive, path, held), reply)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        peer = _peer(scope)
        if self._settings.is_local and peer is not None and not self._is_here(peer, scope):
            return refuse(403, "address", msg("This playground serves its own machine only."), headers)
        host = headers.get("host", "")
        if _host_name(host) not in self._hosts:
            return refuse(421, "host", msg("This playground is not served under that name."), headers)
        if headers.get("sec-fetch-site", "none") in ("cross-site", "same-site"):
            # A link from elsewhere may open the page; nothing else of ours is for other sites.
            page = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
            if not page or _is_api(scope):
                return refuse(403, "site", msg("Other websites may not use this playground."), headers)
        if scope["method"] in _SAFE:
            return None
        return self._unsafe(headers, host, str(scope["path"]))

    def _is_here(self, peer: str, scope: Scope) -> bool:
        """A proxy on this machine that says it speaks for another one is believed."""
        return is_loopback(_LOCAL_PROXIES.host(peer, scope["headers"]))

    def _unsafe(self, headers: Headers, host: str, path: str) -> Response | None:
        origin = headers.get("origin", "")
        if origin not in (f"http://{host}", f"https://{host}"):
            return refuse(403, "origin", msg("Only the playground's own page may do that."), headers)
        wanted = _UPLOADED if _uploads(path) else "application/json"
        if headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
            return refuse(415, "content_type", msg("Send {type}.", type=wanted), headers)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 15 or int(length) > _most(path):
            return refuse(413, "too_large", _too_large(path, length), headers)
        if not self._sessions.holds(headers):
            return refuse(403, "csrf", msg("This page is from an earlier run; reload it."), headers)
        return None

    def _with_headers(self, send: Send) -> Send:
        async def reply(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return reply


def refuse(status: int, error: str, message: str, headers: Headers) -> Response:
    """A refusal as JSON: `{"error": code, "message": words}`, in the language of the page. headers: of the
    request."""
    words = translator(shown_in(headers)).words(message)
    return JSONResponse({"error": error, "message": words}, status_code=status)


def _too_large(path: str, length: str = "") -> str:
    """What is too long, in words of the page. length: of the body, in bytes, where it is known."""
    if _uploads(path):
        return msg("This file is too large; at most 15 MiB fit. Choose a smaller one.")
    named = {"command": msg("This command"), "form": msg("What you filled in")}
    what, most = named.get(path.rpartition("/")[2], msg("This request")), limits.BODY // 1024
    if not length.isdecimal() or len(length) > 15:
        return msg("{what} is too long; at most {most} KiB fit. Make it shorter.", what=what, most=most)
    size = math.ceil(int(length) / 1024)
    return msg(
        "{what} is {size} KiB long; at most {most} KiB fit. Make it shorter.", what=what, size=size, most=most
    )


def _peer(scope: Scope) -> str | None:
    client = scope.get("client")
    return None if client is None else str(client[0])


def _capped(receive: Receive, path: str, held: HeldBytes) -> Receive:
    async def limited() -> Message:
        message = await receive()
        size = len(message.get("body", b""))
        if held.size + size > _most(path):
            raise HTTPException(413, _too_large(path))
        try:
            held.add(size)
        except CrowdedError:
            raise HTTPException(503, _CROWDED) from None
        return message

    return limited


def _uploads(path: str) -> bool:
    """Whether a request brings a file: its bytes, and nothing else."""
    return path.endswith("/api/upload")


def _most(path: str) -> int:
    """Bytes of the body of a request."""
    return limits.UPLOAD if _uploads(path) else limits.BODY


def _is_api(scope: Scope) -> bool:
    return "/api/" in str(scope["path"])


def _host_name(host: str) -> str:
    """The name in a Host header, without its port, IPv6 brackets kept; "" for nonsense."""
    try:
        parts = urlsplit(f"//{host}")
        name = parts.hostname or ""
        _ = parts.port  # ValueError when it is no number
    except ValueError:
        return ""
    if parts.netloc != host or parts.path or "@" in host:
        return ""
    return f"[{name}]" if ":" in name else name


def _cookie_name(headers: Headers) -> str:
    port = headers.get("host", "").rpartition(":")[2]
    return f"playground-{port}" if port.isdecimal() else "playground"


def _cookie(headers: Headers, name: str) -> str | None:
    value = cookie(headers.raw, name)
    return value if _SESSION.fullmatch(value) else None


def _security_headers(settings: PlaygroundSettings) -> Mapping[str, str]:
    pictures = " ".join(("'self'", "https:", *settings.image_sources))
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        f"img-src {pictures}",
        f"media-src {pictures}",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
