"""Says now and then what strangers can cause as often as they like: a log must not grow at their will."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass

from cachetools import FIFOCache

from bot.core.clocks import Monotonic


@dataclass(slots=True)
class _Told:
    """at: when it was told last. silent: how often it was not told since."""

    at: float
    silent: int = 0


class Seldom:
    """Counts by cause. Bounded in memory: the cause that was told longest ago is forgotten first."""

    def __init__(
        self,
        seconds: float = 10.0,
        monotonic: Monotonic = time.monotonic,
        *,
        causes: int = 256,
    ) -> None:
        """seconds: how long a cause is silent after it was told. monotonic: seconds from any start."""
        self._seconds = seconds
        self._monotonic = monotonic
        self._told: FIFOCache[Hashable, _Told] = FIFOCache(causes)

    def due(self, cause: Hashable) -> int | None:
        """Whether it is to be told this time: how many were not told before it, else None."""
        now = self._monotonic()
        told = self._told.get(cause)
        if told is not None and now - told.at < self._seconds:
            told.silent += 1
            return None
        self._told[cause] = _Told(now)
        return told.silent if told is not None else 0
