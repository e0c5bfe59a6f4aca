"""Keeps warnings and errors of one kind from filling the disk: some a minute are written, the rest counted.

What a stranger can cause must not grow a log at the stranger's will, whichever library writes it. A kind is
a logger, a level, the text before its values are filled in, and the type of the error; so that made-up
texts do not help either, a logger has a limit of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

A_MINUTE = 30
A_LOGGER = 300
WINDOW = 60.0
_KINDS = 512
_TEXT = 120
# Seconds between two looks at what is over: there may be a line every few microseconds.
_BETWEEN = 1.0


class LineKind(NamedTuple):
    """What lines have in common."""

    logger: str
    level: int
    text: str
    error: str


class _Window:
    __slots__ = ("begun", "left_out", "seen")

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.seen = 0
        self.left_out = 0


class Flood:
    """Decides line by line. Bounded in memory: at most some hundred kinds a minute are told apart."""

    def __init__(self) -> None:
        self._kinds: dict[LineKind, _Window] = {}
        self._loggers: dict[str, _Window] = {}
        self._counted = False
        self._next = float("-inf")

    def admits(self, kind: LineKind, now: float) -> bool:
        """Whether a line is to be written. now: seconds from any start."""
        if len(self._kinds) >= _KINDS and kind not in self._kinds:
            kind = kind._replace(text="", error="")
        own = self._kinds.get(kind)
        if own is None or (now - own.begun >= WINDOW and not own.left_out):
            own = self._kinds[kind] = _Window(now)
        all_of_it = self._loggers.get(kind.logger)
        if all_of_it is None or now - all_of_it.begun >= WINDOW:
            all_of_it = self._loggers[kind.logger] = _Window(now)
        own.seen += 1
        all_of_it.seen += 1
        if own.seen <= A_MINUTE and all_of_it.seen <= A_LOGGER:
            return True
        own.left_out += 1
        self._counted = True
        return False

    def over(self, now: float, *, at_once: bool = False) -> Iterator[logging.LogRecord]:
        """What is to be said of lines that were not written, once a minute has passed since the first.

        at_once: without waiting for that, because the log ends.
        """
        if not at_once and (now < self._next or not (self._counted or len(self._kinds) >= _KINDS)):
            return
        self._next = now + _BETWEEN
        self._counted = False
        for kind, window in list(self._kinds.items()):
            if now - window.begun < WINDOW and not at_once:
                self._counted = self._counted or window.left_out > 0
                continue
            del self._kinds[kind]
            if window.left_out:
                yield _summary(kind, window.left_out)


def kind_of(record: logging.LogRecord) -> LineKind:
    """The kind of a record, of ours or of a library's."""
    said: Any = record.msg
    error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    if isinstance(said, dict):  # structlog's
        text = " ".join(str(said.get(key, "")) for key in ("event", "where", "cause", "error"))
    else:
        text = str(said)
    return LineKind(record.name, record.levelno, text[:_TEXT], error)


def _summary(kind: LineKind, number: int) -> logging.LogRecord:
    said = f"… and {number:,} more of this kind in a minute: {kind.text}".rstrip(": ")
    return logging.LogRecord(kind.logger, kind.level, "", 0, said, None, None)
