"""The addresses that Slack and browsers call in HTTP mode.

The signature (v0, HMAC-SHA256 over the raw body, five minutes) is checked with the SDK's verifier
before anything of the body is looked at; bolt would look first. To check it the body must be held, so
it is only taken in with headers that may be Slack's and a fresh timestamp, and within bounds: of one
client, and of all.
Source: docs.slack.dev/authentication/verifying-requests-from-slack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import parse_qsl

from pydantic import SecretStr
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_internals import build_async_context
from slack_sdk.signature import Clock as VerifierClock
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.slack.oauth import OAuth
from bot.core.clocks import Clock
from bot.core.http.bodies import (
    BodyError,
    Bounds,
    HeldBytes,
    HungUpError,
    Room,
    TooLargeError,
    declared_length,
    read_body,
)
from bot.core.http.clients import ClientAddresses

# Slack's largest payloads carry a view of 250 kB; nothing it sends comes near this.
BODY_BYTES = 1024 * 1024
# Of all bodies held at once, and of those of one client: those that may be signed, and those that are not.
MEMORY_BYTES = 32 * BODY_BYTES
CLIENT_BYTES = 4 * BODY_BYTES
_UNSIGNED_MEMORY_BYTES = 256 * 1024
_UNSIGNED_CLIENT_BYTES = 32 * 1024
# Slack waits three seconds for the answer, so what takes longer to come is not from Slack.
_SIGNED = Bounds(size=BODY_BYTES, silence=2.0, whole=3.0)
# The look at the certificate is a few words.
_UNSIGNED = Bounds(size=4096, silence=1.0, whole=1.0)
_UNSIGNED_FIELDS = 32
# How far a timestamp may be from our clock, in seconds, either way: the verifier's own limit.
_WINDOW = 300
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,11}")


BoltApp: TypeAlias = Callable[[], AsyncApp | None]
"""The app that takes requests; None while there is none."""


class Web:
    """app: the running app, None before the start and after the stop. clock: epoch seconds. clients:
    knows the proxies."""

    def __init__(
        self,
        app: BoltApp,
        secret: SecretStr,
        oauth: OAuth | None,
        clock: Clock,
        clients: ClientAddresses,
    ) -> None:
        self._app = app
        self._oauth = oauth
        self._clock = clock
        self._verifier = SignatureVerifier(secret.get_secret_value(), _Now(clock))
        self._clients = clients
        self._room = Room(MEMORY_BYTES, CLIENT_BYTES)
        self._unsigned_room = Room(_UNSIGNED_MEMORY_BYTES, _UNSIGNED_CLIENT_BYTES)

    @property
    def routes(self) -> list[BaseRoute]:
        """`/slack/events`, and with OAuth `/slack/install` and `/slack/oauth_redirect`."""
        found: list[BaseRoute] = [Route("/slack/events", self._events, methods=["POST"])]
        if self._oauth is not None:
            found.append(Route("/slack/install", self._oauth.install, methods=["GET"]))
            found.append(Route("/slack/oauth_redirect", self._oauth.redirect, methods=["GET"]))
        return found

    async def _events(self, request: Request) -> Response:
        app = self._app()
        if app is None:
            return PlainTextResponse("not started", 503, {"Retry-After": "5"})
        if not self._may_be_signed(request):
            return await self._unsigned(request)
        try:
            with HeldBytes(self._room, self._client(request)) as held:
                body = await _body(request, held, _SIGNED)
                return await self._dispatched(app, request, body)
        except TooLargeError:
            return PlainTextResponse("too large", 413)
        except BodyError as error:
            return _not_read(error)

    async def _dispatched(self, app: AsyncApp, request: Request, body: bytes) -> Response:
        try:
            text = body.decode("utf-8")
            if not self._is_signed(request, text):
                return PlainTextResponse("not signed", 401)
            asked = bolt_request(text, _given(request))
        except (ValueError, AttributeError, RecursionError):  # bolt expects an object wherever it looks
            return PlainTextResponse("not a payload", 400)
        return to_starlette_response(await app.async_dispatch(asked))

    async def _unsigned(self, request: Request) -> Response:
        """Slack's look at the certificate carries nothing and wants a 200; all else is refused."""
        try:
            with HeldBytes(self._unsigned_room, self._client(request)) as held:
                body = await _body(request, held, _UNSIGNED)
        except TooLargeError:
            return PlainTextResponse("not signed", 401)
        except BodyError as error:
            return _not_read(error)
        if _asks_for_certificate(body):
            return PlainTextResponse("")
        return PlainTextResponse("not signed", 401)

    def _client(self, request: Request) -> str:
        return self._clients.name(request.client.host if request.client else None, request.scope["headers"])

    def _may_be_signed(self, request: Request) -> bool:
        """Whether the headers have the shape and the time of Slack's; their signature is not checked."""
        headers = _given(request)
        at = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not (_TIMESTAMP.fullmatch(at) and _SIGNATURE.fullmatch(signature)):
            return False
        return abs(self._clock() - int(at)) <= _WINDOW

    def _is_signed(self, request: Request, body: str) -> bool:
        headers = _given(request)
        return self._verifier.is_valid(
            body, headers["x-slack-request-timestamp"], headers["x-slack-signature"]
        )


class _Now(VerifierClock):
    """Our clock, as the verifier wants it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        """Epoch seconds."""
        return self._clock()


def bolt_request(body: str, headers: Mapping[str, str]) -> AsyncBoltRequest:
    """The request as bolt reads it. ValueError when the body cannot be read.

    bolt takes any form with the word "payload" in it for an interactive one, and finds nothing in a
    slash command whose text contains it; such a command is read again here.
    """
    given: dict[str, str | Sequence[str]] = dict(headers)
    request = AsyncBoltRequest(body=body, headers=given)
    if not request.body and "payload" in body:
        request.body = dict(parse_qsl(body, keep_blank_values=True))
        request.context = build_async_context(AsyncBoltContext({}), request.body)
    return request


def _given(request: Request) -> dict[str, str]:
    """The headers without the white space around them, which is none of them (RFC 9110, 5.5): the parser
    that uvicorn takes where it is installed leaves it at the end."""
    return {name: value.strip(" \t") for name, value in request.headers.items()}


def _asks_for_certificate(body: bytes) -> bool:
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_UNSIGNED_FIELDS)
    except ValueError:  # too many
        return False
    return dict(fields).get("ssl_check") == "1"


def _not_read(error: BodyError) -> Response:
    """Slack sends again what was not taken. The rest of the body would only keep the connection."""
    if isinstance(error, HungUpError):
        return PlainTextResponse("", 400)  # nobody reads it
    return PlainTextResponse("not read; try again", 503, {"Retry-After": "5", "Connection": "close"})


async def _body(request: Request, held: HeldBytes, bounds: Bounds) -> bytes:
    """The raw body. Raises a BodyError."""
    if declared_length(request.scope["headers"]) > bounds.size:
        raise TooLargeError
    return await read_body(request.receive, held, bounds)
