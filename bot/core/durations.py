"""Durations as people write them: 15m, 2h, 1d, 1h30m, 2 weeks."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST = 100 * 366 * 86_400  # seconds; what no clock or limit of ours goes beyond
_PART = re.compile(
    r"(\d{1,9})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])\s*"
)


def parse_duration(text: str) -> timedelta:
    """The duration in `text`; ValueError says how to write one."""
    folded = text.strip().lower()
    seconds, position = 0, 0
    while position < len(folded):
        part = _PART.match(folded, position)
        if part is None:
            break
        seconds += int(part[1]) * _UNITS[part[2][0]]
        position = part.end()
    if not folded or position < len(folded):
        msg = f"{text[:40]!r} is not a duration; write 30s, 15m, 2h, 1d or 1h30m"
        raise ValueError(msg)
    if seconds > LONGEST:
        msg = f"{text[:40]!r} is longer than anything here takes"
        raise ValueError(msg)
    return timedelta(seconds=seconds)


def format_duration(span: timedelta) -> str:
    """A duration in its largest units: 1d 2h, 15m."""
    left = int(span.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
