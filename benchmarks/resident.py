"""Memory of this process, in MiB."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def resident() -> float:
    """MiB of ours in memory now."""
    status = Path("/proc/self/statm")
    if not status.exists():
        return most()
    return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20


def most() -> float:
    """MiB of ours in memory at most, so far."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would tell of the parent's too, before it became us
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 2**10)
