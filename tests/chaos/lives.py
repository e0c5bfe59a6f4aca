"""A process of the bot that is started again whenever it ends, as systemd does."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.journeys.run.process import Process

KILLED = -9
_STORE = b"store_child.py"
# Seconds after which a supervisor starts again what ended by itself.
_AGAIN = 0.5
# Seconds between two looks whether one is ready: each takes a processor from it.
_LOOK = 0.1
_READY = 90.0
# Seconds in which one that was asked to end must have done so.
_GRACE = 40.0


@dataclass
class Lives:
    """begin: starts the next life. ends: how often it ended with each exit code. stopped: the exit codes
    where it was asked to."""

    begin: Callable[[], Awaitable[Process]]
    process: Process | None = None
    ends: Counter[int] = field(default_factory=Counter)
    stopped: list[int] = field(default_factory=list)
    down: float = 0.0
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            running = await self.start()
            code = await running.process.wait()
            while running is not self.process:  # replaced by one that runs already
                running = self.current
                code = await running.process.wait()
            self.ends[code] += 1
            await asyncio.sleep(self.down if code == KILLED else _AGAIN)

    async def start(self) -> Process:
        """The next life, now."""
        self.process = await self.begin()
        self.started.set()
        return self.process

    async def kill(self, down: float) -> None:
        """SIGKILL, and another one after so many seconds. Returns when that one has begun."""
        current = self.current
        self.down = down
        self.started.clear()
        await current.kill()
        await self.started.wait()

    async def stop(self) -> None:
        """SIGTERM; `run` must have been cancelled."""
        self.stopped.append(await self.current.terminate(_GRACE))

    async def replace(self) -> None:
        """Another one, and SIGTERM for this one once that is ready."""
        old, fresh = self.current, await self.begin()
        await ready(fresh)
        self.process = fresh
        self.stopped.append(await old.terminate(_GRACE))

    def send(self, number: int) -> None:
        """A signal, as SIGSTOP; nothing where it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    @property
    def current(self) -> Process:
        """The process that runs, or ran last."""
        assert self.process is not None
        return self.process

    @property
    def pid(self) -> int:
        """Its number."""
        return self.current.process.pid

    @property
    def stores(self) -> tuple[int, ...]:
        """Its process that stores deliveries, where there is one."""
        found = []
        with suppress(OSError):  # it ended meanwhile
            for thread in Path(f"/proc/{self.pid}/task").iterdir():
                for child in (thread / "children").read_text().split():
                    if _STORE in Path(f"/proc/{child}/cmdline").read_bytes():
                        found.append(int(child))
        return tuple(found)

    async def end(self) -> None:
        """SIGKILL, where it still runs: also for one that sleeps."""
        if self.process is not None:
            self.send(signal.SIGCONT)
            await self.process.kill()


async def ready(process: Process, seconds: float = _READY) -> None:
    """Until it says so; AssertionError when it does not in time, or has ended."""
    async with httpx.AsyncClient(base_url=process.address, trust_env=False) as client:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while process.running:
                    with suppress(httpx.HTTPError):
                        if (await client.get("/readyz")).status_code == 200:
                            return
                    await asyncio.sleep(_LOOK)
    raise AssertionError(f"{process.address} was not ready in time: {process.output[-2000:]}")
