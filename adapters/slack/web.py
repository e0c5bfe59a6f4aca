"""The addresses that Slack and browsers call in HTTP mode.

The signature (v0, HMAC-SHA256 over the raw body, five minutes) is checked with the SDK's verifier
before anything of the body is read; bolt would read it first.
Source: docs.slack.dev/authentication/verifying-requests-from-slack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from adapters.slack.ports import Clock

# Slack's largest payloads carry a view of 250 kB; nothing it sends comes near this.
BODY_BYTES = 1024 * 1024


class Web:
    """app: the running app, None before the start and after the stop. clock: epoch seconds."""

    def __init__(
        self, app: Callable[[], AsyncApp | None], secret: SecretStr, oauth: OAuth | None, clock: Clock
    ) -> None:
        self._app = app
        self._oauth = oauth
        self._verifier = SignatureVerifier(secret.get_secret_value(), _Now(clock))

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
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            text = body.decode("utf-8")
            if not self._is_signed(request, text):
                return _unsigned(text)
            asked = bolt_request(text, request.headers)
        except (ValueError, AttributeError, RecursionError):  # bolt expects an object wherever it looks
            return PlainTextResponse("not a payload", 400)
        return to_starlette_response(await app.async_dispatch(asked))

    def _is_signed(self, request: Request, body: str) -> bool:
        at = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (at.isascii() and at.isdigit() and len(at) < 12 and signature.isascii()):
            return False
        return self._verifier.is_valid(body, at, signature)


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


def _unsigned(body: str) -> Response:
    """Slack's look at the certificate carries nothing and wants a 200; all else is refused."""
    if dict(parse_qsl(body)).get("ssl_check") == "1":
        return PlainTextResponse("")
    return PlainTextResponse("not signed", 401)


async def _body(request: Request) -> bytes | None:
    """The raw body, None when it is too large."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_BYTES:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
