"""For how long credits last, from the balance and what monitors use an hour. Pure."""

from __future__ import annotations

from typing import Final

from bot.core.messages.message import Message, msg, nmsg

HOUR: Final = 3_600.0
DAY: Final = 86_400.0
# Whoever looks after a place is told when credits last no longer than SOON, and that it is over from ENOUGH
# on: between the two nothing is said, so that a balance at the border does not say it again and again.
SOON: Final = 10 * DAY
ENOUGH: Final = 12 * DAY
# Balances are whole numbers of any size, and seconds are not.
_MOST: Final = 10**15


def lasts(balance: int, hourly: int) -> float | None:
    """Seconds until the balance is used up; None where nothing uses it."""
    return min(max(0, balance), _MOST) / hourly * HOUR if hourly > 0 else None


def lasts_words(seconds: float) -> Message:
    """A forecast: "about 9 days", "about 30 hours", "less than an hour"."""
    if seconds < HOUR:
        return msg("less than an hour")
    if seconds < 2 * DAY:
        hours = int(seconds // HOUR)
        return nmsg("about {n} hour", "about {n} hours", n=hours)
    return nmsg("about {n} day", "about {n} days", n=int(seconds // DAY))
