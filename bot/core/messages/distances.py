"""How far away a moment is, in one unit, as the words of every language say it. Pure."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Unit: TypeAlias = Literal["year", "month", "day", "hour", "minute", "second"]
_DAY: Final = 86_400
# The same units as those of the page's `time.js`, largest first, by their names in CLDR.
UNITS: Final[tuple[tuple[Unit, int], ...]] = (
    ("year", 365 * _DAY),
    ("month", 30 * _DAY),
    ("day", _DAY),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)
_MOST: Final = 9_999 * UNITS[0][1]  # beyond every calendar, and for what is no number


def distance_in(seconds: float) -> tuple[int, Unit, int]:
    """How many of which unit, the largest of which there is one, and how many seconds that unit has. seconds:
    from now, less than 0 for what is past; so is the count. 0 seconds: now."""
    away = min(_MOST, abs(seconds))
    unit, size = next((one for one in UNITS if away >= one[1]), UNITS[-1])
    count = int(away / size)
    return (count if seconds > 0 else -count), unit, size
