"""The sandbox Xquik API as a process of its own, for `demo` and `exec`.

It is started with `python -m bot.sandbox` and never imported: what it understands of the API must
not be shared with the client. It ends when our end of its standard input closes, so that not even
a SIGKILL of this process leaves it behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.core.errors import BotError

_READY_SECONDS = 30
_INHERITED = frozenset(
    {
        "PATH",
        "HOME",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TMPDIR",
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONUTF8",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPYCACHEPREFIX",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    }
)
"""What the sandbox needs to start, find its modules and check certificates; LC_… besides."""


@dataclass(frozen=True)
class SandboxProcess:
    """A running sandbox. base_url: what `xquik.base_url` must be; origin: its pages and pictures."""

    process: asyncio.subprocess.Process
    base_url: str
    key: SecretStr

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self.base_url.partition("/api/")[0]

    async def stop(self) -> None:
        """End it."""
        await StartingSandbox(self.process).stop()


@dataclass(frozen=True)
class StartingSandbox:
    """A sandbox that was started and does not answer yet: other work fits in between."""

    process: asyncio.subprocess.Process

    async def ready(self) -> SandboxProcess:
        """Wait until it answers; BotError when it does not come up."""
        process = self.process
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            async with asyncio.timeout(_READY_SECONDS):
                first = await process.stdout.readline()
        except TimeoutError:
            first = b""
        if not first:
            await self.stop()
            raise BotError(
                f"The sandbox did not start (exit code {process.returncode}).",
                remedy="Run xquik-bot sandbox by itself to see why; most often its port is taken.",
            )
        ready = json.loads(first)
        return SandboxProcess(process, ready["base_url"], SecretStr(ready["api_key"]))

    async def stop(self) -> None:
        """End it, whether it answers or not."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
        await self.process.wait()


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """The part of our environment the sandbox gets: the rest may hold tokens, and is not its business."""
    return {name: value for name, value in own.items() if name in _INHERITED or name.startswith("LC_")}


async def launch_sandbox(
    *,
    port: int = 0,
    state: Path | None = None,
    event_interval: float | None = None,
    faults: Path | None = None,
    webhook_port: int | None = None,
) -> StartingSandbox:
    """Start one. port 0 takes a free one; state: a file that keeps it all. webhook_port: the one port of this
    machine that its webhooks may call; any without."""
    arguments = ["-m", "bot.sandbox", "--port", str(port), "--json-ready", "--exit-with-parent"]
    if state is not None:
        arguments += ["--state", str(state)]
    if faults is not None:
        arguments += ["--faults", str(faults)]
    if event_interval is not None:
        arguments += ["--event-interval", str(event_interval)]
    if webhook_port is not None:
        arguments += ["--webhook-port", str(webhook_port)]
    return StartingSandbox(
        await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(os.environ),
            # A Ctrl-C in the terminal reaches us; we stop it in order.
            start_new_session=True,
        )
    )
