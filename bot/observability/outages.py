"""Says an outage of the database once, whichever parts of a process meet it, and its end once.

Every part tries again by itself, some every second; the first one that fails says why for all. An outage is
over when the database answers and no part has met it for a moment.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.clocks import Monotonic
from bot.core.errors import StorageUnavailable
from bot.observability.loggers import log

DatabaseAnswers: TypeAlias = Callable[[], Awaitable[bool]]
"""Whether the database can be read now."""

AwayWords: TypeAlias = Callable[[str], bool]
"""`bot.storage.engine.failures.is_away`."""

# Seconds without a failure after which an outage is over.
SETTLED = 10.0
# Seconds after which it is told anew, where nobody looked whether it was over.
_FORGOTTEN = 120.0
# A server that goes down and comes back says one thing after another.
_AWAY = "away"


@dataclass(slots=True)
class _Met:
    """first, last: seconds. silent: how often it was not told since. detail: as it was told."""

    first: float
    last: float
    detail: str
    silent: int = 0


class Outages:
    """Those of one process, by their causes."""

    def __init__(self, monotonic: Monotonic = time.monotonic, is_away: AwayWords = lambda _: False) -> None:
        """monotonic: seconds from any start. is_away: which words all mean the same outage."""
        self._monotonic = monotonic
        self._is_away = is_away
        self._met: dict[str, _Met] = {}

    @property
    def open(self) -> bool:
        """Whether there is one."""
        return bool(self._met)

    def begins(self, error: StorageUnavailable) -> bool:
        """Whether this is the first of an outage, which is to be told; it is counted otherwise."""
        now, cause = self._monotonic(), _AWAY if self._is_away(error.detail) else error.detail
        met = self._met.get(cause)
        if met is None or now - met.last > _FORGOTTEN:
            self._met[cause] = _Met(now, now, error.detail)
            return True
        met.last = now
        met.silent += 1
        return False

    async def look(self, answers: DatabaseAnswers) -> None:
        """Tell the end of those that are over. Asks nobody while there is none."""
        now = self._monotonic()
        over = [cause for cause, met in self._met.items() if now - met.last >= SETTLED]
        if not over or not await answers():
            return
        for cause in over:
            met = self._met.pop(cause)
            log("bot.storage").warning(
                "the database answers again" if cause == _AWAY else "the database takes it again",
                was=met.detail,
                seconds=round(met.last - met.first),
                not_logged=met.silent,
            )
