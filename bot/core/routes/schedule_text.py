"""The parts of a schedule as people and files write them: "22:00-07:00", "5 in 10m", "18:00". Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.core.routes.schedule import Burst, QuietHours
from bot.core.routes.schedule_moments import TimingError, clock_text, minutes_of, schedule_of
from bot.core.text.shortening import cut
from bot.core.times.durations import format_duration, parse_duration

_SPAN = re.compile(
    r"(?:from |between )?(.{1,20}?) ?(?:-|–|—|~|〜|～|to|till?|until|and) ?(.{1,20})", re.IGNORECASE
)
_BURST = re.compile(r"(\d{1,9})\s*(?:in|per|/)\s*(.+)", re.IGNORECASE)
_DAILY = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* \*", re.ASCII)
_ON_DAYS = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* ([0-7a-z,-]{1,40})", re.ASCII)
_NAMED = {"0 * * * *": "hourly", "0 9 * * 1": "weekly"}
_WEEK = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = {name[:3].lower(): number for number, name in enumerate(_WEEK[:7])}
_SETS = {frozenset(range(7)): "daily", frozenset(range(1, 6)): "Monday to Friday"}
_LONGEST_BURST = 24 * 3600
_MOST_IN_BURST = 1_000


def quiet_of(text: str) -> QuietHours:
    """ "22:00-07:00" as quiet hours; TimingError says how to write them."""
    found = _SPAN.fullmatch(" ".join(text.split()))
    if found is None:
        msg = f"{cut(text, 40)!r} is not a range of quiet hours; write it like 22:00-07:00"
        raise TimingError(msg)
    hours = QuietHours(minutes_of(found[1]), minutes_of(found[2]))
    if hours.begins == hours.ends:
        msg = "quiet hours that end when they begin would never let anything through"
        raise TimingError(msg)
    return hours


def quiet_text(hours: QuietHours) -> str:
    """The inverse of `quiet_of`."""
    return f"{clock_text(hours.begins)}-{clock_text(hours.ends)}"


def burst_of(text: str) -> Burst:
    """ "5 in 10m" as a burst; TimingError says how to write one."""
    found = _BURST.fullmatch(text.strip())
    if found is None:
        msg = f"{cut(text, 40)!r} is not a burst; write how many events in how long, like 5 in 10m"
        raise TimingError(msg)
    count = int(found[1])
    try:
        seconds = int(parse_duration(found[2]).total_seconds())
    except ValueError as error:
        raise TimingError(str(error)) from None
    if not 1 <= count <= _MOST_IN_BURST:
        msg = f"{count:,} events are out of range; a burst has 1 to {_MOST_IN_BURST:,}"
        raise TimingError(msg)
    if not 1 <= seconds <= _LONGEST_BURST:
        msg = f"{cut(found[2], 40)!r} is out of range; a burst lasts a second to a day"
        raise TimingError(msg)
    return Burst(count, seconds)


def burst_text(burst: Burst) -> str:
    """The inverse of `burst_of`."""
    shown = format_duration(timedelta(seconds=burst.seconds))
    exact = parse_duration(shown).total_seconds() == burst.seconds
    return f"{burst.count} in {shown if exact else f'{burst.seconds}s'}"


def digest_of(text: str) -> str:
    """A schedule as `bot.core.routes.schedule_moments.schedule_of` reads it, and no finer than minutes."""
    schedule = " ".join(schedule_of(text).split())
    if len(schedule.split()) != 5:
        count = len(schedule.split())
        msg = f"{cut(text, 40)!r} has {count} fields; a cron expression has five, like 0 9 * * 1-5"
        raise TimingError(msg)
    return schedule


def digest_text(schedule: str) -> str:
    """A schedule as people write it; `digest_of` reads all of them."""
    if schedule in _NAMED:
        return _NAMED[schedule]
    found = _DAILY.fullmatch(schedule)
    if found and digest_of(shown := f"{int(found[2]):02d}:{int(found[1]):02d}") == schedule:
        return shown
    return schedule


def digest_words(schedule: str) -> str:
    """A schedule in words, "every Monday at 09:00"; a cron expression that has none stays as it is."""
    shown = digest_text(schedule)
    if shown == "hourly":
        return shown
    if ":" in shown:
        return f"daily at {shown}"
    found = _ON_DAYS.fullmatch(schedule)
    days = _days_of(found[3]) if found else frozenset()
    if found is None or not days or int(found[1]) > 59 or int(found[2]) > 23:
        return f"by the schedule {schedule}"
    at = f"at {int(found[2]):02d}:{int(found[1]):02d}"
    if days in _SETS:
        return f"{_SETS[days]} {at}"
    # The week begins on Monday, as people who plan one see it.
    names = [_WEEK[day] for day in sorted(days, key=lambda day: (day - 1) % 7)]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"every {listed} {at}"


def _days_of(field: str) -> frozenset[int]:
    """The days of the week of a cron field, Sunday as 0; none for what is not read here."""
    found: set[int] = set()
    for piece in field.split(","):
        first, dash, last = piece.partition("-")
        begin, end = _day(first), _day(last) if dash else _day(first)
        if begin is None or end is None or end < begin:
            return frozenset()
        found.update(day % 7 for day in range(begin, end + 1))
    return frozenset(found)


def _day(text: str) -> int | None:
    return int(text) if text in tuple("01234567") else _DAYS.get(text)
