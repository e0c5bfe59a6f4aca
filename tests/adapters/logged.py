"""What the bot writes to its log while a platform misbehaves: as it is configured to run."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from bot.observability.logs import configure


@dataclass
class Logged:
    """The lines so far."""

    stream: io.StringIO

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    def lines(self, words: str) -> list[str]:
        """Those with these words in them."""
        return [line for line in self.text.splitlines() if words in line]

    def is_without_traceback(self) -> None:
        """Whatever happened was a platform's doing, and said in lines."""
        assert "Traceback" not in self.text, self.text


@contextmanager
def logged() -> Iterator[Logged]:
    """The log of a bot that runs, until the end of the block."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure("info", "console", stream)
    try:
        yield Logged(stream)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
