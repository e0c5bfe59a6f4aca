"""How often wrong tokens of one client are answered as such.

The right token is taken whatever came before it: else whoever sends wrong ones, from the proxy that all
come through or from a thousand addresses, could keep the operator out. That nobody finds it by trying is
the work of its length, which the settings demand.
"""

from __future__ import annotations

from collections import deque

from cachetools import LRUCache

from bot.core.clocks import Monotonic

WINDOW = 60.0
MOST = 5
_REMEMBERED = 1000


class Attempts:
    """Counts failures within a minute, by client. Bounded in memory."""

    def __init__(self, monotonic: Monotonic) -> None:
        """monotonic: seconds from any start."""
        self._monotonic = monotonic
        self._by_client: LRUCache[str, deque[float]] = LRUCache(_REMEMBERED)

    def failed(self, client: str) -> float:
        """A wrong token came from there. Seconds until that is answered as such again; 0 for now."""
        now = self._monotonic()
        own = self._by_client.setdefault(client, deque(maxlen=MOST))
        if len(own) == MOST and own[0] > now - WINDOW:
            return own[0] + WINDOW - now
        own.append(now)
        return 0.0
