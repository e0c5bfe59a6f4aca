"""Child processes that talk in lines of JSON: one when ready, then one answer for each question.

What is measured runs in a process of its own, so that neither the load nor the other side of a
comparison shares its interpreter, and its memory and processor time are its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).parent.parent
_STOP_SECONDS = 20


class ChildError(Exception):
    """A child ended, or said something else than JSON, before it answered."""


class Child:
    """A running child. ready: what it said when it was ready."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.ready = self._answer()

    def ask(self, question: str) -> dict[str, Any]:
        """Send a line and wait for the answer."""
        _stream(self._process.stdin).write(question + "\n")
        _stream(self._process.stdin).flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        line = _stream(self._process.stdout).readline()
        try:
            found: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise ChildError(f"{self._process.args!r} said {line!r}") from error
        return found


@contextmanager
def child(module: str, options: Mapping[str, Any]) -> Iterator[Child]:
    """Run `python -m module OPTIONS` until the block ends; closing its input asks it to stop."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, json.dumps(options)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Child(process)
    finally:
        _stream(process.stdin).close()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _stream(process.stdout).close()


def options() -> dict[str, Any]:
    """What the parent passed, in the child."""
    found: dict[str, Any] = json.loads(sys.argv[1])
    return found


def say(answer: Mapping[str, Any]) -> None:
    """Answer the parent, from the child."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def questions() -> Iterator[str]:
    """The parent's questions, until it asks for no more. Blocks."""
    for line in sys.stdin:
        yield line.strip()


def _stream(stream: TextIO | Any) -> TextIO:
    if stream is None:
        raise ChildError("the child has no pipe")
    found: TextIO = stream
    return found
