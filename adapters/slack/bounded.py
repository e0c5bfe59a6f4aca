"""A small memory of what Slack told, with an age and a size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from bot.core.clocks import Monotonic

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Keeps at most `most` values for `seconds` each; the least recently used goes first.

    ticks: seconds that never go back. A wall clock that is set back would keep what was told for hours.
    """

    def __init__(self, most: int, seconds: float, ticks: Monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._ticks = ticks
        self._held: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, unless it is unknown or too old."""
        held = self._held.get(key)
        if held is None or self._ticks() - held[0] > self._seconds:
            self._held.pop(key, None)
            return None
        self._held.move_to_end(key)
        return held[1]

    def put(self, key: K, value: V) -> None:
        """Remember a value."""
        self._held[key] = (self._ticks(), value)
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def forget(self, key: K) -> None:
        """Drop a value, if it is there."""
        self._held.pop(key, None)

    def clear(self) -> None:
        """Drop everything."""
        self._held.clear()
