"""The webhook endpoint, `POST /hooks/xquik/<id>`: where Xquik delivers events.

200 {"status": "accepted" | "duplicate" | "test"}; 401 signature, timestamp, or a nonce seen with
another body; 400 not a JSON object, after a good signature; 404 unknown id; 413 over 1 MiB; 503 with
Retry-After whenever it could not be made durable, which a body that does not come in time is too. A
plain ASGI application: this is the one address that must keep up with everything X says.

Nobody is trusted before the signature is checked, and that needs the body. So the headers are checked
before it is read, what is held of bodies has a limit for each hook and for all, and a body has to come
within seconds: a slow or hostile sender to one hook does not shut out another's.
"""

from __future__ import annotations

import json
from functools import cache

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable, VaultError
from bot.core.http.bodies import (
    Bounds,
    CrowdedError,
    HeldBytes,
    HungUpError,
    Room,
    SlowError,
    TooLargeError,
    declared_length,
    read_body,
)
from bot.relay.observing import RelayObserver
from bot.relay.receiving.delivery_body import NotAnEventError
from bot.relay.receiving.delivery_body import read_body as read_event
from bot.relay.receiving.hook_keys import HookKeys
from bot.relay.receiving.intake import Intake, Received
from bot.relay.receiving.signature import RejectedDelivery, check, read_headers

# Bytes of bodies held at once: by all requests together, and by those of one hook.
MEMORY_LIMIT = 64 << 20
HOOK_LIMIT = 4 << 20
_RETRY_AFTER = b"5"
_JSON = (b"content-type", b"application/json")
_SLOW = "the body did not come in time; try again"
# By the error's code: the cause that is counted, and the words.
_UNAVAILABLE = ("storage", "the event could not be stored; try again")
_FULL = "there is no room for more events now; try again later"
_SHARE = "this hook has used up its share of event storage; try again later"
_NOT_STORED = {"full": ("full", _FULL), "share": ("share", _SHARE)}
# Seconds, where it is not `_RETRY_AFTER`.
_LATER = {_FULL: b"60", _SHARE: b"600"}
_NAME = "xquik_hook"
_PREFIX = "/hooks/xquik/"


def hook_route(keys: HookKeys, intake: Intake, observer: RelayObserver, clock: Clock) -> Route:
    """The route for an application of Starlette's. clock: epoch seconds."""
    endpoint = HookEndpoint(keys, intake, observer, clock)
    return Route(f"{_PREFIX}{{id}}", endpoint, methods=["POST"], name=_NAME)


class HooksFirst:
    """An application whose deliveries do not pass through Starlette, which takes a tenth of their time.

    Everything else goes there, and so does what is no plain POST to a hook's address.
    """

    def __init__(self, app: Starlette) -> None:
        """app: has a `hook_route`, or none."""
        self._app = app
        found = (route.app for route in app.routes if isinstance(route, Route) and route.name == _NAME)
        self._hooks: ASGIApp | None = next(found, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._hooks is not None and scope["type"] == "http" and scope["method"] == "POST":
            path: str = scope["path"]
            if path.startswith(_PREFIX) and "/" not in (hook := path[len(_PREFIX) :]) and hook:
                scope["path_params"] = {"id": hook}
                await self._hooks(scope, receive, send)
                return
        await self._app(scope, receive, send)


class HookEndpoint:
    """Takes one delivery a request."""

    def __init__(
        self,
        keys: HookKeys,
        intake: Intake,
        observer: RelayObserver,
        clock: Clock,
        bounds: Bounds | None = None,
        room: Room | None = None,
    ) -> None:
        """clock: epoch seconds. bounds, room: what one body may take, and all of them together."""
        self._keys = keys
        self._intake = intake
        self._observer = observer
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._room = room or Room(MEMORY_LIMIT, HOOK_LIMIT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            status, word = await self._deliver(scope, receive)
        except HungUpError:
            return
        except TooLargeError:
            status, word = self._reject(413, "size", "the body is over 1 MiB")
        except CrowdedError:
            status, word = self._reject(503, "busy", "try again")
        except SlowError:
            status, word = self._reject(503, "slow", _SLOW)
        except StorageUnavailable as error:
            status, word = self._reject(503, *_NOT_STORED.get(error.code or "", _UNAVAILABLE))
        except VaultError:
            status, word = self._reject(503, *_UNAVAILABLE)
        await _answer(send, status, word)

    async def _deliver(self, scope: Scope, receive: Receive) -> tuple[int, str]:
        hook = str(scope["path_params"]["id"])
        key = self._keys.cached(hook) or await self._keys.find(hook)
        if key is None:
            return self._reject(404, "unknown", "no such hook")
        headers = scope["headers"]
        # What the sender declares only makes the refusal quicker; what counts is what comes.
        if declared_length(headers) > self._bounds.size:
            raise TooLargeError
        sealed = read_headers(headers, self._clock() * 1000)
        if isinstance(sealed, RejectedDelivery):
            return self._unsigned(sealed)
        with HeldBytes(self._room, hook) as held:
            raw = await read_body(receive, held, self._bounds)
            verdict = check(key.secrets, sealed, raw)
            if isinstance(verdict, RejectedDelivery):
                return self._unsigned(verdict)
            try:
                body = read_event(raw, self._clock())
            except NotAnEventError as error:
                return self._reject(400, "body", str(error))
            received = await self._intake.take(key, verdict, body)
        if received is Received.NONCE_REUSED:  # counted by the intake
            return 401, "not accepted: this nonce came with another body"
        return 200, received.value

    def _unsigned(self, rejected: RejectedDelivery) -> tuple[int, str]:
        if rejected.skew is not None:
            self._observer.skewed(rejected.skew)
        return self._reject(401, rejected.cause, f"not accepted: {rejected.cause}")

    def _reject(self, status: int, cause: str, word: str) -> tuple[int, str]:
        self._observer.rejected(cause)
        return status, word


@cache
def _rendered(status: int, word: str) -> tuple[Message, Message]:
    """The two messages of an answer; there are only as many answers as words in this module."""
    field = "status" if status == 200 else "error"
    content = json.dumps({field: word}).encode()
    headers = [_JSON, (b"content-length", str(len(content)).encode())]
    if status == 503:
        headers.append((b"retry-after", _LATER.get(word, _RETRY_AFTER)))
    if word == _SLOW:  # the rest of the body would only keep the connection
        headers.append((b"connection", b"close"))
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": content},
    )


async def _answer(send: Send, status: int, word: str) -> None:
    for message in _rendered(status, word):
        await send(message)
