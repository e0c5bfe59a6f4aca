"""A process that is killed with SIGKILL on its way, and the one after it: fixtures."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.storage.engine.database import Database
from bot.web.leaving import LeavingServer
from tests import forked
from tests.conftest import ManualClock
from tests.proposals import doomed
from tests.proposals.harness import ProposalsHarness
from tests.proposals.vendor import Vendor

AT_ONCE = ("claimed", "dispatching", "answered", "settling", "settled")


@dataclass
class VendorServer:
    """The vendor on a port. victim: a process that is killed after a request is done and before
    it is answered; at: the n-th request, from 1, at which that happens."""

    vendor: Vendor
    database_url: str
    url: str = ""
    victim: int | None = None
    at: int = 0

    async def answer(self, request: Request) -> Response:
        """Do what is asked, and answer unless the one who asked is dead."""
        key = request.headers.get("idempotency-key")
        body = await request.body()
        status, answer = self.vendor.handle(request.method, request.url.path, key, body)
        if self.victim is not None and len(self.vendor.requests) == self.at:
            os.kill(self.victim, signal.SIGKILL)
        return JSONResponse(answer, status)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, where a test does not ask for both."""
    url: str = request.getfixturevalue(getattr(request, "param", "sqlite_url"))
    return url


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> ProposalsHarness:
    """The process that comes after the killed one: same database, same vendor."""
    return ProposalsHarness(database, ManualClock(time.time()), tmp_path)


@pytest.fixture
async def server(house: ProposalsHarness, database_url: str) -> AsyncIterator[VendorServer]:
    """The vendor of the house, over real HTTP."""
    house.vendor.poll_after_ms = 100
    served = VendorServer(house.vendor, database_url)
    route = Route("/{path:path}", served.answer, methods=["GET", "POST", "PATCH", "DELETE"])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        served.url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
        config = uvicorn.Config(Starlette(routes=[route]), log_level="error", lifespan="off")
        web = LeavingServer(config)
        running = asyncio.create_task(web.serve([listening]))
        yield served
        web.leave()
        await running


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Fresh processes that have imported everything already."""
    return forked.context()


async def run(
    processes: ForkServerContext,
    house: ProposalsHarness,
    server: VendorServer,
    key: str,
    kill_at: int,
    target: Callable[[str, str, str, str, int], None] = doomed.main,
) -> BaseProcess:
    """Let a process confirm and perform the proposal until it ends, one way or the other."""
    args = (server.database_url, server.url, str(house.directory), key, kill_at)
    process = processes.Process(target=target, args=args)
    process.start()
    if server.at:
        server.victim = process.pid
    await asyncio.to_thread(process.join, 30)
    server.victim = None
    return process


async def go_on(house: ProposalsHarness) -> None:
    """A new process starts on what is left behind, twice over."""
    for _ in range(2):
        house.rebuild()
        await house.executor.recover()
        await house.finish()
