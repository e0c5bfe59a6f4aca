"""HTTP/1.1 as every port of ours speaks it: uvicorn's protocol over httptools, within bounds.

What comes before a body, around it and after it (request line, fields, chunk sizes, trailers) may be
64 KiB, and 100 fields each in the head and the trailers: 431. Of that the path may be 1 KiB, and the
query 4 KiB with 100 fields: 414, before anything of it is decoded, which takes a hundred times as long as
it takes to send. A head has ten seconds: 408. What cannot be parsed: 400. How long anything else may
take, and how many connections there are, is a matter of `bot.web.connections`, and whose request begins
of `bot.web.fair_queue`. Requests that are sent before the answer to the first are taken up to a few.

httptools keeps nothing but the field at hand, and uvicorn keeps what it is given; so it is enough to
count what goes in. What comes after a refusal, or after an answer that was given before the request was
read, is still read for a moment, and thrown away: a connection that is closed while something unread lies
there is reset, and the other side would never see the answer.

White space around a field's value is not part of it (RFC 9110, 5.5); httptools leaves it at the end.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any, TypeAlias

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from bot.web.connections import ServerConnections, Stage

HEAD_BYTES = 64 * 1024
FIELDS = 100
# Our longest path is that of a file of the demo's page; the longest query has two texts of 200 letters of
# the operator's, or Slack's code and state.
PATH_BYTES = 1024
QUERY_BYTES = 4096
QUERY_FIELDS = 100
# Requests that wait for the answer to one before them.
PIPELINED = 8
# Seconds for which what was sent may go without an acknowledgement.
VANISHED = 60
# Bytes that are read and thrown away after a refusal.
_THROWN_AWAY = 4 * 1024 * 1024
# A body in chunks may bring this part of its own size in chunk sizes, besides HEAD_BYTES.
_FRAMING = 4


_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class _RefusedError(Exception):
    """The head or a trailer is not taken. cause: in a word, for the log; words: for who sent it."""

    def __init__(self, status: HTTPStatus, cause: str, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.cause = cause
        self.words = words


def _give_up_the_vanished(connection: Any) -> None:
    """Have the system end a connection whose other side acknowledges nothing of what was sent: a stream sends
    so little that it all fits its buffer, and would be kept for a quarter of an hour."""
    if connection is not None and connection.family != getattr(socket, "AF_UNIX", None):
        with suppress(OSError, AttributeError):  # Linux has it
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, VANISHED * 1000)


class _NoMoreError(Exception):
    """Nothing that comes after the present request is answered."""


Close: TypeAlias = Callable[[], None]
"""Closes the connection, at once."""


class _Leaving:
    """A transport as the cycle of a request uses it: `close` leaves the other side time to read."""

    def __init__(self, transport: asyncio.Transport, close: Close) -> None:
        self.write = transport.write
        self.is_closing = transport.is_closing
        self.close = close


class BoundedProtocol(HttpToolsProtocol):
    """One connection. connections: of the server that it belongs to."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        connections: ServerConnections,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.peer = ""
        self._all = connections
        self._number = 0  # of the message at hand
        self._open = False  # whether that message is under way
        self._in_head = False
        self._beside = 0  # bytes of it that are no body
        self._body = 0
        self._body_now = 0  # of these, those of the piece being parsed
        self._deaf = False  # what still comes is thrown away
        self._refused = False  # or answered for good: all that comes is thrown away
        self._thrown = 0
        self._read_on = 0

    # What asyncio calls

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.peer = self.client[0] if self.client else ""
        _give_up_the_vanished(transport.get_extra_info("socket"))
        self._leaving: Any = _Leaving(transport, self._leave)
        if not self._all.admit(self):
            self._deaf = self._refused = True
            transport.write(_refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections; try again"))
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._all.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            self._throw_away(len(data))
        elif len(data) <= HEAD_BYTES - self._beside:
            self._parse(data)
        else:
            self._parse_in_pieces(data)

    def resume_writing(self) -> None:
        self._read_on += 1
        super().resume_writing()

    # What httptools calls

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= PIPELINED or (self.cycle is not None and not self.cycle.keep_alive):
            raise _NoMoreError
        super().on_message_begin()
        self._number += 1
        self._open = self._in_head = True
        self._beside = self._body = self._body_now = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > QUERY_FIELDS:  # else none of the bounds can be passed
            _check_target(self.url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= FIELDS:
            words = f"the head has over {FIELDS} fields"
            raise _RefusedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "large", words)
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        if b"%" in self.url and _BROKEN_ESCAPE.search(self.url):
            words = "a percent sign in the address is not followed by two hexadecimal digits"
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "malformed", words)
        super().on_headers_complete()
        self.cycle.transport = self._leaving
        self._in_head = False
        # The application has the list by now, and trailers are none of the head's fields.
        self.headers = []
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False  # no protocol but this one is spoken here

    def on_body(self, body: bytes) -> None:
        self._body_now += len(body)
        cycle = self.cycle
        if cycle.response_complete:
            return
        cycle.body += body
        if len(cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_message_complete(self) -> None:
        self._open = False
        self._beside = 0
        cycle = self.cycle
        cycle.more_body = False
        if not cycle.response_complete:
            cycle.message_event.set()

    def on_response_complete(self) -> None:
        """As uvicorn's, without a timer of its own for each answer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing() or self._refused:
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        begin = partial(super()._start_asgi_task, cycle, app)
        self._all.turns.take(self._all.client(self.peer, cycle.scope["headers"]), begin)

    # What `ServerConnections` calls

    def standing(self) -> tuple[Stage, int]:
        """What it is at, and a number that changes whenever it gets on."""
        return self._stage(), self._number + self._read_on

    def _stage(self) -> Stage:
        cycle = self.cycle
        if self.transport.is_closing():
            return Stage.CLOSING
        if self._refused:
            return Stage.REFUSED
        if cycle is not None and self.flow.write_paused:
            return Stage.UNREAD
        answering = cycle is not None and not cycle.response_complete
        # Where reading is paused the other side is not at fault: it is our turn.
        if answering and (self.flow.read_paused or not cycle.more_body):
            return Stage.WORKING
        if self._in_head:
            return Stage.HEAD
        if self._open:
            return Stage.REST if cycle.response_complete else Stage.BODY
        return Stage.NEW if cycle is None else Stage.IDLE

    def overdue(self, stage: Stage) -> None:
        """It was at that for too long."""
        if stage not in (Stage.IDLE, Stage.REFUSED):
            self._all.told(stage.word)
        if stage in (Stage.HEAD, Stage.BODY):
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time")
        elif stage in (Stage.UNREAD, Stage.CLOSING):
            self.transport.abort()
        else:
            self.transport.close()

    def drop(self) -> None:
        """Make room at once."""
        self.transport.abort()

    # Parsing

    def _parse_in_pieces(self, data: bytes) -> None:
        """So that where a head would get too long is seen before more of it is parsed."""
        start = 0
        while start < len(data):
            if self._deaf:
                self._throw_away(len(data) - start)
                return
            room = HEAD_BYTES - self._beside
            end = start + (room if room > 0 and (self._in_head or not self._open) else HEAD_BYTES)
            self._parse(data[start:end])
            start = end

    def _parse(self, data: bytes) -> None:
        number, was_open = self._number, self._open
        self._body_now = 0
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._hear_no_more()
        except httptools.HttpParserError as error:
            self._not_parsed(error.__context__)
        if not self._open or self._deaf:
            return
        self._body += self._body_now
        # Of a message that began in the middle of what came, this much cannot be told.
        if self._number - number == (0 if was_open else 1):
            self._beside += len(data) - self._body_now
        over = self._beside >= HEAD_BYTES
        if not self._in_head:
            over = self._beside > 2 * HEAD_BYTES + self._body // _FRAMING
        if over:
            self._all.told("large")
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head is over 64 KiB")

    def _not_parsed(self, cause: BaseException | None) -> None:
        if isinstance(cause, _NoMoreError):
            self._hear_no_more()
        elif isinstance(cause, _RefusedError):
            self._all.told(cause.cause)
            self._refuse(cause.status, cause.words)
        else:
            self._all.told("malformed")
            self._refuse(HTTPStatus.BAD_REQUEST, "this is not a readable HTTP request")

    # Refusing

    def _hear_no_more(self) -> None:
        """Answer what has come so far, and close."""
        self._deaf = True
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        """Say why, unless an answer is under way, and hear no more."""
        self._deaf = True
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if self._in_head or not self._open:
                cycle.keep_alive = False  # that answer is for an earlier request, and the last one
                return
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started or self.pipeline:
                self.transport.close()
                return
        self.transport.write(_refusal(status, words))
        self._linger()

    def _leave(self) -> None:
        """The last answer was given."""
        if self.transport.is_closing() or self._refused:
            return
        if self._open or self._deaf:  # more is on its way
            self._deaf = True
            self._linger()
        else:
            self.transport.close()

    def _linger(self) -> None:
        self._refused = True
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _throw_away(self, size: int) -> None:
        self._thrown += size
        if self._thrown > _THROWN_AWAY:
            self.transport.abort()


def _check_target(url: bytes) -> None:
    path, _, query = url.partition(b"?")
    if len(path) > PATH_BYTES:
        words = "the address is over 1 KiB"
    elif len(query) > QUERY_BYTES:
        words = "the query is over 4 KiB"
    elif query.count(b"&") >= QUERY_FIELDS:
        words = f"the query has over {QUERY_FIELDS} fields"
    else:
        return
    raise _RefusedError(HTTPStatus.REQUEST_URI_TOO_LONG, "long", words)


def _refusal(status: HTTPStatus, words: str) -> bytes:
    lines = [
        STATUS_LINE[status].rstrip(),
        b"content-type: text/plain; charset=utf-8",
        b"content-length: %d" % len(words),
        b"connection: close",
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        lines.append(b"retry-after: 5")
    return b"\r\n".join([*lines, b"", words.encode("ascii")])
