"""`python -m tests.chaos`: see the package. Exit code 0 when every promise was kept, 1 when not."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.chaos.run import Result, run
from tests.chaos.scale import SMALL, Scale


def scale_of(arguments: Sequence[str] | None = None) -> tuple[Scale, Path | None]:
    """The size that was asked for, and where to keep what the processes said."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    for name, what in (
        ("events", "that happen on X"),
        ("destinations", "channels, half on Discord and half on Slack; at least 4"),
        ("kills", "with SIGKILL"),
        ("seed", "of every chance"),
    ):
        parser.add_argument(f"--{name}", type=int, metavar="N", help=what)
    ways = ("webhook", "both")
    parser.add_argument("--ingest", choices=ways, help="how events come in; by both: by the stream too")
    parser.add_argument("--small", action="store_true", help="the size of the test suite's run")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a new directory for logs, which then stay")
    given = parser.parse_args(arguments)
    changes = {
        name: value
        for name in ("events", "destinations", "kills", "seed", "ingest")
        if (value := getattr(given, name)) is not None
    }
    scale = replace(SMALL if given.small else Scale(), **changes)
    if scale.events < 1 or scale.destinations < 4 or scale.kills < 0:
        parser.error("at least 1 event, 4 destinations and 0 kills")
    return scale, given.keep


def _say() -> Callable[[str], None]:
    """Prints how far it is, with the seconds since now."""
    began = time.monotonic()
    return lambda word: print(f"{time.monotonic() - began:6.1f} s  {word}", flush=True)


def main() -> int:
    """Run, print, and say by the exit code how it went."""
    scale, kept = scale_of()
    return performed(lambda directory, say: run(directory, scale, say), kept)


def performed(
    running: Callable[[Path, Callable[[str], None]], Coroutine[None, None, Result]], kept: Path | None
) -> int:
    """A run in a directory, with what it says printed; the exit code. kept: the directory, where it stays."""
    result: Result | None = None
    # Whatever ends it, the processes that it started and mounts are taken down with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="xquik-bot-chaos-") as temporary:
        directory = Path(temporary)
        if kept is not None:
            kept.mkdir(parents=True)
            directory = kept
        try:
            result = asyncio.run(running(directory, _say()))
        except* AssertionError as broken:
            # What was waited for in vain; `run` has judged nothing then.
            for error in _each(broken):
                print(f"broken off: {error}")
    for line in result.lines if result is not None else ():
        print(line)
    return 0 if result is not None and result.kept else 1


def _each(errors: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """All that happened, out of their groups."""
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _each(error)
        else:
            yield error


if __name__ == "__main__":
    sys.exit(main())
