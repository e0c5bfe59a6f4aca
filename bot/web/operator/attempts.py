"""How often a wrong token may be tried."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW = 60.0
FROM_ONE = 5
FROM_ALL = 60
_REMEMBERED = 1000


class Attempts:
    """Counts failures within a minute: by address, and of all together. Bounded in memory.

    Behind a proxy everybody has its address; then five wrong tokens a minute are all there can be.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """monotonic: seconds from any start."""
        self._monotonic = monotonic
        self._by_address: OrderedDict[str, deque[float]] = OrderedDict()
        self._all: deque[float] = deque()

    def wait(self, address: str) -> float:
        """Seconds until another try is looked at; 0 for at once."""
        now = self._monotonic()
        own = self._by_address.get(address, deque())
        return max(_until(own, FROM_ONE, now), _until(self._all, FROM_ALL, now))

    def failed(self, address: str) -> None:
        """A wrong token came from there."""
        now = self._monotonic()
        own = self._by_address.setdefault(address, deque(maxlen=FROM_ONE))
        self._by_address.move_to_end(address)
        own.append(now)
        self._all.append(now)
        while len(self._all) > FROM_ALL:
            self._all.popleft()
        while len(self._by_address) > _REMEMBERED:
            self._by_address.popitem(last=False)


def _until(failures: deque[float], most: int, now: float) -> float:
    recent = [at for at in failures if at > now - WINDOW]
    return recent[-most] + WINDOW - now if len(recent) >= most else 0.0
