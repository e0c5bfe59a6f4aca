"""A clock that can be set wrong while a process runs: `time.time` plus what a file says, in seconds.

CHAOS_CLOCK names the file; without it nothing is changed. Only `time.time` and `time.time_ns` move, as
when somebody sets the clock of a machine; `time.monotonic` goes on as it does there.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

# Seconds for which what was read holds.
_FRESH = 0.02


class _Shifted:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._time, self._monotonic = time.time, time.monotonic
        self._until = 0.0
        self._offset = 0.0

    def offset(self) -> float:
        """Seconds that the clock is ahead."""
        now = self._monotonic()
        if now >= self._until:
            self._until = now + _FRESH
            with suppress(OSError, ValueError):  # not there yet
                self._offset = float(self._path.read_text())
        return self._offset

    def time(self) -> float:
        """Instead of `time.time`."""
        return self._time() + self.offset()

    def time_ns(self) -> int:
        """Instead of `time.time_ns`."""
        return int(self.time() * 1_000_000_000)


if "CHAOS_CLOCK" in os.environ:
    _shifted = _Shifted(Path(os.environ["CHAOS_CLOCK"]))
    time.time = _shifted.time
    time.time_ns = _shifted.time_ns
