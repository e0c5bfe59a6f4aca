"""(f) From nothing to ready: `xquik-bot run` with both platforms, and one command by `exec`.

Discord and Slack are the servers of `tests/doubles`, which the real discord.py and slack-sdk log in to;
they run in this process, the bot in one of its own. Ready is what `/readyz` says: the database is
answered for, both platforms are connected.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks import seeding
from benchmarks.children import ROOT, ChildError, child
from benchmarks.figures import Figure, ratio_at_most
from benchmarks.options import Options
from bot.storage.secrets.vault import new_key
from tests.doubles.discord import DiscordServer
from tests.doubles.slack import SlackServer

_SECONDS = 30.0
# What the installed command `xquik-bot` does.
_BOT = (sys.executable, "-c", "from bot.cli import main; main()")


def run(options: Options) -> list[Figure]:
    """Seconds until ready; seconds of a whole `exec`, its sandbox included; of an interpreter alone."""
    return asyncio.run(_measure(options.scale.starts))


async def _measure(times: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="xquik-bench-") as directory:
        path = await asyncio.to_thread(seeding.new_database, Path(directory))
        bare = median([await _ended([sys.executable, "-c", "pass"]) for _ in range(times)])
        loading = _libraries()
        async with DiscordServer() as discord, SlackServer() as slack:
            environment = _environment(path, discord, slack)
            # The first one synchronises Discord's commands and compiles what nobody ran before.
            await _ready(environment)
            ready, alone = [], []
            for _ in range(times):
                ready.append(await _ready(environment))
                alone.append(await _ended(loading))
        command = [*_BOT, "exec", "--json", "trends region:US"]
        execs = [await _ended(command) for _ in range(times)]
    return [
        Figure(
            "start to ready",
            median(ready),
            "s",
            median(alone),
            "its libraries alone",
            ratio_at_most(1.1),
            notes=(f"an interpreter that does nothing takes {bare:.3f} s",),
        ),
        Figure(
            "exec, to its end",
            median(execs),
            "s",
            bare,
            "bare interpreter",
            notes=("with a sandbox of its own, a new database, and its migration",),
        ),
    ]


def _libraries() -> list[str]:
    """The command that loads what the bot has of others, and ends."""
    with child("benchmarks.libraries_child", {"names": None}) as bot:
        names = bot.ready["names"]
    return [sys.executable, "-m", "benchmarks.libraries_child", json.dumps({"names": names})]


def _environment(path: Path, discord: DiscordServer, slack: SlackServer) -> dict[str, str]:
    guild = discord.add_guild(name="Acme")
    guild.add_channel("alerts")
    workspace = slack.add_workspace("T0001")
    given = {
        "STORAGE__URL": seeding.url(path),
        "VAULT__KEYS": new_key().get_secret_value(),
        "WEB__PORT": str(_free_port()),
        "DISCORD__TOKEN": discord.token,
        "DISCORD__API_URL": discord.api_url,
        "DISCORD__GATEWAY_URL": discord.gateway_url,
        "SLACK__BOT_TOKEN": workspace.bot_token,
        "SLACK__APP_TOKEN": workspace.app_token,
        "SLACK__API_URL": slack.api_url,
        "LOG__LEVEL": "warning",
    }
    return {f"XQUIK_BOT_{name}": value for name, value in given.items()}


async def _ready(environment: Mapping[str, str]) -> float:
    """Seconds from starting the process to its first "ready"."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(*_BOT, "run", cwd=ROOT, env={**os.environ, **environment})
    try:
        port = int(environment["XQUIK_BOT_WEB__PORT"])
        async with asyncio.timeout(_SECONDS):
            while not await _says_ready(port):
                if process.returncode is not None:
                    raise ChildError(f"the bot ended with {process.returncode} before it was ready")
                await asyncio.sleep(0.01)
        return time.perf_counter() - started
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _says_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return (await reader.read()).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
    finally:
        writer.close()


async def _ended(command: list[str]) -> float:
    """Seconds of a whole process, which must succeed."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(_SECONDS):
        out, error = await process.communicate()
    if process.returncode:
        raise ChildError(f"{command!r} ended with {process.returncode}: {error.decode()}")
    if _BOT[2] in command:
        json.loads(out)
    return time.perf_counter() - started


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
