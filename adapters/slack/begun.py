"""How many installs may be begun: each is a row until it expires, and anybody can begin one."""

from __future__ import annotations

from collections import deque
from typing import Final

from bot.core.clocks import Monotonic

# Of one client, and of all together: that only bounds the rows.
EACH_A_MINUTE: Final = 30
ALL_A_MINUTE: Final = 600
_SECONDS: Final = 60.0


class Begun:
    """The installs of the last minute. ticks: seconds that never go back."""

    def __init__(self, ticks: Monotonic) -> None:
        self._ticks = ticks
        self._begun: deque[tuple[float, str]] = deque()

    def wait(self, client: str) -> float:
        """Seconds until the client may begin an install; 0 when it may now, which is counted."""
        now = self._ticks()
        while self._begun and now - self._begun[0][0] >= _SECONDS:
            self._begun.popleft()
        own = [at for at, who in self._begun if who == client]
        if len(own) >= EACH_A_MINUTE:
            return own[0] + _SECONDS - now
        if len(self._begun) >= ALL_A_MINUTE:
            return self._begun[0][0] + _SECONDS - now
        self._begun.append((now, client))
        return 0.0
