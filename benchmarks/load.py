"""The load generator, a process of its own: `python -m benchmarks.load OPTIONS`.

Each connection keeps one request in flight. The requests are signed before the clock starts, and an
answer is read with two searches, so that the generator has most of its processor to spare; it says
how much it used. With a rate, requests are sent at their times instead, whatever became of those before.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import uvloop

from benchmarks import children
from benchmarks.deliveries import requests

# As uvicorn writes it.
_LENGTH = b"content-length: "


@dataclass
class Run:
    """One run. pending: requests from the last to the first; until: monotonic seconds. open: connections that
    are not done, or, where requests have their times, requests."""

    pending: list[bytes]
    until: float
    open: int
    over: asyncio.Event = field(default_factory=asyncio.Event)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    refusal: str = ""

    def answered(self, seconds: float, answer: bytes) -> None:
        """An answer came."""
        self.seconds.append(seconds)
        if not answer.startswith(b"HTTP/1.1 200"):
            self.refused += 1
            self.refusal = answer.decode("latin-1")

    def next(self) -> bytes | None:
        """The next request, None when it is time to stop."""
        return self.pending.pop() if self.pending and time.perf_counter() < self.until else None

    def closed(self) -> None:
        """One of these is done."""
        self.open -= 1
        if not self.open:
            self.over.set()


class Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._buffer = b""
        self._since = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Note an answer when it is whole."""
        buffer = self._buffer + data if self._buffer else data
        head = buffer.find(b"\r\n\r\n")
        if head >= 0:
            length = int(buffer[buffer.index(_LENGTH, 0, head + 2) + len(_LENGTH) :].split(b"\r\n", 1)[0])
            if len(buffer) >= head + 4 + length:
                self._buffer = b""
                self._run.answered(time.perf_counter() - self._since, buffer)
                self._send()
                return
        self._buffer = buffer

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it as done, however it ended."""
        self._run.closed()

    def _send(self) -> None:
        request = self._run.next()
        if request is None:
            self._transport.close()
            return
        self._since = time.perf_counter()
        self._transport.write(request)


async def load(pending: list[bytes], port: int, connections: int, seconds: float) -> dict[str, Any]:
    """Send until the time is over or nothing is left."""
    loop = asyncio.get_running_loop()
    busy, started = time.process_time(), time.perf_counter()
    run = Run(pending, started + seconds, connections)
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(run), "127.0.0.1", port)
    async with asyncio.timeout(seconds + 30):
        await run.over.wait()
    return _found(run, time.perf_counter() - started, busy)


def _found(run: Run, elapsed: float, busy: float) -> dict[str, Any]:
    found = sorted(run.seconds)
    return {
        "requests": len(found),
        "refused": run.refused,
        "refusal": run.refusal,
        "per_second": len(found) / elapsed,
        "p50": found[len(found) // 2],
        "p99": found[int(len(found) * 0.99)],
        "busy": (time.process_time() - busy) / elapsed,
    }


class PacedConnection(asyncio.Protocol):
    """One client that sends what it is given. idle: of those that wait for something to send."""

    def __init__(self, run: Run, idle: deque[PacedConnection], late: deque[tuple[float, bytes]]) -> None:
        self._run = run
        self._idle = idle
        self._late = late
        self._buffer = b""
        self._due = 0.0
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for something to send."""
        self.transport = transport
        self._idle.append(self)

    def data_received(self, data: bytes) -> None:
        """Note an answer when it is whole, counted from when its request was due."""
        self._buffer += data
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        length = head.find(_LENGTH)
        if length < 0 or len(rest) < int(head[length + len(_LENGTH) :].split(b"\r\n", 1)[0]):
            return
        self._run.answered(time.perf_counter() - self._due, self._buffer)
        self._buffer = b""
        self._run.closed()
        if self._late:
            self.send(*self._late.popleft())
        else:
            self._idle.append(self)

    def send(self, due: float, request: bytes) -> None:
        """Send a request that was due at that moment of the clock."""
        self._due = due
        self.transport.write(request)


async def paced(
    pending: list[bytes], port: int, connections: int, seconds: float, rate: float
) -> dict[str, Any]:
    """Send so many a second, spread evenly, until the time is over; wait for all answers."""
    loop = asyncio.get_running_loop()
    count = min(len(pending), int(seconds * rate))
    run = Run([], 0.0, count)
    idle: deque[PacedConnection] = deque()
    late: deque[tuple[float, bytes]] = deque()
    everyone = []
    for _ in range(connections):
        found = await loop.create_connection(lambda: PacedConnection(run, idle, late), "127.0.0.1", port)
        everyone.append(found[1])
    busy, started = time.process_time(), time.perf_counter()
    for number in range(count):
        due = started + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        if idle:
            idle.popleft().send(due, pending.pop())
        else:
            late.append((due, pending.pop()))
    async with asyncio.timeout(30):
        await run.over.wait()
    for one in everyone:
        one.transport.close()
    return _found(run, time.perf_counter() - started, busy)


def main() -> None:
    """Answer each question "PORT SECONDS MOST RATE" with what a run found; rate 0: as fast as it goes."""
    options = children.options()
    made, seed = 1, 1
    children.say({})
    for question in children.questions():
        port, seconds, most, rate = question.split()
        signed = requests(made, int(most), time.time(), seed)
        made, seed = made + int(most), seed + 1
        signed.reverse()
        where = (signed, int(port), options["connections"], float(seconds))
        children.say(uvloop.run(paced(*where, float(rate)) if float(rate) else load(*where)))


if __name__ == "__main__":
    main()
