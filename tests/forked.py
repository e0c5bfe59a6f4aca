"""Programs of ours as processes of their own, forked from one that has imported everything.

Importing takes a second and a half of processor, longer than what most of these tests ask of a process. What
is forked has its own memory, files, signals and end, as what is started has. That programs start on their own
as well is seen where their environment says what to import first (`tests/journeys/run/inside.py`), by
`tests/journeys/test_demo.py` and by the benchmark `start`.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

# What else its children run; a server has one list for all its children.
_OURS = (
    "tests.features.listing_doomed",
    "tests.proposals.doomed",
    "tests.relay.child",
    "tests.storage.recording_child",
)
_ROOT = Path(__file__).resolve().parents[1]
READ_AND_WRITE = 0o600


def context() -> ForkServerContext:
    """Makes processes that have imported everything; one server for a worker of the suite."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.forked_imports"])
    # Python 3.11 tells the server nothing of our path: it finds modules from where it is started, and a test
    # may have gone elsewhere, where `tests` is what some distribution has put beside its package.
    here = Path.cwd()
    os.chdir(_ROOT)
    try:
        forkserver.ensure_running()
    finally:
        os.chdir(here)
    return made


def import_everything() -> None:
    """In the server: whatever a program of ours could ask for."""
    for name in ("bot", "adapters"):
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.endswith(".__main__") and ".migrations." not in found.name:
                import_module(found.name)
    for name in _OURS:
        import_module(name)
    # Nor do its children look through all of it, which would copy what they share with it.
    gc.collect()
    gc.freeze()


class Forked:
    """A process with what these tests ask of an `asyncio.subprocess.Process`."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, the negative number of the signal that ended it, or None while it runs."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal; ProcessLookupError when it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        if self.returncode is None:
            ended = asyncio.Event()
            # Of whoever waits each has its own, so that none takes another's away.
            look = os.dup(self._process.sentinel)
            loop = asyncio.get_running_loop()
            loop.add_reader(look, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(look)
                os.close(look)
        code = self.returncode
        assert code is not None
        return code


async def start(work: Callable[..., Any], *arguments: Any) -> Forked:
    """Let a function of a module run in a process of its own."""
    process = context().Process(target=work, args=arguments, daemon=True)
    # The first one waits for the imports.
    await asyncio.to_thread(process.start)
    return Forked(process)


async def xquik_bot(*arguments: str, directory: Path, log: Path, env: Mapping[str, str]) -> Forked:
    """`xquik-bot ARGUMENTS` in a directory. log: where its output goes, behind what is there."""
    return await start(_xquik_bot, arguments, str(directory), (str(log), str(log)), dict(env))


def xquik_bot_to_its_end(
    *arguments: str, directory: Path, logs: tuple[Path, Path], env: Mapping[str, str], seconds: float
) -> int:
    """The same without a loop; its exit code. logs: for its output, and for its errors.

    TimeoutError when it takes longer than so many seconds; it is killed then.
    """
    told = (arguments, str(directory), tuple(map(str, logs)), dict(env))
    process = context().Process(target=_xquik_bot, args=told, daemon=True)
    process.start()
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError
    return process.exitcode


def _xquik_bot(
    arguments: tuple[str, ...], directory: str, logs: tuple[str, str], env: dict[str, str]
) -> None:
    _becomes(directory, logs, env)
    sys.argv = ["-c", *arguments]
    from bot.cli import main

    main()


def _becomes(directory: str, logs: tuple[str, str], env: dict[str, str]) -> None:
    """What a program finds when it begins: a directory, an environment, three streams, the usual signals."""
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(env)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    out, err = (os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, READ_AND_WRITE) for log in logs)
    for descriptor, stream in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(descriptor, stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as the process lives
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
