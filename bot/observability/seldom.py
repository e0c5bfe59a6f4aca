"""Says now and then what strangers can cause as often as they like: a log must not grow at their will."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable

from bot.core.clocks import Monotonic


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
        self._causes = causes
        self._told: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def due(self, cause: Hashable) -> int | None:
        """Whether it is to be told this time: how many were not told before it, else None."""
        now = self._monotonic()
        since, count = self._told.get(cause, (float("-inf"), 0))
        if now - since < self._seconds:
            self._told[cause] = (since, count + 1)
            return None
        self._told[cause] = (now, 0)
        self._told.move_to_end(cause)
        while len(self._told) > self._causes:
            self._told.popitem(last=False)
        return count
