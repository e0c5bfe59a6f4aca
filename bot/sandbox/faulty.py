"""The outermost layer: performs the ordered faults, down to cutting the connection."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.config import API_PREFIX
from bot.sandbox.faults import FaultRule
from bot.sandbox.problems import ApiProblem
from bot.sandbox.state import Sandbox

_CODES = {
    400: "invalid_input",
    401: "unauthenticated",
    402: "insufficient_credits",
    403: "account_needs_reauth",
    404: "not_found",
    409: "idempotency_key_conflict",
    422: "x_rejected",
    429: "rate_limit_exceeded",
    500: "internal_error",
    502: "x_api_unavailable",
    503: "x_transient_error",
}
"""The code of a fault that names only a status."""


class Faulty:
    """Wraps the whole application; requests that no rule covers pass untouched."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app, self._sandbox = app, sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rule = None
        if scope["type"] == "http" and scope["path"].startswith(f"{API_PREFIX}/"):
            rule = self._sandbox.faults.match(scope["method"], scope["path"].removeprefix(API_PREFIX))
        if rule is None:
            await self._app(scope, receive, send)
            return
        await self._act(rule, scope, receive, send)

    async def _act(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        if rule.delay:
            await self._sandbox.sleep(rule.delay)
        if rule.cut:
            await cut(receive, send)
        elif rule.answer_lost:
            await self._app(scope, receive, _nowhere)
            await cut(receive, send)
        elif rule.status is not None:
            response = _problem(rule, rule.status).response()
            response.headers["X-Request-Id"] = self._sandbox.request_id()
            await response(scope, receive, send)
        elif rule.empty or rule.without:
            await self._rewritten(rule, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _rewritten(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        """Perform the request, and take from its JSON answer what the rule says; others pass as they are."""
        begun: list[Message] = []
        body = bytearray()

        async def gather(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, gather)
        answer = _less(rule, bytes(body))
        headers = [(name, value) for name, value in begun[0]["headers"] if name != b"content-length"]
        headers.append((b"content-length", str(len(answer)).encode()))
        await send({**begun[0], "headers": headers})
        await send({"type": "http.response.body", "body": answer})


def _less(rule: FaultRule, body: bytes) -> bytes:
    """A JSON object without the fields, and with the lists empty; anything else unchanged."""
    try:
        data = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body
    if not isinstance(data, dict):
        return body
    kept = {name: value for name, value in data.items() if name not in rule.without}
    return msgspec.json.encode(kept | {name: [] for name in rule.empty if name in kept})


async def _nowhere(_: Message) -> None:
    """A ``send`` that loses everything."""


def _problem(rule: FaultRule, status: int) -> ApiProblem:
    headers: dict[str, str] = {}
    extra: dict[str, Any] = {}
    if rule.safe_to_retry is not None:
        extra["safeToRetry"] = rule.safe_to_retry
    if rule.retry_after is not None:
        headers["Retry-After"] = str(rule.retry_after)
        extra["retryAfter"] = rule.retry_after
    code = rule.code or _CODES.get(status, "internal_error")
    return ApiProblem(status, code, rule.message or "A simulated fault.", headers=headers, extra=extra)


async def cut(receive: Receive, send: Send) -> None:
    """Close the connection without answering.

    uvicorn's ``send`` is a method of the object that holds the transport; aborting that resets the
    connection before any byte was sent. Under another server an answer is begun and never finished,
    which a client sees as a broken connection too.
    """
    transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        headers = [(b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        return
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        continue
