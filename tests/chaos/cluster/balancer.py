"""A load balancer as deploy/haproxy is one: requests go to the web processes that say they are ready.

A process that takes no connection has done nothing of the request, so another one has it. Whatever else goes
wrong is the answer: 502 where a process broke off, 503 where none is ready, 504 where none answered.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

# Seconds between two looks at a process, and that an answer may take.
_LOOK = 0.25
_LOOK_TIMEOUT = 2.0
_TIMEOUT = 30.0
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host"})


@dataclass
class Balancer:
    """servers: the addresses of all web processes, dead or alive. failed: its own answers."""

    servers: Callable[[], Sequence[str]]
    session: aiohttp.ClientSession
    ready: set[str] = field(default_factory=set)
    under_way: Counter[str] = field(default_factory=Counter)
    failed: Counter[int] = field(default_factory=Counter)
    address: str = ""

    async def look(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            watched: dict[str, asyncio.Task[None]] = {}
            while True:
                now = set(self.servers())
                for server in now - watched.keys():
                    watched[server] = tasks.create_task(self._watch(server))
                for server in watched.keys() - now:
                    watched.pop(server).cancel()
                    self.ready.discard(server)
                await asyncio.sleep(_LOOK / 2)

    async def _watch(self, server: str) -> None:
        while True:
            if await self._is_ready(server):
                self.ready.add(server)
            else:
                self.ready.discard(server)
            await asyncio.sleep(_LOOK)

    async def _is_ready(self, server: str) -> bool:
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with asyncio.timeout(_LOOK_TIMEOUT), self.session.get(f"{server}/readyz") as answer:
                return answer.status == 200
        return False

    async def serve(self, request: web.Request) -> web.Response:
        """One request, by the ready process that has the fewest under way."""
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        tried: set[str] = set()
        while servers := self.ready - tried:
            server = min(servers, key=lambda one: (self.under_way[one], one))
            tried.add(server)
            self.under_way[server] += 1
            try:
                async with (
                    asyncio.timeout(_TIMEOUT),
                    self.session.request(
                        request.method, f"{server}{request.path_qs}", data=body, headers=headers
                    ) as answer,
                ):
                    kept = {n: v for n, v in answer.headers.items() if n.lower() not in _HOP}
                    return web.Response(status=answer.status, body=await answer.read(), headers=kept)
            except aiohttp.ClientConnectorError:
                self.ready.discard(server)
            except TimeoutError:
                return self._says(504)
            except (aiohttp.ClientError, OSError):
                return self._says(502)
            finally:
                self.under_way[server] -= 1
        return self._says(503)

    def _says(self, status: int) -> web.Response:
        self.failed[status] += 1
        return web.Response(status=status)


@asynccontextmanager
async def balancer(servers: Callable[[], Sequence[str]]) -> AsyncIterator[Balancer]:
    """One on a port of its own. A connection is used for one request, as none may end unseen between two."""
    connector = aiohttp.TCPConnector(force_close=True, limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        made = Balancer(servers, session)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", made.serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        looking = asyncio.create_task(made.look())
        try:
            yield made
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            await runner.cleanup()
