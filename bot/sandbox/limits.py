"""Fixed-window rate limits per account, over an injected clock."""

from __future__ import annotations

import math

from bot.sandbox.config import FixedWindow, FixedWindows
from bot.sandbox.problems import rate_limited


class FixedWindowLimiter:
    """Counts requests of each customer in windows that start with the first request."""

    def __init__(self, limits: FixedWindows) -> None:
        self.limits = limits
        self._open: dict[tuple[str, str], tuple[float, int]] = {}

    def spend(self, customer: str, kind: str, now: float) -> None:
        """Count one request of ``kind`` (reads, writes, deletes, follows); past the limit, 429."""
        names = ["follows", "follows_daily"] if kind == "follows" else [kind]
        for name in names:
            self._check(customer, name, getattr(self.limits, name), now)
        for name in names:
            start, count = self._open[customer, name]
            self._open[customer, name] = (start, count + 1)

    def _check(self, customer: str, name: str, window: FixedWindow, now: float) -> None:
        start, count = self._open.get((customer, name), (now, 0))
        if now - start >= window.seconds:
            start, count = now, 0
        self._open[customer, name] = (start, count)
        if count >= window.limit:
            raise rate_limited(max(1, math.ceil(start + window.seconds - now)))
