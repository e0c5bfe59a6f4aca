"""HTTP as the sandbox speaks it: uvicorn's, with a bound for what comes before a body, and for how long.

The sandbox listens on loopback alone, but a browser on the same machine may be led there.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_BYTES = 64 * 1024
FIELDS = 100
# The longest searches and cursors are far below it; decoding takes longer than sending.
TARGET_BYTES = 8 * 1024
HEAD_SECONDS = 10.0
CONNECTIONS = 512


class _TooLargeError(Exception):
    """The address is too long, or the head has too many fields."""


class SandboxProtocol(HttpToolsProtocol):
    """One connection."""

    _waiting: asyncio.TimerHandle | None = None
    _in_head = True
    _head = 0
    _complete = 0  # requests
    _status = 400

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        start = 0
        while self._in_head and len(data) - start > HEAD_BYTES - self._head:
            end, before = start + HEAD_BYTES - self._head, self._complete
            super().data_received(data[start:end])
            start = end
            if self._in_head and self._complete == before and not self.transport.is_closing():
                self._status = 431
                self.send_400_response("The head is over 64 KiB.")
            if self.transport.is_closing():
                return
        if start < len(data):
            self._head += len(data) - start if self._in_head else 0
            super().data_received(data[start:])

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._waiting is None:
            self._wait()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > TARGET_BYTES or self.url.count(b"&") >= FIELDS:
            self._status = 414
            raise _TooLargeError

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= FIELDS:
            self._status = 431
            raise _TooLargeError
        super().on_header(name, value.rstrip(b" \t"))

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.headers = []  # what follows are trailers
        self._in_head = False
        self._wait_no_more()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head = True
        self._head = 0
        self._complete += 1

    def send_400_response(self, msg: str) -> None:
        """As uvicorn's, with the status that is due."""
        words = msg.encode("ascii")
        head = (b"content-type: text/plain", b"content-length: %d" % len(words), b"connection: close")
        self.transport.write(STATUS_LINE[self._status] + b"\r\n".join([*head, b"", words]))
        self.transport.close()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._late)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _late(self, *_: Any) -> None:
        self._waiting = None
        if self.transport.is_closing():
            return
        if self._head:
            self._status = 408
            self.send_400_response("The request did not come in time.")
        else:
            self.transport.close()
