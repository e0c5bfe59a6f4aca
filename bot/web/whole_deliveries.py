"""Deliveries whose body is there at once, or a moment later, answered where their bytes arrive.

uvicorn makes a task, an event and two dozen objects for each request before an application sees it. A
plain POST to a hook, as nearly all are, needs none of them: it is checked when its last byte has come, and
answered when it is stored. Every bound of `bot.web.protocol` holds for it as for any other; whatever is
not so plain (a large or slow body, a key that is not in memory, requests that wait for the answer to
another) goes the usual way.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeAlias

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from bot.core.http.bodies import SMALL, declared_length
from bot.web.protocol import BoundedProtocol

HOOKS = "/hooks/xquik/"
# Seconds for which the rest of a small body is waited for: many senders send it by itself.
_PATIENCE = 0.05
# Exactly what the usual way would take for the same hook: no query, nothing escaped.
_ADDRESS = re.compile(HOOKS.encode() + rb"([A-Za-z0-9_-]{1,60})")

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]
"""As ASGI gives them."""


class HookAnswer(NamedTuple):
    """status: of HTTP. fields: lines of the head, each with its end."""

    status: int
    fields: bytes
    content: bytes


Say: TypeAlias = Callable[[HookAnswer], None]
"""Gives the answer, once."""


class WholeDeliveries(Protocol):
    """Takes deliveries: `bot.web.hooks.HookEndpoint`."""

    def knows(self, hook: str) -> bool:
        """Whether a delivery to that hook can be judged without waiting for anything."""
        ...

    def take(self, hook: str, headers: Headers, raw: bytes, say: Say) -> bool:
        """Answer a delivery that is here as a whole, now or later. False, and nothing was done, where its
        hook is not known."""
        ...


class _Nobody:
    """Stands where a cycle has its event: nobody waits for it."""

    def set(self) -> None:
        """Nothing."""


_NOBODY = _Nobody()


class _Delivery:
    """A delivery under way, in the shape of uvicorn's cycle as far as `BoundedProtocol` looks at one."""

    __slots__ = (
        "body",
        "disconnected",
        "headers",
        "hook",
        "keep_alive",
        "message_event",
        "more_body",
        "response_complete",
        "response_started",
        "scope",
    )

    def __init__(self, hook: str, scope: Any, headers: Headers, *, keep_alive: bool) -> None:
        self.hook = hook
        self.scope = scope
        self.headers = headers
        self.keep_alive = keep_alive
        self.body = bytearray()
        self.more_body = True
        self.message_event = _NOBODY
        self.response_started = self.response_complete = self.disconnected = False


class DeliveringProtocol(BoundedProtocol):
    """One connection. deliveries: takes what is here as a whole."""

    def __init__(self, *args: Any, deliveries: WholeDeliveries, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deliveries = deliveries
        # The one that is not here as a whole yet, and until when that is waited for.
        self._fresh: _Delivery | None = None
        self._patience: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._no_longer_fresh()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """Take a plain delivery; everything else the usual way."""
        found = _ADDRESS.fullmatch(self.url)
        if found is None or not self._is_plain():
            super().on_headers_complete()
            return
        keep_alive = self.parser.should_keep_alive()
        self._fresh = _Delivery(found[1].decode(), self.scope, self.headers, keep_alive=keep_alive)
        self.cycle: Any = self._fresh
        self._in_head = False
        self.headers = []  # it has the list by now

    def _is_plain(self) -> bool:
        parser = self.parser
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
            and not self.expect_100_continue
            and parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and not parser.should_upgrade()
        )

    def _parse(self, data: bytes) -> None:
        super()._parse(data)
        fresh = self._fresh
        if fresh is None:
            return
        if fresh.disconnected:  # refused meanwhile
            self._no_longer_fresh()
        elif not fresh.more_body:
            self._no_longer_fresh()
            client = self._all.client(self.peer, fresh.headers)
            self._all.turns.take(client, partial(self._take, fresh))
        elif self._deaf or len(fresh.body) > SMALL or not self._is_worth_waiting(fresh):
            self._wait_no_longer()
        elif self._patience is None:
            self._patience = self.loop.call_later(_PATIENCE, self._wait_no_longer)

    def _is_worth_waiting(self, fresh: _Delivery) -> bool:
        return self._patience is not None or (
            declared_length(fresh.headers) <= SMALL and self._deliveries.knows(fresh.hook)
        )

    def _wait_no_longer(self) -> None:
        """The body is large or slow: that is counted and timed the usual way."""
        fresh = self._no_longer_fresh()
        if fresh is not None and not fresh.disconnected:
            self._start_asgi_task(self._usual(fresh), self.app)

    def _no_longer_fresh(self) -> _Delivery | None:
        fresh, self._fresh = self._fresh, None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        return fresh

    def _take(self, delivery: _Delivery) -> None:
        if delivery.disconnected:
            return
        try:
            taken = self._deliveries.take(
                delivery.hook, delivery.headers, bytes(delivery.body), partial(self._say, delivery)
            )
        except Exception:  # a mistake of ours: the usual way makes it too, and knows how to tell of it
            taken = False
        if not taken:
            HttpToolsProtocol._start_asgi_task(self, self._usual(delivery), self.app)  # it had its turn

    def _say(self, delivery: _Delivery, answer: HookAnswer) -> None:
        if delivery.disconnected or self.transport.is_closing():
            return
        delivery.response_started = True
        lines = [STATUS_LINE[answer.status]]
        lines += [b"%b: %b\r\n" % field for field in self.server_state.default_headers]
        lines.append(answer.fields)
        if not delivery.keep_alive:
            lines.append(b"connection: close\r\n")
        lines += (b"\r\n", answer.content)
        self.transport.write(b"".join(lines))
        delivery.response_complete = True
        if not delivery.keep_alive:
            self._leaving.close()
        self.on_response_complete()

    def _usual(self, delivery: _Delivery) -> RequestResponseCycle:
        """What uvicorn would have made of it."""
        path = HOOKS + delivery.hook
        scope = delivery.scope
        scope.update(method="POST", path=path, raw_path=path.encode(), query_string=b"")
        cycle = RequestResponseCycle(
            scope=scope,
            transport=self._leaving,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=delivery.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.body, cycle.more_body = delivery.body, delivery.more_body
        if cycle.body or not cycle.more_body:
            cycle.message_event.set()
        if self.cycle is delivery:
            self.cycle = cycle
        return cycle
