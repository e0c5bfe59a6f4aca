"""Reading the body of a request within bounds: of size, of time, and of what is held by all at once.

Whoever opens many connections and sends slowly must not be able to shut out the others. Knows how ASGI
hands over a body, and nothing of any server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterable, MutableMapping
from functools import partial
from types import TracebackType
from typing import Any, TypeAlias

import msgspec

# Bytes up to which a body is small.
SMALL = 16 * 1024

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
"""The next message of a request, as ASGI gives them."""


class BodyError(Exception):
    """The body was not read to its end."""


class TooLargeError(BodyError):
    """It is longer than allowed."""


class HungUpError(BodyError):
    """The sender went away before it ended."""


class SlowError(BodyError):
    """It did not come in time."""


class CrowdedError(BodyError):
    """Too many bytes are held already, by all or by this one sender."""


class Bounds(msgspec.Struct, frozen=True):
    """size: bytes of one body. silence: seconds between two pieces of it; whole: seconds for all."""

    size: int = 1 << 20
    silence: float = 5.0
    whole: float = 10.0


class Room:
    """The bytes of bodies held at once: `total` by all together, `each` by one of them.

    A quarter of both is kept for small bodies, which nearly all genuine ones are: a few large ones that
    somebody sends slowly do not keep them out.
    """

    def __init__(self, total: int, each: int) -> None:
        self._total = total
        self._each = each
        self._held = 0
        self._by_name: dict[str, int] = {}
        # Of these, what bodies that are not small hold.
        self._large = 0
        self._large_by_name: dict[str, int] = {}

    def take(self, name: str, size: int, held: int = 0) -> None:
        """Count bytes that are held from now on; CrowdedError when it would be too much.

        held: what the same body holds already."""
        own = self._by_name.get(name, 0) + size
        if self._held + size > self._total or own > self._each:
            raise CrowdedError
        if held + size > SMALL:
            large = size if held > SMALL else held + size
            own_large = self._large_by_name.get(name, 0) + large
            if self._large + large > self._total * 3 // 4 or own_large > self._each * 3 // 4:
                raise CrowdedError
            self._large += large
            self._large_by_name[name] = own_large
        self._held += size
        self._by_name[name] = own

    def give_back(self, name: str, size: int) -> None:
        """All that a body held is free again."""
        self._held -= size
        _less(self._by_name, name, size)
        if size > SMALL:
            self._large -= size
            _less(self._large_by_name, name, size)


def _less(by_name: dict[str, int], name: str, size: int) -> None:
    left = by_name.get(name, 0) - size
    if left > 0:
        by_name[name] = left
    else:
        by_name.pop(name, None)


class HeldBytes:
    """What one request holds in a room; given back at the end of the `with` block."""

    __slots__ = ("_name", "_room", "size")

    def __init__(self, room: Room, name: str) -> None:
        """name: whose share of the room it is."""
        self._room = room
        self._name = name
        self.size = 0

    def add(self, size: int) -> None:
        """Hold more; CrowdedError when there is no room."""
        self._room.take(self._name, size, self.size)
        self.size += size

    def __enter__(self) -> HeldBytes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Give it back, for whoever has no block that ends."""
        if self.size:
            self._room.give_back(self._name, self.size)
            self.size = 0


def declared_length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """The length the sender declared, 0 when it did not. headers: as ASGI gives them."""
    for name, value in headers:
        if name == b"content-length" and (given := value.strip(b" \t")).isdigit() and len(given) < 16:
            return int(given)
    return 0


async def read_body(receive: Receive, held: HeldBytes, bounds: Bounds) -> bytes:
    """The whole body, counted in `held` as it comes. Raises a BodyError."""
    # Nearly always all of it is there when it is asked for, and a timer costs more than reading it.
    first = _Begun(receive())
    chunks: list[bytes] = []
    if first.message is not None and _taken(first.message, chunks, held, bounds):
        return chunks[0]
    loop = asyncio.get_running_loop()
    end = loop.time() + bounds.whole
    try:
        async with asyncio.timeout(min(bounds.silence, bounds.whole)) as deadline:
            while not _taken(await (first if not chunks else receive()), chunks, held, bounds):
                deadline.reschedule(min(end, loop.time() + bounds.silence))
    except TimeoutError:
        raise SlowError from None
    return b"".join(chunks)


def _taken(message: Message, chunks: list[bytes], held: HeldBytes, bounds: Bounds) -> bool:
    """Add what a message brings; whether it was the last one."""
    if message["type"] == "http.disconnect":
        raise HungUpError
    chunk: bytes = message.get("body", b"")
    if held.size + len(chunk) > bounds.size:
        raise TooLargeError
    held.add(len(chunk))
    chunks.append(chunk)
    return not message.get("more_body", False)


class _Begun:
    """Something to await that was begun before. message: its result, when it had nothing to wait for."""

    __slots__ = ("_steps", "_waits_for", "message")

    def __init__(self, awaitable: Awaitable[Message]) -> None:
        self._steps = awaitable.__await__()
        self._waits_for: Any = None
        self.message: Message | None = None
        try:
            self._waits_for = next(self._steps)
        except StopIteration as end:
            self.message = end.value

    def __await__(self) -> Generator[Any, Any, Message]:
        """Go on from where it waits."""
        while self.message is None:
            try:
                sent = yield self._waits_for
            except BaseException as error:  # a cancellation above all: the awaited has to see it
                step = partial(self._steps.throw, error)
            else:
                step = partial(self._steps.send, sent)
            try:
                self._waits_for = step()
            except StopIteration as end:
                self.message = end.value
        return self.message
