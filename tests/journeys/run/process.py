"""`xquik-bot` as a process of its own, as an operator runs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests import forked
from tests.journeys.run.harness import until

ROOT = Path(__file__).resolve().parents[3]
_COMMAND = ("-c", "from bot.cli import main; main()")


@dataclass
class Process:
    """One process. output: everything it said so far."""

    process: asyncio.subprocess.Process | forked.Forked
    log: Path
    address: str = ""

    @property
    def output(self) -> str:
        """What it wrote to its standard output and error."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.process.returncode is None

    async def ready(self, seconds: float = 60.0) -> None:
        """Until its web server says that everything is connected."""
        async with httpx.AsyncClient(base_url=self.address, trust_env=False) as client:

            async def answers() -> bool:
                assert self.running, self.output
                try:
                    return (await client.get("/readyz")).status_code == 200
                except httpx.HTTPError:
                    return False

            await until(answers, seconds, f"readiness of {self.address}")

    async def kill(self) -> None:
        """End it with SIGKILL, as a power cut does."""
        if self.running:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def terminate(self, seconds: float = 15.0) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), seconds)


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours without settings and proxies, and with some changes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("XQUIK_BOT_") and not name.lower().endswith("_proxy")
    }
    return kept | dict(changes or {})


async def start(
    *arguments: str, log: Path, address: str = "", env: Mapping[str, str] | None = None
) -> Process:
    """`xquik-bot ARGUMENTS`. log: where its output goes, behind what is there.

    Forked (`tests.forked`), except where the environment says what is to be imported before anything else.
    """
    told = environment({"PYTHONPATH": str(ROOT), **(env or {})})
    if "PYTHONPATH" in (env or {}):
        return Process(await _started(arguments, log, told), log, address)
    running = await forked.xquik_bot(*arguments, directory=log.parent, log=log, env=told)
    return Process(running, log, address)


async def _started(
    arguments: tuple[str, ...], log: Path, env: Mapping[str, str]
) -> asyncio.subprocess.Process:
    with log.open("ab") as sink:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *_COMMAND,
            *arguments,
            cwd=log.parent,
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
        )


@asynccontextmanager
async def started(*arguments: str, log: Path, **more: object) -> AsyncIterator[Process]:
    """A process that is killed at the end, if it still runs."""
    process = await start(*arguments, log=log, **more)  # type: ignore[arg-type]  # handed through
    try:
        yield process
    finally:
        await process.kill()


async def finished(
    *arguments: str, log: Path, env: Mapping[str, str] | None = None, seconds: float = 90.0
) -> tuple[int, str]:
    """Run `xquik-bot ARGUMENTS` to its end: the exit code and what it said."""
    _empty(log)
    async with started(*arguments, log=log, env=env) as process:
        code = await asyncio.wait_for(process.process.wait(), seconds)
    return code, process.output


def _empty(log: Path) -> None:
    log.write_bytes(b"")
