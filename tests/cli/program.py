"""`xquik-bot` as people run it: its arguments, its environment, its two streams and its exit code."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import structlog

from bot.cli import main
from tests import forked

PROGRAM = (sys.executable, "-c", "from bot.cli import main; main()")


@dataclass(frozen=True)
class Ended:
    """How it ended. code: its exit code."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """The environment without settings of a real bot, wide enough that nothing is wrapped."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XQUIK_BOT_")}
    return kept | {"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"} | more


def xquik_bot(directory: Path, *arguments: str, **env: str) -> Ended:
    """Run it to its end in a directory, in this process: the imports are the longest part of it."""
    out, err = io.StringIO(), io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    code: object = 0
    try:
        with (
            contextlib.chdir(directory),
            patch.dict(os.environ, environment(**env), clear=True),
            patch.object(sys, "argv", ["xquik-bot", *arguments]),
            patch.object(sys, "stdin", io.StringIO()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            main()
    except SystemExit as ended:
        code = ended.code
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    return Ended(int(str(code or 0)), out.getvalue(), err.getvalue())


def xquik_bot_process(directory: Path, *arguments: str, seconds: float = 60, **env: str) -> Ended:
    """The same as a process of its own, forked from one that has imported everything (`tests.forked`)."""
    with tempfile.TemporaryDirectory() as kept:
        out, err = Path(kept, "out"), Path(kept, "err")
        code = forked.xquik_bot_to_its_end(
            *arguments, directory=directory, logs=(out, err), env=environment(**env), seconds=seconds
        )
        return Ended(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def xquik_bot_started(directory: Path, *arguments: str, seconds: float = 60, **env: str) -> Ended:
    """The same as a program that is started."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        cwd=directory,
        env=environment(**env),
        capture_output=True,
        text=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
