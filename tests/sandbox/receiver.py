"""A webhook endpoint on loopback: keeps what it was sent and answers as it was told."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.server import listen, until_started
from bot.web.leaving import LeavingServer


@dataclass
class Received:
    """One request: its headers and raw bytes."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``answers`` are used up first (status, headers), then ``status`` is given."""

    url: str = ""
    status: int = 200
    answers: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    requests: list[Received] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        async with self._news:
            self.requests.append(Received(dict(request.headers), body))
            self._news.notify_all()
        status, headers = self.answers.popleft() if self.answers else (self.status, {})
        return Response(status_code=status, headers=headers)

    async def wait_for(self, count: int, seconds: float = 8.0) -> list[Received]:
        """The first ``count`` requests, once there are so many."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.requests) >= count)
        return self.requests[:count]


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    socket = listen(0)
    receiver.url = f"http://127.0.0.1:{socket.getsockname()[1]}/hook"
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    server = LeavingServer(uvicorn.Config(app, log_config=None, lifespan="off"))
    task = asyncio.create_task(server._serve([socket]))
    await until_started(server, task)
    try:
        yield receiver
    finally:
        server.leave()
        await task
        socket.close()
