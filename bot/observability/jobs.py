"""What periodic work tells: when it ran last, for how long, and how often it failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from bot.core.clocks import Clock
from bot.observability.figures import BotMetrics

TellFailure: TypeAlias = Callable[[str, BaseException], None]
"""Told what failed in a part of the bot: `bot.relay.observing.RelayObserver.trouble`."""


class JobFigures:
    """Implements `bot.jobs.periodic.JobObserver`."""

    def __init__(self, figures: BotMetrics, clock: Clock, trouble: TellFailure) -> None:
        """clock: epoch seconds. trouble: told each failure, with the part of the bot that has it."""
        self._figures = figures
        self._clock = clock
        self._trouble = trouble

    def ran(self, job: str, part: str, seconds: float, error: Exception | None) -> None:
        """Three figures, and where it failed one word to whoever keeps the log."""
        self._figures.job_seconds.labels(job).observe(seconds)
        self._figures.job_last_run.labels(job).set(self._clock())
        if error is None:
            return
        self._figures.job_failures.labels(job).inc()
        if part:
            self._trouble(part, error)
