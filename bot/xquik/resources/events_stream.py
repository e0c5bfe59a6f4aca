"""The stream of events: server-sent events, read as they come (WHATWG HTML, "Server-sent events")."""

from __future__ import annotations

from typing import Final, Protocol

import msgspec

from bot.xquik.resources.event_feed import RawEvent, raw_event, usable_id
from bot.xquik.transport import json_text

EVENT_CAP: Final = 1024 * 1024
"""Bytes of one line, and of the data of one event: as much as a webhook's body may have."""
_BOM: Final = b"\xef\xbb\xbf"


class Bytes(Protocol):
    """Where the bytes of a stream come from (`bot.xquik.transport.client.ByteStream`)."""

    async def read(self) -> bytes | None:
        """The next ones; None at the end."""

    async def aclose(self) -> None:
        """Let go of the connection."""


class StreamMessage(msgspec.Struct, frozen=True):
    """One message of the stream. id: the last id that was given, here or before."""

    id: str
    event: str
    data: str


class Parser:
    """Takes bytes in pieces of any size; gives the messages that are complete.

    dropped: messages that were left out because they are larger than `EVENT_CAP`.
    """

    def __init__(self, cap: int = EVENT_CAP) -> None:
        self.dropped = 0
        self._cap = cap
        self._line = bytearray()
        self._first = True
        self._after_return = False
        self._too_long = False
        self._id = ""
        self._event = ""
        self._data: list[str] = []
        self._size = 0
        self._broken = False

    def feed(self, chunk: bytes) -> list[StreamMessage]:
        """The messages that end in these bytes."""
        if self._after_return and chunk:
            # The line feed of a CR LF that was cut in two ends no further line.
            chunk = chunk.removeprefix(b"\n")
            self._after_return = False
        if not chunk:
            return []
        self._after_return = chunk.endswith(b"\r")
        first, *others = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._extend(first)
        found = []
        for part in others:
            message = self._end_line()
            if message is not None:
                found.append(message)
            self._extend(part)
        return found

    def _extend(self, part: bytes) -> None:
        if self._too_long or len(self._line) + len(part) > self._cap:
            self._too_long = True
            self._line.clear()
        else:
            self._line += part

    def _end_line(self) -> StreamMessage | None:
        line = bytes(self._line)
        self._line.clear()
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        if self._too_long:
            self._too_long = False
            self._broken = True
            return None
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        if name:  # without a name it is a comment
            self._field(name, value.removeprefix(b" ").decode("utf-8", "replace"))
        return None

    def _field(self, name: bytes, value: str) -> None:
        if name == b"data":
            self._size += len(value) + 1
            if self._size > self._cap:
                self._broken = True
                self._data.clear()
            else:
                self._data.append(value)
        elif name == b"event":
            self._event = value
        elif name == b"id" and "\0" not in value:
            self._id = value

    def _dispatch(self) -> StreamMessage | None:
        message = None
        if self._broken:
            self.dropped += 1
        elif self._data:
            message = StreamMessage(self._id, self._event or "message", "\n".join(self._data))
        self._begin()
        return message

    def _begin(self) -> None:
        self._event = ""
        self._data = []
        self._size = 0
        self._broken = False


class EventStream:
    """An open stream of one account's events."""

    def __init__(self, source: Bytes, cap: int = EVENT_CAP) -> None:
        self._source = source
        self._parser = Parser(cap)

    @property
    def dropped(self) -> int:
        """Messages that were larger than is taken; they are to be fetched another way."""
        return self._parser.dropped

    async def read(self) -> list[RawEvent] | None:
        """The events that have come since, none for a sign of life; None at the end.

        UpstreamUnavailable when the connection broke or was silent for too long.
        """
        chunk = await self._source.read()
        if chunk is None:
            return None
        found = (_event(message) for message in self._parser.feed(chunk))
        return [event for event in found if event is not None]

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._source.aclose()


def _event(message: StreamMessage) -> RawEvent | None:
    """The event in a message; None for what is no JSON object."""
    try:
        content = json_text.decode(message.data.encode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    if usable_id(content.get("id")) is None:
        content["id"] = message.id
    if not isinstance(content.get("type"), str):
        content["type"] = message.event
    return raw_event(content)
