"""Whether a lane is this process's to drain, as whoever drains it must know before each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable

Holds: TypeAlias = Callable[[], bool]
"""Whether this process is still the one that relays."""


class LaneTenure(Protocol):
    """Of the lanes of one process, by the names that they are drained with."""

    def holds(self, lane: str) -> bool:
        """Whether nobody else can drain the lane at this moment."""

    def gone(self, lane: str) -> bool:
        """Whether somebody else may drain it from now on, so that it is of no use to wait for it."""

    def since(self, lane: str) -> float:
        """From when on it was ours, epoch seconds: what was under way before is not."""


class OneRelay:
    """All lanes are those of the one process that relays, from when it began."""

    def __init__(self, holds: Holds, clock: Clock) -> None:
        self._holds = holds
        self._clock = clock
        self._began = clock()

    def begin(self) -> None:
        """Sending begins now: what is `sending` already is from a process before."""
        self._began = self._clock()

    def holds(self, _lane: str) -> bool:
        """See `LaneTenure`."""
        return self._holds()

    def gone(self, _lane: str) -> bool:
        """Losing the relay ends the process; until then it may come back."""
        return False

    def since(self, _lane: str) -> float:
        """See `LaneTenure`."""
        return self._began


def not_held() -> StorageUnavailable:
    """Raised in place of a step that may be another process's by now."""
    return StorageUnavailable(
        "it is not certain that no other process relays",  # no message: for logs
        code="not_relaying",
    )
