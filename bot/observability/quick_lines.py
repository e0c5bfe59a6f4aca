"""Log lines for what happens thousands of times a second: the same text, at a tenth of the cost.

A line through structlog and the standard library takes some 40 microseconds, which at 5,000 events a
second would be a fifth of a core. What is logged once an event has a few values that are known to be
harmless, so it is written here directly, many lines in one call, in the form that `configure` chose and
into the same stream. A test holds both ways to the same text.

Nothing is built when the level is off: ask `on` first.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, TextIO

import msgspec

from bot.core.clocks import Monotonic
from bot.observability.cleaning import one_line, redact
from bot.observability.flood import Flood, kind_of
from bot.observability.known_secrets import KnownSecrets

Format = Literal["console", "json"]
Level = Literal["debug", "info"]
Value = str | int | float | bool
_EVENT_WIDTH = 30  # where structlog's console renderer begins the rest of a line


class LineHandler(logging.StreamHandler[TextIO]):
    """The handler that `bot.observability.logs.configure` installs. form: what its lines look like; known:
    what must not be in them; monotonic: seconds from any start."""

    def __init__(
        self,
        stream: TextIO,
        form: Format,
        known: KnownSecrets,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        super().__init__(stream)
        self.form = form
        self.known = known
        self.colourful = form == "console" and stream.isatty()
        self._flood = Flood()
        self._monotonic = monotonic

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, unless there were too many of its kind."""
        now = self._monotonic()
        self._tell_of_others(now)
        if record.levelno < logging.WARNING or self._flood.admits(kind_of(record), now):
            super().emit(record)

    def close(self) -> None:
        """Say what was not written, and let go."""
        if not self.stream.closed:
            self._tell_of_others(self._monotonic(), at_once=True)
        super().close()

    def _tell_of_others(self, now: float, *, at_once: bool = False) -> None:
        for summary in self._flood.over(now, at_once=at_once):
            super().emit(summary)

    def put(self, text: str) -> None:
        """Write whole lines, between those of other threads."""
        with self.lock or _NoLock():
            self._tell_of_others(self._monotonic())
            try:
                self.stream.write(self.known.blank(text))
                self.flush()
            except Exception:
                self.handleError(logging.LogRecord("bot", logging.ERROR, "", 0, "log", None, None))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - named by the standard library
        """A line could not be written. Its values, which Python would print, have not passed the filter."""
        error = sys.exc_info()[1]
        if logging.raiseExceptions and sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(f"a log line of {record.name} was lost ({type(error).__name__})\n")


class _NoLock:
    """Stands for the lock of a handler that has none."""

    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


class QuickLines:
    """Writes the frequent lines of one logger, at one level."""

    def __init__(self, name: str, level: Level = "info") -> None:
        self._name = name
        self._level = level
        self._number = logging.getLevelNamesMapping()[level.upper()]
        self._logger = logging.getLogger(name)

    def on(self) -> bool:
        """Whether anybody reads these lines."""
        return self._logger.isEnabledFor(self._number)

    def write(self, event: str, rows: Iterable[Mapping[str, Value]]) -> None:
        """One line a row. Values must be ours, or passed through `harmless`."""
        handler = installed()
        if handler is None or handler.colourful:
            for row in rows:
                self._slowly(event, row)
            return
        at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        lines = self._json if handler.form == "json" else self._console
        handler.put("".join(lines(event, at, rows)))

    def _json(self, event: str, at: str, rows: Iterable[Mapping[str, Value]]) -> Iterator[str]:
        of_all = {"event": event, "level": self._level, "logger": self._name, "timestamp": at}
        return (msgspec.json.encode({**row, **of_all}).decode() + "\n" for row in rows)

    def _console(self, event: str, at: str, rows: Iterable[Mapping[str, Value]]) -> Iterator[str]:
        begin = f"{at} [{self._level:<9}] {event:<{_EVENT_WIDTH}} [{self._name}] "
        for row in rows:
            values = [f"{key}={_beside_key(row[key])}" for key in _in_order(tuple(row))]
            yield f"{begin}{' '.join(values)}\n"

    def _slowly(self, event: str, row: Mapping[str, Value]) -> None:
        from bot.observability.loggers import log

        values: dict[str, Any] = dict(row)
        log(self._name).log(self._number, event, **values)


def installed() -> LineHandler | None:
    """The handler of this process, once `configure` has run."""
    return next((one for one in logging.getLogger().handlers if isinstance(one, LineHandler)), None)


@lru_cache(maxsize=64)
def _in_order(keys: tuple[str, ...]) -> list[str]:
    """There are only as many as kinds of lines."""
    return sorted(keys)


def _beside_key(value: Value) -> str:
    if type(value) is str and value.isalnum():  # nearly always, and the quickest to see
        return value
    if isinstance(value, str) and (not value or " " in value or "=" in value or "'" in value):
        return repr(value)
    return str(value)


@lru_cache(maxsize=4096)
def harmless(text: str) -> str:
    """`text` as a log may hold it: the same few kinds and tenants come again and again.

    What is known to be secret goes before it is cut off: half a secret would not be found any more.
    """
    handler = installed()
    known = text if handler is None else handler.known.blank(text)
    return redact(one_line(known))[:200]
