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

import asyncio
import json
from functools import cache, partial
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

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
from bot.relay.receiving.delivery_body import DeliveryBody, NotAnEventError
from bot.relay.receiving.delivery_body import read_body as read_event
from bot.relay.receiving.hook_keys import HookKey, HookKeys
from bot.relay.receiving.intake import Intake
from bot.relay.receiving.received import Received
from bot.relay.receiving.signature import RejectedDelivery, Sealed, Verified, check, read_headers
from bot.web.whole_deliveries import HOOKS, Headers, HookAnswer, Say

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

_Answered: TypeAlias = tuple[int, str]
"""A status, and the word of the answer."""


class _NotTakenError(Exception):
    """A delivery is refused."""

    def __init__(self, answered: _Answered) -> None:
        super().__init__(answered)
        self.answered = answered


class _UnknownSecretError(Exception):
    """None of the secrets signed it, as far as they are known here."""

    def __init__(self, rejected: RejectedDelivery) -> None:
        super().__init__(rejected)
        self.rejected = rejected


def hook_route(keys: HookKeys, intake: Intake, observer: RelayObserver, clock: Clock) -> Route:
    """The route for an application of Starlette's. clock: epoch seconds."""
    endpoint = HookEndpoint(keys, intake, observer, clock)
    return Route(f"{HOOKS}{{id}}", endpoint, methods=["POST"], name=_NAME)


class HooksFirst:
    """An application whose deliveries do not pass through Starlette, which takes a tenth of their time.

    Everything else goes there, and so does what is no plain POST to a hook's address. hooks: takes deliveries
    that are here as a whole even without a task of ASGI's.
    """

    def __init__(self, app: Starlette) -> None:
        """app: has a `hook_route`, or none."""
        self._app = app
        found = (route.app for route in app.routes if isinstance(route, Route) and route.name == _NAME)
        hooks = next(found, None)
        self.hooks = hooks if isinstance(hooks, HookEndpoint) else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self.hooks is not None and scope["type"] == "http" and scope["method"] == "POST":
            path: str = scope["path"]
            if path.startswith(HOOKS) and "/" not in (hook := path[len(HOOKS) :]) and hook:
                scope["path_params"] = {"id": hook}
                await self.hooks(scope, receive, send)
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
            answered = await self._deliver(scope, receive)
        except HungUpError:
            return
        except Exception as error:
            answered = self._refused(error)
        await _answer(send, answered)

    def knows(self, hook: str) -> bool:
        """See `bot.web.whole_deliveries.WholeDeliveries`."""
        return self._keys.cached(hook) is not None

    def take(self, hook: str, headers: Headers, raw: bytes, say: Say) -> bool:
        """See `bot.web.whole_deliveries.WholeDeliveries`."""
        key = self._keys.cached(hook)
        if key is None:
            return False
        held = HeldBytes(self._room, hook)
        try:
            sealed = self._sealed(headers)
            if len(raw) > self._bounds.size:
                raise TooLargeError
            held.add(len(raw))
            taken = self._intake.begin(key, *self._opened(key, sealed, raw))
        except _UnknownSecretError as error:
            held.release()
            if self._keys.doubt(hook):
                return False  # the usual way reads the hook anew
            say(_whole(self._refused(error)))
        except Exception as error:
            held.release()
            say(_whole(self._refused(error)))
        else:
            taken.add_done_callback(partial(self._stored, held, say))
        return True

    def _stored(self, held: HeldBytes, say: Say, taken: asyncio.Future[Received]) -> None:
        held.release()
        try:
            answered = self._said(taken.result())
        except (Exception, asyncio.CancelledError) as error:
            answered = self._refused(self._intake.not_stored(error))
        say(_whole(answered))

    async def _deliver(self, scope: Scope, receive: Receive) -> _Answered:
        hook = str(scope["path_params"]["id"])
        key = self._keys.cached(hook) or await self._keys.find(hook)
        if key is None:
            return self._reject(404, "unknown", "no such hook")
        sealed = self._sealed(scope["headers"])
        with HeldBytes(self._room, hook) as held:
            raw = await read_body(receive, held, self._bounds)
            try:
                opened = self._opened(key, sealed, raw)
            except _UnknownSecretError:
                # Another process may have given the hook a new one.
                again = await self._keys.find(hook) if self._keys.doubt(hook) else None
                if again is None:
                    raise
                opened = self._opened(key := again, sealed, raw)
            return self._said(await self._intake.take(key, *opened))

    def _sealed(self, headers: Headers) -> Sealed:
        # What the sender declares only makes the refusal quicker; what counts is what comes.
        if declared_length(headers) > self._bounds.size:
            raise TooLargeError
        sealed = read_headers(headers, self._clock() * 1000)
        if isinstance(sealed, RejectedDelivery):
            raise _NotTakenError(self._unsigned(sealed))
        return sealed

    def _opened(self, key: HookKey, sealed: Sealed, raw: bytes) -> tuple[Verified, DeliveryBody]:
        verdict = check(key.secrets, sealed, raw)
        if isinstance(verdict, RejectedDelivery):
            raise _UnknownSecretError(verdict)
        try:
            return verdict, read_event(raw, self._clock())
        except NotAnEventError as error:
            raise _NotTakenError(self._reject(400, "body", str(error))) from error

    def _said(self, received: Received) -> _Answered:
        if received is Received.NONCE_REUSED:  # counted by the intake
            return 401, "not accepted: this nonce came with another body"
        return 200, received.value

    def _refused(self, error: Exception) -> _Answered:
        """The answer to a delivery that was not taken; raises what is none of these."""
        match error:
            case _NotTakenError():
                return error.answered
            case _UnknownSecretError():
                return self._unsigned(error.rejected)
            case TooLargeError():
                return self._reject(413, "size", "the body is over 1 MiB")
            case CrowdedError():
                return self._reject(503, "busy", "try again")
            case SlowError():
                return self._reject(503, "slow", _SLOW)
            case StorageUnavailable():
                return self._reject(503, *_NOT_STORED.get(error.code or "", _UNAVAILABLE))
            case VaultError():
                return self._reject(503, *_UNAVAILABLE)
        raise error

    def _unsigned(self, rejected: RejectedDelivery) -> _Answered:
        if rejected.skew is not None:
            self._observer.skewed(rejected.skew)
        return self._reject(401, rejected.cause, f"not accepted: {rejected.cause}")

    def _reject(self, status: int, cause: str, word: str) -> _Answered:
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


async def _answer(send: Send, answered: _Answered) -> None:
    for message in _rendered(*answered):
        await send(message)


@cache
def _whole(answered: _Answered) -> HookAnswer:
    """The same answer as it stands on a connection."""
    head, body = _rendered(*answered)
    lines = b"".join(b"%b: %b\r\n" % field for field in head["headers"])
    return HookAnswer(answered[0], lines, body["body"])
