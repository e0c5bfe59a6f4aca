"""Structured logs on standard error, for people (`console`) or machines (`json`).

Everything passes a last filter (`bot.observability.cleaning`) that blanks what looks like a key or
token, so that a library that logs too much does not leak one; our own code logs none to begin with.
It also writes out control characters, so that what strangers wrote cannot forge or hide a line.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from bot.observability.cleaning import cleaned, lines, one_line, redact, shown
from bot.observability.quick_lines import Format, LineHandler

_CHATTY = (
    "httpx",
    "httpcore",
    "discord",
    "slack_bolt",
    "slack_sdk",
    "aiohttp",
    "uvicorn",
    "aiosqlite",
    "alembic",
)
_MARGIN = "  "
_HEAD = frozenset({"timestamp", "level", "event", "logger", "logger_name"})
_BLOCKS = frozenset({"exception", "stack"})
_NEEDS_QUOTES = frozenset(" =\"'")


class _Shown:
    """A value as it is to be printed beside its key: the renderer takes the repr of what is no text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _for_console(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Every event is one line; its traceback follows, indented, so that no line of it passes for one."""
    event["event"] = str(event.get("event", ""))
    for key, value in event.items():
        if key in _BLOCKS:
            event[key] = _MARGIN + lines(redact(str(value))).replace("\n", f"\n{_MARGIN}")
        elif key in _HEAD:
            event[key] = one_line(redact(str(value)))
        else:
            event[key] = _Shown(_beside_key(value))
    return event


def _for_machines(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = cleaned(value, lambda text: lines(redact(text)))
    return event


def _beside_key(value: object) -> str:
    """In one line; a text in quotes where it needs some."""
    if not isinstance(value, str):
        return one_line(redact(shown(value)))
    text = one_line(redact(value))
    if text and not _NEEDS_QUOTES.intersection(text):
        return text
    mark = '"' if "'" in text and '"' not in text else "'"
    return mark + text.replace(mark, f"\\{mark}") + mark


def configure(level: str = "info", format: Format = "console", stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logging, both to one stream. Once a process."""
    target = stream or sys.stderr
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    rendering: tuple[structlog.types.Processor, ...] = (
        (_for_machines, structlog.processors.JSONRenderer())
        if format == "json"
        else (_for_console, structlog.dev.ConsoleRenderer(colors=target.isatty()))
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = LineHandler(target, format)
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


def log(name: str) -> structlog.stdlib.BoundLogger:
    """A logger of ours."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
