"""The two servers of the intake benchmark: `python -m benchmarks.intake_server OPTIONS`.

`durable` is the bot's own hook endpoint, intake, router and lanes on a database. `bare` is what
anybody would write in Starlette, which reads the body, checks its signature and forgets it. Both run in
the bot's own `WebServer` on the same event loop, and both log to a file at the usual level.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import uvloop
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from benchmarks import children
from benchmarks.databases import server_seconds
from benchmarks.deliveries import HOOK, PATH, SECRET
from benchmarks.profiling import profiled
from benchmarks.relay_parts import TENANT, NullMessenger, relay
from bot.app.foundation import new_store_process
from bot.app.memory import loading
from bot.app.server import WebServer
from bot.observability.figures import BotMetrics
from bot.observability.logs import configure
from bot.relay.receiving.signature import Verified, verify
from bot.storage.engine.database import Database
from bot.storage.intake.store_process import StoreProcess
from bot.web.hooks import HooksFirst, hook_route

# The processes that store for this one.
STORES: list[StoreProcess] = []
# Platforms take about a message a second in a channel.
_PACE = 1.0
# Seconds between looks at the loop.
_LOOK = 0.005


@asynccontextmanager
async def bare() -> AsyncIterator[tuple[ASGIApp, Any]]:
    """A handler that only checks the signature."""

    async def handler(request: Request) -> JSONResponse:
        raw = await request.body()
        verdict = verify((SECRET.encode(),), request.headers.raw, raw, time.time() * 1000)
        if not isinstance(verdict, Verified):
            return JSONResponse({"error": "not accepted"}, 401)
        return JSONResponse({"status": "accepted"})

    async def standing() -> dict[str, int]:
        return {"unrouted": 0}

    yield Starlette(routes=[Route(PATH, handler, methods=["POST"])]), standing


@asynccontextmanager
async def durable(url: str) -> AsyncIterator[tuple[ASGIApp, Any]]:
    """The bot's intake, with its router and lanes at work."""
    database = await Database.open(url)
    apart = new_store_process(database, BotMetrics())
    if apart is not None:
        STORES.append(apart)
    running = relay(database, NullMessenger(_PACE), apart)
    await running.hooks.ensure(TENANT, HOOK, time.time())
    await running.hook_secrets.replace(TENANT, HOOK, SecretStr(SECRET))
    await running.start()

    async def standing() -> dict[str, int]:
        """How many events are stored, and how many of them are not routed yet."""
        stored = await running.events.newest()
        return {"stored": stored, "unrouted": stored - await running.router.position()}

    route = hook_route(running.keys, running.intake, running.observer, time.time)
    yield HooksFirst(Starlette(routes=[route])), standing
    await running.stop(grace=0.0)
    if apart is not None:
        await apart.close()
    await database.close()


class Held:
    """How late the event loop comes to what is due: for so long something holds it."""

    def __init__(self) -> None:
        self._late: list[float] = []

    async def look(self) -> None:
        """Look again and again."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LOOK
            await asyncio.sleep(_LOOK)
            self._late.append(max(0.0, loop.time() - due))

    def told(self) -> dict[str, float]:
        """Milliseconds since the last time this was asked: the worst of a hundred looks, and the worst."""
        late, self._late = sorted(self._late) or [0.0], []
        return {"p99": late[int(len(late) * 0.99)] * 1000, "most": late[-1] * 1000}


async def serve(options: dict[str, Any]) -> None:
    """Serve until the parent closes our input."""
    loop = asyncio.get_running_loop()
    held = Held()
    looking = asyncio.create_task(held.look())
    made = bare() if options["kind"] == "bare" else durable(options["url"])
    async with AsyncExitStack() as stack:
        with loading():
            app, standing = await stack.enter_async_context(made)
            deliveries = app.hooks if isinstance(app, HooksFirst) else None
            server = WebServer(app, "127.0.0.1", 0, deliveries=deliveries)
            await server.start()
        children.say({"port": server.port})
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            asked = line.strip()
            if asked == "cpu":
                children.say({"cpu": busy(options["server"] if options["kind"] == "durable" else None)})
            else:
                children.say(held.told() if asked == "held" else await standing())
        await server.stop()
        looking.cancel()


def busy(server: int | None) -> dict[str, float]:
    """Seconds of processor that each kind of our threads has used: loop, sqlite-writer, … server: the first
    process of the database's server."""
    found: dict[str, float] = {}
    for thread in threading.enumerate():
        stat = Path(f"/proc/self/task/{thread.native_id}/stat")
        if not stat.exists():  # another system than Linux tells nothing about threads
            return {"all": time.process_time()}
        kind = "loop" if thread is threading.main_thread() else thread.name.rstrip("_0123456789")
        found[kind] = found.get(kind, 0.0) + _seconds(stat)
    for store in STORES:
        if store.pid is not None:
            found["store process"] = _seconds(Path(f"/proc/{store.pid}/stat"))
    if server is not None:
        found["postgres"] = server_seconds(server)
    return found


def _seconds(stat: Path) -> float:
    ticks = stat.read_text().rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / 100


def main() -> None:
    """Serve what the parent asked for."""
    options = children.options()
    run = asyncio.run if options["loop"] == "asyncio" else uvloop.run
    with Path(options["log"]).open("w", encoding="utf-8") as log, profiled(options.get("profile")):
        configure("info", stream=log)
        run(serve(options))


if __name__ == "__main__":
    main()
