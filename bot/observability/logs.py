"""Structured logs on standard error, for people (`console`) or machines (`json`).

Everything passes a last filter: it blanks the secrets that this process holds, by value
(`bot.observability.known_secrets`), and what looks like a key or token (`bot.observability.cleaning`), so
that a library that logs too much does not leak one; our own code logs none to begin with. It also writes
out control characters, so that what strangers wrote cannot forge or hide a line.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from bot.core.errors import said_of_outage
from bot.observability.cleaning import cleaned, lines, one_line, redact, shown
from bot.observability.known_secrets import KnownSecrets
from bot.observability.quick_lines import Format, LineHandler, installed

_CHATTY = (
    "httpx",
    "httpcore",
    "discord",
    "slack_bolt",
    "slack_sdk",
    "aiohttp",
    "uvicorn",
    "aiosqlite",
    "procrastinate",
    "psycopg.pool",
    "alembic",
)
# Of psycopg and its pool, which need not be installed.
_NO_ANSWER = frozenset({"OperationalError", "InterfaceError", "PoolTimeout", "PoolClosed"})
_MARGIN = "  "
_HEAD = frozenset({"timestamp", "level", "event", "logger", "logger_name"})
_BLOCKS = frozenset({"exception", "stack"})
_NEEDS_QUOTES = frozenset(" =\"'")


# asyncio tells of tasks that nobody asked about, OpenTelemetry of a collector that is away.
_LIBRARIES = (*_CHATTY, "adapters.slack.sdk", "asyncio", "opentelemetry")


def _outages_in_a_line(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """No traceback where a library tells of an outage: its frames say nothing that the error does not."""
    given = event.get("exc_info")
    if given and str(event.get("logger")).startswith(_LIBRARIES):
        error = _error_of(given)
        outage = error is not None and said_of_outage(error) is not None
        if outage or type(error).__module__.startswith(_CHATTY):
            del event["exc_info"]
            event["error"] = f"{type(error).__name__}: {error}"
    return event


def _error_of(given: Any) -> BaseException | None:
    """From what the standard library and structlog take as exc_info."""
    if isinstance(given, BaseException):
        return given
    error: BaseException | None = (given if isinstance(given, tuple) else sys.exc_info())[1]
    return error


def _told_by_us(record: logging.LogRecord) -> bool:
    """False for what libraries say of an outage of the database, again and again: the part of ours that uses
    them says it, once (`bot.observability.outages`)."""
    if logging.getLogger().isEnabledFor(logging.DEBUG):
        return True
    if record.name.startswith("psycopg.pool"):
        return record.levelno >= logging.ERROR
    error = _error_of(record.exc_info) if record.exc_info else None
    if error is None or not _is_about_jobs(record, error):
        return True
    return not _is_outage(error)


def _is_about_jobs(record: logging.LogRecord, error: BaseException) -> bool:
    """Whether procrastinate says it, or asyncio of a job that was under way when its worker was given up."""
    if record.name == "asyncio":
        return type(error).__module__.startswith("procrastinate")
    return record.name.startswith("procrastinate")


def _is_outage(error: BaseException) -> bool:
    """By the driver's error beneath that of procrastinate: without a state nobody answered."""
    cause = error.__cause__ or error
    if isinstance(cause, OSError):
        return True
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return type(cause).__name__ in _NO_ANSWER
    return str(state).startswith(("08", "57P"))


class _Shown:
    """A value as it is to be printed beside its key: the renderer takes the repr of what is no text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


class _Cleaning:
    """The last filter. What is known goes first: shapes could take a part of it and leave the rest."""

    def __init__(self, known: KnownSecrets) -> None:
        self._known = known

    def redact(self, text: str) -> str:
        return redact(self._known.blank(text))

    def for_console(
        self, _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Every event is one line; its traceback follows, indented, so that no line of it passes for one."""
        event["event"] = str(event.get("event", ""))
        for key, value in event.items():
            if key in _BLOCKS:
                event[key] = _MARGIN + lines(self.redact(str(value))).replace("\n", f"\n{_MARGIN}")
            elif key in _HEAD:
                event[key] = one_line(self.redact(str(value)))
            else:
                event[key] = _Shown(self._beside_key(value))
        return event

    def for_machines(
        self, _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        for key, value in event.items():
            event[key] = cleaned(value, lambda text: lines(self.redact(text)))
        return event

    def _beside_key(self, value: object) -> str:
        """In one line; a text in quotes where it needs some."""
        if not isinstance(value, str):
            return one_line(self.redact(shown(value)))
        text = one_line(self.redact(value))
        if text and not _NEEDS_QUOTES.intersection(text):
            return text
        mark = '"' if "'" in text and '"' not in text else "'"
        return mark + text.replace(mark, f"\\{mark}") + mark


def _console(target: TextIO) -> structlog.dev.ConsoleRenderer:
    # Tracebacks come as text, cleaned: structlog 25.4 warns of that unless told that it has none to draw.
    return structlog.dev.ConsoleRenderer(
        colors=target.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def configure(level: str = "info", format: Format = "console", stream: TextIO | None = None) -> KnownSecrets:
    """Set up structlog and the standard library's logging, both to one stream. Once a process.

    Returns what is to be told of every secret that the process holds.
    """
    target = stream or sys.stderr
    known = KnownSecrets()
    cleaning = _Cleaning(known)
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _outages_in_a_line,
        structlog.processors.format_exc_info,
    ]
    rendering: tuple[structlog.types.Processor, ...] = (
        (cleaning.for_machines, structlog.processors.JSONRenderer())
        if format == "json"
        else (cleaning.for_console, _console(target))
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = LineHandler(target, format, known)
    handler.addFilter(_told_by_us)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _CHATTY:
        # Libraries log requests and payloads below warning; those are not ours to write down.
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
    return known


def without_secrets(text: str) -> str:
    """The text as the log would have it, for what is printed beside it, like a traceback."""
    handler = installed()
    return redact(text if handler is None else handler.known.blank(text))
