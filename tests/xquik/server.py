"""A small HTTP server that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.xquik.transport.client import Transport

KEY = SecretStr("xq_" + "5ec4e7" * 10 + "abcd")


@dataclass
class Seen:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes
    peer: int

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Reply:
    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass
class Upstream:
    """Replies are given in order; the last one goes on being given."""

    url: str = ""
    replies: deque[Reply] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)

    def reset(self) -> None:
        self.replies.clear()
        self.seen.clear()

    def will(self, *replies: Reply) -> None:
        self.replies = deque(replies)

    async def answer(self, request: Request) -> Response:
        self.seen.append(
            Seen(
                request.method,
                request.url.path.removeprefix("/api/v1"),
                dict(request.query_params),
                dict(request.headers),
                await request.body(),
                request.client.port if request.client else 0,
            )
        )
        reply = self.replies.popleft() if len(self.replies) > 1 else self.replies[0]
        if reply.delay:
            await asyncio.sleep(reply.delay)
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        headers = {"content-type": "application/json", **reply.headers}
        return Response(content, reply.status, headers)


@contextmanager
def running() -> Iterator[Upstream]:
    """The server in a thread of its own, on a free port of the loopback address."""
    upstream = Upstream()
    methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
    app = Starlette(routes=[Route("/{path:path}", upstream.answer, methods=methods)])
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", date_header=False
    )
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    listening.listen()  # connections wait in the queue until the thread is up
    upstream.url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        listening.close()


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def transport_to(url: str, time: FakeTime, **settings: Any) -> Transport:
    return Transport(url, clock=time.clock, sleep=time.sleep, rng=random.Random(7), **settings)
