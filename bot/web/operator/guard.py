"""What stands before every page: the session, the token of forms, and the headers of each answer.

Whoever is not signed in gets the same answer for every address, there or not: the way to the login form.
A POST reaches its page only with a form that this page made for this session.

An address is what the server parsed (`scope["path"]`, which is also what routes go by). What `Request.url`
says is put together with the Host header, which anybody writes as they like. And nothing depends on that
decision alone: a page that shows or does anything is given the session, so that it cannot be without one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from bot.core.errors import StorageUnavailable
from bot.core.http.bodies import (
    Bounds,
    CrowdedError,
    HeldBytes,
    HungUpError,
    Room,
    SlowError,
    TooLargeError,
    read_body,
)
from bot.core.http.clients import ClientAddresses
from bot.core.http.cookies import cookie
from bot.web.operator.pages import message_page
from bot.web.operator.sessions import COOKIE, OperatorSessions, Session

LOGIN = "/operator/login"
FORM_COOKIE = "xquik_operator_form"
FORM_FIELD = "form"
_OPEN = frozenset({LOGIN, "/operator/style.css"})
_FOUND = "xquik.operator"
# Of a form, from who is signed in, and from anybody: that has the token and the form's own.
_FIELD_LIMIT = 500
_BOUNDS = Bounds(size=64 << 10)
_OPEN_FIELD_LIMIT = 8
_OPEN_BOUNDS = Bounds(size=4 << 10)
# Of all forms held at once, and of those of one client.
_FORMS_BYTES = 4 << 20
_CLIENT_BYTES = 512 << 10
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class FormFields(msgspec.Struct, frozen=True):
    """The fields of a form; the last value of each that was given."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """A field, "" when it is missing."""
        return self.fields.get(name, ("",))[-1]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field."""
        return self.fields.get(name, ())


Endpoint = Callable[[Request], Awaitable[Response]]
"""Answers a request, as Starlette calls it."""
T = TypeVar("T")


def signed_in(page: Callable[[Request, Session], Awaitable[Response]]) -> Endpoint:
    """The endpoint of a page for who is signed in."""

    async def endpoint(request: Request) -> Response:
        session = _given(request, Session)
        return RedirectResponse(LOGIN, 303) if session is None else await page(request, session)

    return endpoint


def signed_in_form(page: Callable[[FormFields, Session], Awaitable[Response]]) -> Endpoint:
    """The endpoint of a form for who is signed in."""

    async def endpoint(request: Request) -> Response:
        session, form = _given(request, Session), _given(request, FormFields)
        if session is None or form is None:
            return RedirectResponse(LOGIN, 303)
        return await page(form, session)

    return endpoint


def open_form(page: Callable[[Request, FormFields], Awaitable[Response]]) -> Endpoint:
    """The endpoint of a form that needs no session."""

    async def endpoint(request: Request) -> Response:
        form = _given(request, FormFields)
        return RedirectResponse(LOGIN, 303) if form is None else await page(request, form)

    return endpoint


def _given(request: Request, kind: type[T]) -> T | None:
    """What the guard found."""
    found = request.scope.get(_FOUND, {}).get(kind)
    return found if isinstance(found, kind) else None


class OperatorGuard:
    """Lets through to `app` who may, with the session and the form for its endpoints."""

    def __init__(self, app: Starlette, sessions: OperatorSessions, clients: ClientAddresses) -> None:
        self._clients = clients
        self._room = Room(_FORMS_BYTES, _CLIENT_BYTES)
        self.app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, every answer with the same headers."""

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        request = Request(scope, receive)
        try:
            refusal = await self._refuse(request)
        except StorageUnavailable:
            refusal = unavailable()
        except SlowError:
            refusal = _page(408, "The form did not come in time", "Go back and try again.")
        except CrowdedError:
            refusal = _page(503, "Too many forms at once", "Nothing was changed. Try again in a moment.")
        except HungUpError:
            return
        await (refusal or self.app)(scope, receive, sealed)

    async def _refuse(self, request: Request) -> Response | None:
        found: dict[type, object] = {}
        request.scope[_FOUND] = found
        session: Session | None = None
        if request.scope["path"] not in _OPEN:
            session = await self._sessions.of(cookie(request.scope["headers"], COOKIE))
            if session is None:
                return RedirectResponse(LOGIN, 303)
            found[Session] = session
        if request.method in ("GET", "HEAD"):
            return None
        form = await self._read(request, session) if request.method == "POST" else None
        if form is None:
            return _page(400, "That was not a form", "Go back and try again.")
        given = form.one(FORM_FIELD)
        if session is not None:
            ours = self._sessions.is_form_token(session.id, given)
        else:
            ours = self._sessions.is_login_form(cookie(request.scope["headers"], FORM_COOKIE), given)
        if not ours:
            return _page(403, "This form is out of date", "Go back, load the page again, and repeat it.")
        found[FormFields] = form
        return None

    async def _read(self, request: Request, session: Session | None) -> FormFields | None:
        """The fields of the body; None when it is no form, or larger than any of ours."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return None
        peer = request.client.host if request.client else None
        bounds, most = (_OPEN_BOUNDS, _OPEN_FIELD_LIMIT) if session is None else (_BOUNDS, _FIELD_LIMIT)
        with HeldBytes(self._room, self._clients.name(peer, request.scope["headers"])) as held:
            try:
                body = await read_body(request.receive, held, bounds)
            except TooLargeError:
                return None
            return _fields(body, most)


def unavailable() -> Response:
    """The answer while the database does not answer."""
    answer = _page(503, "The database does not answer", "Nothing was changed. Try again in a moment.")
    answer.headers["retry-after"] = "5"
    return answer


def _page(status: int, title: str, text: str) -> HTMLResponse:
    return HTMLResponse(message_page(title, text), status)


def _fields(body: bytes, most: int) -> FormFields | None:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=most)
    except ValueError:
        return None
    return FormFields({name: tuple(values) for name, values in fields.items()})
