"""HTTP to Xquik. The one module that imports httpx.

One `Transport` serves every tenant of the process: connections are reused, keys are passed a call at
a time and never kept. Reads are repeated by `bot.xquik.retry`; everything else is sent exactly once.
What goes wrong is raised as an error of `bot.core.errors`, outside of any `except`, so that no
httpx object, whose request holds the key, hangs on to it as a context.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

import httpx
from pydantic import SecretStr

from bot.core.errors import BotError, KeyRejected, UpstreamUnavailable
from bot.xquik.errors import AnswerLost, Complaint, NotSent, error_from, is_retryable, retry_after
from bot.xquik.limits import Clock, Kind, RateLimiter, RateLimits, Sleep
from bot.xquik.retry import RetryRules, wait_before_repeat, worth_repeating
from bot.xquik.wire import (
    FilePart,
    Query,
    check_base_url,
    json_bytes,
    json_object,
    multipart,
    query_strings,
)

JSON_CAP: Final = 8 * 1024 * 1024
FILE_CAP: Final = 32 * 1024 * 1024
"""Bytes of an answer that are read at most: 100,000 exported rows fit well."""

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer. Header names are lower-case; `body` is empty for files and for 204."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One try, for metrics and debug logs. `path` holds ids: not for labels. No secret is in it.

    status: None when no answer came. attempt: 0 for the first try.
    """

    kind: Kind
    method: str
    path: str
    status: int | None
    seconds: float
    attempt: int


Observer = Callable[[Exchange], None]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A request ready to go. Its repr is off: the headers hold the key."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None
    kind: Kind
    file: bool

    def __repr__(self) -> str:
        return f"<{self.method} request>"


@dataclass(frozen=True, slots=True)
class _Lost:
    """No usable answer. sent: at least a part of the request may have reached Xquik."""

    sent: bool
    reason: str


class Transport:
    """The shared connection to one Xquik API.

    base_url: `https://…`; plain HTTP is accepted for loopback addresses alone (the sandbox).
    timeout: seconds for one try, from the first byte sent to the last byte read.
    Raises ValueError for a base_url that cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        timeout: float = 30.0,
        *,
        http: httpx.AsyncClient | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        rng: random.Random | None = None,
        limits: RateLimits | None = None,
        retries: RetryRules | None = None,
        observer: Observer | None = None,
    ) -> None:
        loopback = check_base_url(base_url)
        self._base = base_url.rstrip("/")
        self._timeout = timeout
        self._owns_http = http is None
        self._http = http or _client(timeout, loopback=loopback, plain=base_url.startswith("http://"))
        self._clock = clock
        self._sleep = sleep
        self._rng = rng or random.Random()
        self._limiter = RateLimiter(limits, clock=clock, sleep=sleep)
        self._retries = retries or RetryRules()
        self._observer = observer

    def __repr__(self) -> str:
        return f"Transport({self._base!r})"

    async def __aenter__(self) -> Transport:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the client was given from outside."""
        if self._owns_http:
            await self._http.aclose()

    async def request(
        self,
        key: SecretStr,
        account: str,
        method: str,
        path: str,
        *,
        kind: Kind,
        query: Query | None = None,
        json: Mapping[str, Any] | None = None,
        files: Sequence[FilePart] = (),
        idempotency_key: str | None = None,
        file_answer: bool = False,
    ) -> Answer:
        """Ask once, or for a read up to four times, and return the answer of a 2xx status.

        account: the bucket of the rate limits (the tenant). path: begins with "/". json: the body,
        or with `files` the text fields beside them. file_answer: the answer is a file, not JSON.

        Raises what `error_from` makes of any other status; RateLimited without sending when our own
        limits are used up; NotSent when no connection was made; AnswerLost when a request that is
        not a read was sent and no readable answer came; UpstreamUnavailable for a failed read.
        """
        prepared = self._prepare(
            method,
            path,
            headers={"x-api-key": _header_value(key)},
            kind=kind,
            query=query,
            json=json,
            files=files,
            idempotency_key=idempotency_key,
            file_answer=file_answer,
        )
        started = self._clock()
        attempt = 0
        while True:
            await self._limiter.acquire(account, kind)
            result = await self._try(prepared, path, attempt)
            delay = self._repeat_after(result, prepared, attempt)
            if isinstance(result, Answer) and _is_our_limit(result):
                self._limiter.hold(account, kind, retry_after(result.body, result.headers) or 1.0)
            if delay is None or self._clock() - started + delay > self._retries.deadline:
                return _finish(result, prepared)
            await self._sleep(delay)
            attempt += 1

    def _prepare(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        kind: Kind,
        query: Query | None,
        json: Mapping[str, Any] | None,
        files: Sequence[FilePart],
        idempotency_key: str | None,
        file_answer: bool,
    ) -> _Prepared:
        headers["accept"] = "*/*" if file_answer else "application/json"
        headers["user-agent"] = "xquik-bot"
        if idempotency_key is not None:
            headers["idempotency-key"] = idempotency_key
        content: bytes | None = None
        if files:
            boundary = hashlib.sha256((idempotency_key or path).encode()).hexdigest()[:32]
            headers["content-type"] = f"multipart/form-data; boundary={boundary}"
            content = multipart(json or {}, files, boundary)
        elif json is not None:
            headers["content-type"] = "application/json"
            content = json_bytes(json)
        url = (
            httpx.URL(self._base + path, params=query_strings(query))
            if query
            else httpx.URL(self._base + path)
        )
        return _Prepared(method, str(url), headers, content, kind, file_answer)

    async def _try(self, request: _Prepared, path: str, attempt: int) -> Answer | _Lost:
        """One try. Failures come back as values; see the module docstring."""
        started = self._clock()
        result: Answer | _Lost
        try:
            async with asyncio.timeout(self._timeout):
                result = await self._exchange(request)
        except _NOT_SENT as error:
            result = _Lost(sent=False, reason=type(error).__name__)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            result = _Lost(sent=True, reason=type(error).__name__)
        if self._observer is not None:
            status = result.status if isinstance(result, Answer) else None
            elapsed = self._clock() - started
            self._observer(Exchange(request.kind, request.method, path, status, elapsed, attempt))
        return result

    async def _exchange(self, request: _Prepared) -> Answer | _Lost:
        cap = FILE_CAP if request.file else JSON_CAP
        received = bytearray()
        async with self._http.stream(
            request.method,
            request.url,
            headers=request.headers,
            content=request.content,
            follow_redirects=False,  # a redirect would carry the key to another host
        ) as response:
            async for chunk in response.aiter_bytes():
                received += chunk
                if len(received) > cap:
                    return _Lost(sent=True, reason="the answer is too large")
            status = response.status_code
            headers = {name.lower(): value for name, value in response.headers.items()}
        if request.file and 200 <= status < 300:
            return Answer(status, {}, headers, bytes(received))
        body = json_object(bytes(received))
        if body is None:
            if 200 <= status < 300:
                return _Lost(sent=True, reason="the answer is not a JSON object")
            body = {}
        return Answer(status, body, headers)

    def _repeat_after(self, result: Answer | _Lost, request: _Prepared, attempt: int) -> float | None:
        """Seconds until the next try, or None when this result stands."""
        if request.kind != "read" or attempt >= self._retries.repeats:
            return None
        if isinstance(result, _Lost):
            return self._retries.backoff(attempt, self._rng)
        if not worth_repeating(result.status, result.body, attempt):
            return None
        return wait_before_repeat(result.body, result.headers, attempt, self._retries, self._rng)


def _finish(result: Answer | _Lost, request: _Prepared) -> Answer:
    """The answer of a success, or the error that the last try stands for."""
    if isinstance(result, _Lost):
        raise _lost(result, request)
    if 200 <= result.status < 300:
        return result
    if request.kind != "read" and _open_ended(result):
        raise AnswerLost(
            f"Xquik's gateway answered {result.status}; the request may have gone through.",
            code=f"http_{result.status}",
            retry_after=retry_after(result.body, result.headers),
        )
    raise error_from(result.status, result.body, result.headers)


def _is_our_limit(answer: Answer) -> bool:
    """A 429 about the Xquik account as a whole, and not about one X account that X is slowing down."""
    code = Complaint.of(answer.body).code
    return answer.status == 429 and code in {None, "rate_limit_exceeded", "rate_limited"}


def _open_ended(answer: Answer) -> bool:
    """A failure that Xquik itself did not word: a gateway gave up on a request it had passed on."""
    return (answer.status == 408 or answer.status >= 500) and is_retryable(
        Complaint.of(answer.body).code
    ) is None


def _lost(result: _Lost, request: _Prepared) -> BotError:
    if not result.sent:
        return NotSent(
            f"No connection to Xquik could be made ({result.reason}). Nothing was sent.",
            code="not_sent",
        )
    if request.kind == "read":
        return UpstreamUnavailable(f"Xquik did not give a usable answer ({result.reason}).", code="no_answer")
    return AnswerLost(
        f"The request was sent to Xquik, but its answer was lost ({result.reason}).", code="answer_lost"
    )


def _client(timeout: float, *, loopback: bool, plain: bool) -> httpx.AsyncClient:
    """The pool. The default context reads the system's trust store and honours SSL_CERT_FILE."""
    return httpx.AsyncClient(
        verify=False if plain else ssl.create_default_context(),  # plain HTTP: nothing to verify
        trust_env=not loopback,  # HTTPS_PROXY is honoured; a sandbox on this machine needs no proxy
        timeout=httpx.Timeout(timeout, connect=timeout / 3, pool=timeout / 3),
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30.0),
    )


def _header_value(key: SecretStr) -> str:
    """The key as a header; refused here when it cannot be one: h11 would quote it in its error."""
    value = key.get_secret_value()
    if not re.fullmatch(r"[!-~]{1,256}", value):
        raise KeyRejected("The stored Xquik key contains characters that no key has.", code="malformed_key")
    return value
