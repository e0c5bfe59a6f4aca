"""HTTP to Xquik. The one module that imports httpx.

One `Transport` serves every tenant of the process: connections are reused, keys are passed a call at
a time and never kept. Reads are repeated by `bot.xquik.transport.retry`; everything else is sent exactly
once. What goes wrong is raised as an error of `bot.core.errors`, outside of any `except`, so that no httpx
object, whose request holds the key, hangs on to it as a context.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final

import httpx
import msgspec
from pydantic import SecretStr

from bot.core.chat.asker import OURSELVES, Asker
from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import KeyRejected, UpstreamUnavailable
from bot.core.http.trust import trusted
from bot.core.messages.message import msg
from bot.core.shares import SharedWindows
from bot.core.text.shortening import cut
from bot.core.x.paid_requests import note_paid_request
from bot.xquik.errors import FileTooLarge, error_from, retry_after
from bot.xquik.limits import Kind, RateLimiter, RateLimits, counted_as
from bot.xquik.transport.answers import Answer, Lost, finish, is_our_limit, may_be_charged, not_reached
from bot.xquik.transport.retry import RetryRules, repeat_after
from bot.xquik.transport.server_time import server_time
from bot.xquik.transport.wire import (
    FilePart,
    Query,
    check_base_url,
    json_bytes,
    json_object,
    multipart,
    query_strings,
)

JSON_CAP: Final = 8 * 1024 * 1024
FILE_CAP: Final = 10 * 1024 * 1024
"""Bytes of an answer that are read at most; of a file as many as can be sent into a chat."""

STREAMS_CAP: Final = 512
"""Streams that are open at a time."""

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Exchange(msgspec.Struct, frozen=True):
    """One try, for metrics and debug logs. `path` holds ids: not for labels. No secret is in it.

    status: None when no answer came. attempt: 0 for the first try. server_time: what time it was for
    Xquik, in epoch seconds, where the answer says so.
    """

    kind: Kind
    method: str
    path: str
    status: int | None
    seconds: float
    attempt: int
    server_time: float | None = None


Observer = Callable[[Exchange], None]
"""Told of every exchange with Xquik, for figures and traces."""


class _Prepared(msgspec.Struct, frozen=True):
    """A request ready to go. Its repr is off: the headers hold the key."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None
    kind: Kind
    file: bool

    def __repr__(self) -> str:
        return f"<{self.method} request>"


class ByteStream:
    """An answer that is being read."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._chunks = response.aiter_bytes()

    async def read(self) -> bytes | None:
        """The next bytes, None at the end; UpstreamUnavailable when it broke, or was silent too long."""
        try:
            return await anext(self._chunks, None)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            reason = type(error).__name__
        raise UpstreamUnavailable(msg("Xquik's stream broke off ({why}).", why=reason), code="stream_lost")

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._response.aclose()


class Transport:
    """The shared connection to one Xquik API.

    base_url: `https://…`; plain HTTP is accepted for loopback addresses alone (the sandbox).
    timeout: seconds for one try, from the first byte sent to the last byte read. shared: where other
    processes use the same keys.
    Raises ValueError for a base_url that cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        timeout: float = 30.0,
        *,
        http: httpx.AsyncClient | None = None,
        clock: Monotonic = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        rng: random.Random | None = None,
        limits: RateLimits | None = None,
        retries: RetryRules | None = None,
        observer: Observer | None = None,
        shared: SharedWindows | None = None,
    ) -> None:
        self._loopback = check_base_url(base_url)
        self._base = base_url.rstrip("/")
        self._timeout = timeout
        self._owns_http = http is None
        self._http = http or self._client(64)
        self._clock = clock
        self._sleep = sleep
        self._rng = rng or random.Random()
        self._limiter = RateLimiter(limits, clock=clock, sleep=sleep, shared=shared)
        self._retries = retries or RetryRules()
        self._observer = observer
        self._endless: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"Transport({self._base!r})"

    async def __aenter__(self) -> Transport:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the client was given from outside, and give back what is not used of
        shared limits."""
        await self._limiter.aclose()
        if self._owns_http:
            await self._http.aclose()
        if self._endless is not None:
            await self._endless.aclose()

    async def open_stream(
        self, key: SecretStr, account: str, path: str, *, headers: Mapping[str, str], idle: float
    ) -> ByteStream:
        """Begin to read an answer that goes on for long; close it afterwards.

        Sent once. idle: seconds without a byte after which the connection counts as dead. Raises what
        `request` raises for a read that failed.
        """
        sent = {**headers, "x-api-key": _header_value(key), "user-agent": "xquik-bot"}
        await self._limiter.acquire(account, "read", OURSELVES)
        if self._endless is None:
            # A pool of their own: streams stay open, and requests must not wait for a place behind them.
            self._endless = self._client(STREAMS_CAP)
        timeout = httpx.Timeout(self._timeout, read=idle)
        asking = self._endless.build_request("GET", self._base + path, headers=sent, timeout=timeout)
        opened = await _open(self._endless, asking, self._timeout)
        if isinstance(opened, Lost):
            raise UpstreamUnavailable(
                msg("Xquik's stream did not open ({why}).", why=opened.reason), code="no_answer"
            )
        if isinstance(opened, Answer):
            raise error_from(opened.status, opened.body, opened.headers)
        return opened

    async def server_time(self) -> float | None:
        """What time it is for Xquik, in epoch seconds; None when it does not say.

        Asked once, without a key: any answer says it, a refusal too. UpstreamUnavailable, with why in words
        for whoever runs the bot, where no answer comes.
        """
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._http.head(self._base + "/", follow_redirects=False)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise not_reached(httpx.URL(self._base).host, _why(error, self._timeout)) from error
        return server_time({name.lower(): value for name, value in answer.headers.items()})

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
        asker: Asker = OURSELVES,
    ) -> Answer:
        """Ask once, or for a read up to four times (a paid one only where no try was charged), and return the
        answer of a 2xx status.

        account: the bucket of the rate limits; asker: whose share of it is used. path: begins with "/".
        json: the body, or with `files` the text fields beside them. file_answer: the answer is a file, not
        JSON.

        Raises what `error_from` makes of any other status; RateLimited without sending when our own
        limits are used up; NotSent when no connection was made; AnswerLost when a request that is
        not a read was sent and no readable answer came; UpstreamUnavailable for a failed read, and
        PaidAnswerLost where that may have been charged; FileTooLarge for a file of more than `FILE_CAP`,
        which is not read to its end.
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
        counted = counted_as(method, kind)
        attempt = 0
        while True:
            await self._limiter.acquire(account, counted, asker)
            result = await self._try(prepared, path, attempt)
            if may_be_charged(result, kind):
                note_paid_request(missed=isinstance(result, Answer) and result.status == 404)
            delay = repeat_after(result, kind, attempt, self._retries, self._rng)
            if isinstance(result, Answer) and is_our_limit(result):
                self._limiter.hold(account, counted, retry_after(result.body, result.headers) or 1.0)
            if delay is None or self._clock() - started + delay > self._retries.deadline:
                return finish(result, kind)
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
            headers["content-type"] = f"multipart/form-data; boundary={boundary}"  # no message: of HTTP
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

    def _client(self, connections: int) -> httpx.AsyncClient:
        """A pool. The default context reads the system's trust store and honours SSL_CERT_FILE."""
        plain = self._base.startswith("http://")
        timeout = self._timeout
        return httpx.AsyncClient(
            verify=False if plain else trusted(),  # plain HTTP: nothing to verify
            trust_env=not self._loopback,  # HTTPS_PROXY is honoured; a sandbox here needs no proxy
            timeout=httpx.Timeout(timeout, connect=timeout / 3, pool=timeout / 3),
            limits=httpx.Limits(
                max_connections=connections, max_keepalive_connections=32, keepalive_expiry=30.0
            ),
        )

    async def _try(self, request: _Prepared, path: str, attempt: int) -> Answer | Lost:
        """One try. Failures come back as values; see the module docstring."""
        started = self._clock()
        result: Answer | Lost
        try:
            async with asyncio.timeout(self._timeout):
                result = await self._exchange(request)
        except _NOT_SENT as error:
            result = Lost(sent=False, reason=type(error).__name__)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            late = isinstance(error, TimeoutError | httpx.TimeoutException)
            result = Lost(sent=True, reason=type(error).__name__, late=late)
        if self._observer is not None:
            status = result.status if isinstance(result, Answer) else None
            elapsed = self._clock() - started
            now = server_time(result.headers) if isinstance(result, Answer) else None
            self._observer(Exchange(request.kind, request.method, path, status, elapsed, attempt, now))
        return result

    async def _exchange(self, request: _Prepared) -> Answer | Lost:
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
                    if request.file and response.is_success:
                        # Not to be asked for again: it would be as large the next time.
                        raise FileTooLarge(msg("The file is larger than the 10 MiB that can be sent here."))
                    return Lost(sent=True, reason=msg("the answer is too large"))
            status = response.status_code
            headers = {name.lower(): value for name, value in response.headers.items()}
        if request.file and 200 <= status < 300:
            return Answer(status, {}, headers, bytes(received))
        body = json_object(bytes(received))
        if body is None:
            if 200 <= status < 300:
                return Lost(sent=True, reason=msg("the answer is not a JSON object"))
            body = {}
        return Answer(status, body, headers)


async def _open(
    client: httpx.AsyncClient, asking: httpx.Request, timeout: float
) -> ByteStream | Answer | Lost:
    """The stream of a 200; otherwise the whole answer, or nothing. Failures come back as values."""
    try:
        async with asyncio.timeout(timeout):
            response = await client.send(asking, stream=True, follow_redirects=False)
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if response.status_code == 200 and kind == "text/event-stream":
                return ByteStream(response)
            try:
                received = bytearray()
                async for chunk in response.aiter_bytes():
                    received += chunk
                    if len(received) > JSON_CAP:
                        break
            finally:
                await response.aclose()
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        return Lost(sent=True, reason=type(error).__name__)
    if response.status_code == 200:
        return Lost(sent=True, reason=msg("the answer is not a stream of events"))
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, json_object(bytes(received)) or {}, headers)


def _header_value(key: SecretStr) -> str:
    """The key as a header; refused here when it cannot be one: h11 would quote it in its error."""
    value = key.get_secret_value()
    if not re.fullmatch(r"[!-~]{1,256}", value):
        raise KeyRejected(
            msg("The stored Xquik key has characters that a key never has."), code="malformed_key"
        )
    return value


def _why(error: Exception, timeout: float) -> str:
    """Why no answer came, in the words of the network."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return msg("no answer within {seconds} s", seconds=f"{timeout:g}")
    said = " ".join(str(error).split())
    said = said.partition("] ")[2] if said.startswith("[Errno ") else said
    return cut(said, 120) if said else type(error).__name__
