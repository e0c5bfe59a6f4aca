"""Times of day as people write them: 22:30, 9.30, 0900, 10pm, 9:30 am, 21h30, noon. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.core.messages.message import Message, msg
from bot.core.text.numerals import ascii_digits

# Midnight as an end is the begin of the day, as everywhere else.
_WORDS: Final = {"noon": 720, "midday": 720, "midnight": 0}
_HALF: Final = r"(?P<half>[ap])\.?\s*m\.?"
_TIME: Final = re.compile(
    rf"(?P<hour>\d{{1,2}})(?:\s*[:.h]\s*(?P<minute>\d{{2}}))?(?P<h>h)?\s*(?:{_HALF})?", re.ASCII
)
_PLAIN: Final = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})\s*(?:" + _HALF + ")?", re.ASCII)
_LONGEST: Final = 20
HOW: Final = msg("a time of day is written like 22:30 or 10:30pm")


def time_of_day(text: str) -> int | None:
    """Minutes after midnight; None for what is no time of day. ValueError for one that can be two: 9."""
    folded = " ".join(ascii_digits(text).lower().replace("：", ":").split())
    if len(folded) > _LONGEST:
        return None
    if folded in _WORDS:
        return _WORDS[folded]
    found = _TIME.fullmatch(folded)
    if found is None:
        plain = _PLAIN.fullmatch(folded)
        return None if plain is None else _minutes(int(plain["hour"]), int(plain["minute"]), plain["half"])
    hour, minute, half = int(found["hour"]), found["minute"], found["half"]
    if found["h"] and (minute is not None or half):
        return None
    if minute is None and half is None and not found["h"]:
        raise ValueError(_asked(text.strip(), hour))
    return _minutes(hour, int(minute or 0), half)


def _minutes(hour: int, minute: int, half: str | None) -> int | None:
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute


def _asked(text: str, hour: int) -> Message:
    if 1 <= hour <= 12:
        early, late = hour % 12, hour % 12 + 12
        return msg(
            "{text} can be {early} or {late}; {how}",
            text=repr(text),
            early=f"{early:02d}:00",
            late=f"{late:02d}:00",
            how=HOW,
        )
    if hour <= 23:
        return msg("{text} is not a time of day; write {clock}", text=repr(text), clock=f"{hour:02d}:00")
    return msg("{text} is not a time of day; {how}", text=repr(text), how=HOW)
