"""Backoff: how long to wait before a message is tried again. Pure."""

from __future__ import annotations

# Seconds.
FIRST = 1.0
LONGEST = 300.0
# With LONGEST this is six hours of trying; then the message is a dead letter with its reason.
MAX_ATTEMPTS = 80
# So many times the platform's own word is enough; after that it is also slowed down by ours.
_TRUSTED = 5


def delay(attempts: int, asked: float, chance: float) -> float:
    """Seconds until the next try.

    attempts: tries so far, at least 1. asked: what the platform asked for, 0 when it said nothing;
    never undercut. chance: uniform in [0, 1), so that many do not come back at the same moment.
    """
    own = min(LONGEST, FIRST * 2.0 ** min(attempts - 1, 16))
    wait = asked if asked > 0 and attempts <= _TRUSTED else max(asked, own)
    return wait * (1.0 + 0.2 * chance)


def least(attempts: int) -> float:
    """Seconds that have passed at least since the first of so many tries, whatever the platform asked for."""
    return sum(delay(number, 0.0, 0.0) for number in range(_TRUSTED + 1, min(attempts, MAX_ATTEMPTS)))
