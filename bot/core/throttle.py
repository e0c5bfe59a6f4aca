"""A throttle: keeps us below a platform's rate limit, before the platform has to say so.

The generic cell rate algorithm: one number a name, the moment at which its next turn is due. What comes
above the rate is told how long to wait, in the order in which it asked.
"""

from __future__ import annotations

from cachetools import FIFOCache

from bot.core.clocks import Monotonic

# Seconds below which a turn has come: the clock's own arithmetic is no finer.
_NOW = 1e-6


class Throttle:
    """Turns by name: `rate` a second, and up to `burst` at once after a pause.

    clock: seconds from any fixed start, never going back. remembered: names, beyond which those that
    were used longest ago are forgotten (and begin anew).
    """

    def __init__(self, rate: float, burst: int, clock: Monotonic, *, remembered: int = 10_000) -> None:
        self._interval = 1.0 / rate
        self._slack = self._interval * (burst - 1)
        self._clock = clock
        self._due: FIFOCache[str, float] = FIFOCache(remembered)

    def wait(self, name: str, longest: float) -> float | None:
        """Take the next turn: seconds until it comes, 0 for now.

        None, and no turn is taken, when that is longer than `longest`.
        """
        now = self._clock()
        due = max(self._due.get(name, 0.0), now)
        seconds = due - self._slack - now
        if seconds < _NOW:
            seconds = 0.0
        if seconds > longest:
            return None
        self._due[name] = due + self._interval
        return seconds

    def until(self, name: str) -> float:
        """Seconds until the next turn, without taking it."""
        return max(0.0, self._due.get(name, 0.0) - self._slack - self._clock())
