"""``python -m bot.sandbox``: the local Xquik API as a program of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import selectors
import sqlite3
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.sandbox.config import DEFAULT_API_KEY, SandboxConfig
from bot.sandbox.faults import Faults
from bot.sandbox.server import RunningSandbox, SandboxServer, listen, prepare, until_started

_NOT_UNDERSTOOD = 2
_FAILED = 1


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    options.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    options.add_argument("--seed", type=int, default=7, help="makes the world; the same seed, the same world")
    options.add_argument("--faults", type=Path, help="faults to simulate, as TOML or JSON")
    options.add_argument("--state", type=Path, help="SQLite file that keeps everything across restarts")
    options.add_argument("--api-key", default=DEFAULT_API_KEY, help="the key a new sandbox accepts")
    options.add_argument("--credits", type=int, default=25_000, help="credits a new customer has")
    options.add_argument(
        "--event-interval", type=float, default=6.0, help="seconds between a monitor's events"
    )
    options.add_argument(
        "--webhook-port",
        type=int,
        action="append",
        metavar="N",
        help="a port of this machine that webhooks may call, repeatable; without it they may call any",
    )
    options.add_argument("--json-ready", action="store_true", help="print one JSON line when ready")
    options.add_argument("--exit-with-parent", action="store_true", help="stop when standard input closes")
    return options


def _say(line: str) -> None:
    # A parent that has gone away must not turn our start into a traceback.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _announce(running: RunningSandbox, as_json: bool) -> None:
    if as_json:
        ready = {"base_url": running.base_url, "api_key": running.api_key, "control_url": running.control_url}
        _say(json.dumps(ready))
        return
    _say(f"Xquik sandbox at {running.base_url}")
    _say(f"Accepted key:     {running.api_key}")
    _say(f"Control:          {running.control_url}")


def _can_watch_stdin() -> bool:
    """Whether the system would tell us that standard input closes: not for files, nor for /dev/null."""
    if sys.stdin is None or sys.stdin.closed:
        return False
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISCHR(mode)):
        return False
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(sys.stdin, selectors.EVENT_READ)
    except OSError:
        return False
    return True


async def _leave_with_stdin(server: SandboxServer) -> None:
    """Stop the server once standard input is closed, which the system does when the parent dies."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        continue
    server.leave()


async def _run(server: SandboxServer, running: RunningSandbox, options: argparse.Namespace) -> None:
    server.config.load()
    watcher = asyncio.create_task(_leave_with_stdin(server)) if options.exit_with_parent else None
    serving = asyncio.create_task(server.serve([options.listener]))
    await until_started(server, serving)
    if server.started:
        _announce(running, options.json_ready)
    await serving
    if watcher is not None:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted: 0 stopped, 1 could not start, 2 not understood."""
    options = parser().parse_args(arguments)
    if options.exit_with_parent and not _can_watch_stdin():
        sys.stderr.write("--exit-with-parent: standard input cannot be watched, so it counts as closed.\n")
        return 0
    try:
        faults = Faults.read(options.faults) if options.faults else None
    except ValueError as error:
        sys.stderr.write(f"--faults: {error}\n")
        return _NOT_UNDERSTOOD
    try:
        options.listener = listen(options.port)
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"--port {options.port}: {error}\n")
        return _FAILED
    config = SandboxConfig(
        seed=options.seed,
        api_key=options.api_key,
        credits=options.credits,
        event_interval=options.event_interval,
        state_path=options.state,
        webhook_ports=frozenset(options.webhook_port) if options.webhook_port else None,
    )
    try:
        server, running = prepare(config, options.listener, faults)
    except (OSError, sqlite3.Error) as error:
        sys.stderr.write(f"--state {options.state}: {error}\n")
        return _FAILED
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(server, running, options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
