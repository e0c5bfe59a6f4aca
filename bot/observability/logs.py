"""Structured logs on standard error, for people (`console`) or machines (`json`).

Everything passes a last filter that blanks what looks like a key or token, so that a library that
logs too much does not leak one; our own code logs none to begin with.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

Format = Literal["console", "json"]

_SECRETS = re.compile(
    r"xq_[0-9A-Za-z]{8,}"  # Xquik
    r"|xox[a-z]-[0-9A-Za-z-]{8,}|xapp-[0-9A-Za-z-]{8,}"  # Slack
    r"|[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}"  # Discord
    r"|(?<=/webhooks/)\d+/[\w-]{40,}"  # Discord interaction tokens in addresses
    r"|sha256=[0-9a-f]{64}"
)
_CHATTY = ("httpx", "httpcore", "discord", "slack_bolt", "slack_sdk", "aiohttp", "uvicorn", "aiosqlite")


def redact(text: str) -> str:
    """`text` with everything that looks like a secret blanked."""
    return _SECRETS.sub("[redacted]", text)


def _redact_all(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
    return event


def configure(level: str = "info", format: Format = "console", stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logging, both to one stream. Once a process."""
    target = stream or sys.stderr
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_all,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if format == "json"
        else structlog.dev.ConsoleRenderer(colors=target.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
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
