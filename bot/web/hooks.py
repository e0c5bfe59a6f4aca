"""`POST /hooks/xquik/<id>`: where Xquik delivers events.

200 {"status": "accepted" | "duplicate" | "test"}; 401 signature, timestamp, or a nonce seen with
another body; 400 not a JSON object, after a good signature; 404 unknown id; 413 over 1 MiB; 503 with
Retry-After whenever it could not be made durable. A plain ASGI application: this is the one address
that must keep up with everything X says.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from bot.core.errors import StorageUnavailable, VaultError
from bot.relay.delivery_body import NotAnEventError, read_body
from bot.relay.hook_keys import HookKeys
from bot.relay.intake import Intake, Received
from bot.relay.observing import RelayObserver
from bot.relay.signature import Rejected, verify

BODY_LIMIT = 1 << 20
# Bytes of bodies held at once, by all requests together.
MEMORY_LIMIT = 64 << 20
_RETRY_AFTER = b"5"
_JSON = (b"content-type", b"application/json")


class _TooLargeError(Exception):
    """The body is longer than allowed."""


class _HungUpError(Exception):
    """The sender went away before the body ended."""


class _CrowdedError(Exception):
    """Too many bytes are held already."""


def hook_route(keys: HookKeys, intake: Intake, observer: RelayObserver, clock: Callable[[], float]) -> Route:
    """The route for an application of Starlette's. clock: epoch seconds."""
    endpoint = HookEndpoint(keys, intake, observer, clock)
    return Route("/hooks/xquik/{id}", endpoint, methods=["POST"], name="xquik_hook")


class HookEndpoint:
    """Takes one delivery a request."""

    def __init__(
        self,
        keys: HookKeys,
        intake: Intake,
        observer: RelayObserver,
        clock: Callable[[], float],
        memory_limit: int = MEMORY_LIMIT,
    ) -> None:
        self._keys = keys
        self._intake = intake
        self._observer = observer
        self._clock = clock
        self._memory_limit = memory_limit
        self._memory = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        held = _Held(self)
        try:
            status, word = await self._deliver(scope, receive, held)
        except _HungUpError:
            return
        except _TooLargeError:
            status, word = self._reject(413, "size", "the body is over 1 MiB")
        except _CrowdedError:
            status, word = self._reject(503, "busy", "try again")
        except (StorageUnavailable, VaultError):
            status, word = self._reject(503, "storage", "the event could not be stored; try again")
        finally:
            held.give_back()
        await _answer(send, status, word)

    async def _deliver(self, scope: Scope, receive: Receive, held: _Held) -> tuple[int, str]:
        hook = str(scope["path_params"]["id"])
        key = self._keys.cached(hook) or await self._keys.find(hook)
        if key is None:
            return self._reject(404, "unknown", "no such hook")
        headers = scope["headers"]
        raw = await _read(receive, _declared_length(headers), held)
        now = self._clock()
        verdict = verify(key.secrets, headers, raw, now * 1000)
        if isinstance(verdict, Rejected):
            return self._reject(401, verdict.cause, f"not accepted: {verdict.cause}")
        try:
            body = read_body(raw, now)
        except NotAnEventError as error:
            return self._reject(400, "body", str(error))
        received = await self._intake.take(key, verdict, body)
        if received is Received.NONCE_REUSED:  # counted by the intake
            return 401, "not accepted: this nonce came with another body"
        return 200, received.value

    def _reject(self, status: int, cause: str, word: str) -> tuple[int, str]:
        self._observer.rejected(cause)
        return status, word

    def hold(self, size: int) -> None:
        """Count bytes that a request holds; _CrowdedError when it is too much."""
        if self._memory + size > self._memory_limit:
            raise _CrowdedError
        self._memory += size

    def release(self, size: int) -> None:
        """The bytes are free again."""
        self._memory -= size


class _Held:
    """The bytes one request holds."""

    __slots__ = ("_endpoint", "size")

    def __init__(self, endpoint: HookEndpoint) -> None:
        self._endpoint = endpoint
        self.size = 0

    def add(self, size: int) -> None:
        self._endpoint.hold(size)
        self.size += size

    def give_back(self) -> None:
        self._endpoint.release(self.size)
        self.size = 0


def _declared_length(headers: list[tuple[bytes, bytes]]) -> int:
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and len(value) < 16:
            return int(value)
    return 0


async def _read(receive: Receive, declared: int, held: _Held) -> bytes:
    """The whole body. What the sender declared only makes the refusal quicker; what counts is
    what comes."""
    if declared > BODY_LIMIT:
        raise _TooLargeError
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _HungUpError
        chunk: bytes = message.get("body", b"")
        if held.size + len(chunk) > BODY_LIMIT:
            raise _TooLargeError
        held.add(len(chunk))
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


@cache
def _rendered(status: int, word: str) -> tuple[Message, Message]:
    """The two messages of an answer; there are only as many answers as words in this module."""
    field = "status" if status == 200 else "error"
    content = json.dumps({field: word}).encode()
    headers = [_JSON, (b"content-length", str(len(content)).encode())]
    if status == 503:
        headers.append((b"retry-after", _RETRY_AFTER))
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": content},
    )


async def _answer(send: Send, status: int, word: str) -> None:
    for message in _rendered(status, word):
        await send(message)
