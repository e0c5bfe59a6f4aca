"""Durations as people write them: 15m, 2h, 1d, 1h30m, 1.5h, 2 weeks, 90 minutes, 1 hour and 30 minutes."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from bot.core.messages.message import ENGLISH, Message, msg
from bot.core.text.numerals import ascii_digits
from bot.core.text.shortening import cut

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST = 100 * 366 * 86_400  # seconds; what no clock or limit of ours goes beyond
_PART = re.compile(
    r"(?:(\d{1,9}(?:[.,]\d{1,3})?)|(half an?|an?))\s*"
    r"(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)(?![^\W\d_])\.?\s*(?:(?:,|and)\s*(?=\d))?",
    re.ASCII,
)
_OPEN = re.compile(r"(\d{1,9})(?:[.,]\d{1,3})?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})", re.ASCII)
_CALENDAR = re.compile(r"(\d{1,4})\s*(mo|mos|months?|y|yrs?|years?)", re.ASCII)
# Units as they are called elsewhere, where the word has one meaning.
_UNIT_WORDS = {
    "s": "saniye 秒 秒間 सेकंड",
    "m": "dakika dk 分 分間 मिनट",  # no message: what is read
    "h": "saat 時間 小时 घंटा घंटे",
    "d": "gün gun 日 日間 天 दिन",
    "w": "hafta 週 週間 周 हफ्ता हफ्ते सप्ताह",
    "mo": "ay ヶ月 か月 カ月 个月 個月 महीना महीने",
    "y": "yıl sene 年 साल",
}
_UNIT_OF = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_UNIT = re.compile(r"(?<=\d)\s*([^\W\d_][\w\u0900-\u097f]{0,9})")
_HOW = msg("write 30s, 15m, 2h, 1d or 1h30m")


def parse_duration(text: str) -> timedelta:
    """The duration in `text`; ValueError says how to write one, and names both readings of what has two."""
    plain = ascii_digits(text).strip().lower()
    folded = _UNIT.sub(lambda found: _UNIT_OF.get(found[1], found[0]), plain)
    seconds, position = Decimal(0), 0
    while position < len(folded):
        part = _PART.match(folded, position)
        if part is None:
            break
        seconds += _count(part) * _UNITS[part[3][0]]
        position = part.end()
    if not folded or position < len(folded) or seconds != int(seconds):
        raise ValueError(_refusal(cut(text.strip(), 40), folded))
    if seconds > LONGEST:
        raise ValueError(msg("{text} is too long a time", text=repr(cut(text, 40))))
    return timedelta(seconds=int(seconds))


def _count(part: re.Match[str]) -> Decimal:
    if part[1]:
        return Decimal(part[1].replace(",", "."))
    return Decimal("0.5") if part[2].startswith("half") else Decimal(1)


def _refusal(text: str, folded: str) -> Message:
    shown = repr(text)
    if _OPEN.fullmatch(folded):
        one, two, three = (f"{folded}{unit}" for unit in "mhd")
        return msg(
            "{text} can be {one}, {two} or {three}; {how}",
            text=shown,
            one=one,
            two=two,
            three=three,
            how=_HOW,
        )
    if found := _CLOCK.fullmatch(folded):
        first, second = int(found[1]), int(found[2])
        return msg(
            "{text} can be {one} or {two}; {how}",
            text=shown,
            one=f"{first}h{second}m",
            two=f"{first}m{second}s",
            how=_HOW,
        )
    if found := _CALENDAR.fullmatch(folded):
        days = int(found[1]) * (30 if found[2].startswith("mo") else 365)
        return msg(
            "{text} has no fixed length; {how}; in days that is {days}", text=shown, how=_HOW, days=f"{days}d"
        )
    return msg("{text} is not a duration; {how}", text=shown, how=_HOW)


def format_duration(span: timedelta) -> str:
    """A duration in its largest units: 1d 2h, 15m."""
    return ENGLISH.duration(span.total_seconds())
