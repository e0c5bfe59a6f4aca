"""A storm of forgeries: memory stays where it is, and what Xquik sends meanwhile gets through."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import httpx
import pytest

from bot.storage.engine.database import Database
from tests.journeys.run.harness import free_port
from tests.journeys.run.process import ROOT
from tests.relay.conftest import KEY, make_relay
from tests.relay.harness import TENANT, RecordingMessenger, event_body, make_hook, signed, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc")
MIB = 1 << 20
SENDERS = 32


@dataclass
class Child:
    """A relay in a process of its own."""

    address: str
    path: str
    pid: int
    answers: Counter[int] = field(default_factory=Counter)

    def memory(self, name: str = "VmRSS") -> int:
        """Bytes that it holds now; VmHWM: that it held at most."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))

    def forget_peak(self) -> None:
        """Let VmHWM begin anew."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")


@asynccontextmanager
async def child(sqlite_url: str) -> AsyncIterator[Child]:
    """One that serves a hook."""
    db = await Database.open(sqlite_url)
    path = await make_hook(make_relay(db, RecordingMessenger()), TENANT, "hook-one")
    await db.close()
    port = free_port()
    settings = {
        "DB": sqlite_url,
        "VAULT": KEY.get_secret_value(),
        "PORT": str(port),
        "PLATFORM": "http://127.0.0.1:9",
        "PYTHONPATH": str(ROOT),
    }
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.relay.child", env=os.environ | settings, cwd=ROOT
    )
    try:
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:

            async def answers() -> bool:
                try:
                    return (await client.get("/")).status_code == 404
                except httpx.HTTPError:
                    return False

            await until(answers, 30.0)
        yield Child(address, path, running.pid)
    finally:
        running.kill()
        await running.wait()


async def storm(target: Child, count: int, body: bytes = event_body(1)) -> None:
    """So many forgeries: for the hook that exists, for hooks that do not, with a stale time, unsigned."""
    forged: list[Callable[[int], tuple[str, dict[str, str]]]] = [
        lambda n: (target.path, signed(body, secret="wrong", nonce=f"{n:032x}")),
        lambda n: (f"/hooks/xquik/made-up-{n}", signed(body, nonce=f"{n:032x}")),
        lambda n: (target.path, signed(body, nonce=f"{n:032x}", at=1.0)),
        lambda n: (target.path, {}),
    ]
    numbers = iter(range(count))
    async with aiohttp.ClientSession(target.address) as session:

        async def send() -> None:
            for number in numbers:
                path, headers = forged[number % len(forged)](number)
                async with session.post(path, data=body, headers=headers) as answer:
                    await answer.read()
                    target.answers[answer.status] += 1

        await asyncio.gather(*(send() for _ in range(SENDERS)))


async def genuine(target: Child, done: asyncio.Event) -> tuple[list[int], float]:
    """One delivery after another until `done`: the statuses, and the longest that one took."""
    statuses: list[int] = []
    slowest = 0.0
    async with aiohttp.ClientSession(target.address) as session:
        while not done.is_set() or len(statuses) < 5:
            body = event_body(1000 + len(statuses))
            began = time.monotonic()
            async with session.post(target.path, data=body, headers=signed(body)) as answer:
                statuses.append(answer.status)
            slowest = max(slowest, time.monotonic() - began)
            await asyncio.sleep(0.02)
    return statuses, slowest


async def test_forgeries_take_no_memory_and_hold_up_nothing_genuine(sqlite_url: str) -> None:
    async with child(sqlite_url) as target:
        await storm(target, 2_000)  # what is loaded and cached once
        target.answers.clear()
        before = target.memory()
        done = asyncio.Event()
        sending = asyncio.create_task(genuine(target, done))
        await storm(target, 4_000)
        done.set()
        statuses, slowest = await sending
        assert target.memory() - before < 6 * MIB
        assert set(statuses) == {200}
        assert slowest < 5.0
        # Made-up hooks are looked up a few at a time, and the others told to come back.
        assert target.answers[401] == 3_000
        assert target.answers[404] + target.answers[503] == 1_000


async def test_large_forgeries_are_held_a_few_at_a_time(sqlite_url: str) -> None:
    large = event_body(1, data={"text": "x" * (MIB - 2_000)})
    async with child(sqlite_url) as target:
        await storm(target, 40, large)
        target.answers.clear()
        target.forget_peak()
        before = target.memory()
        await storm(target, 400, large)
        # 4 MiB of one hook's bodies, and what the sockets of 32 senders hold.
        assert target.memory("VmHWM") - before < 40 * MIB
        assert set(target.answers) <= {401, 404, 503}
        async with aiohttp.ClientSession(target.address) as session:
            body = event_body(2)
            async with session.post(target.path, data=body, headers=signed(body)) as answer:
                assert answer.status == 200
