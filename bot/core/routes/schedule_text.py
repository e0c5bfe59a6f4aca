"""The parts of a schedule as people and files write them: "22:00-07:00", "5 in 10m", "18:00". Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.core.messages.errors import said_by
from bot.core.messages.message import Joined, Message, msg
from bot.core.routes.schedule import Burst, QuietHours
from bot.core.routes.schedule_moments import TimingError, clock_text, minutes_of, schedule_of
from bot.core.text.shortening import cut
from bot.core.times.calendar_words import WEEKDAYS
from bot.core.times.durations import format_duration, parse_duration

_SPAN = re.compile(
    r"(?:from |between )?(.{1,20}?) ?(?:-|–|—|~|〜|～|to|till?|until|and) ?(.{1,20})", re.IGNORECASE
)
_BURST = re.compile(r"(\d{1,9})\s*(?:in|per|/)\s*(.+)", re.IGNORECASE)
_DAILY = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* \*", re.ASCII)
_ON_DAYS = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* ([0-7a-z,-]{1,40})", re.ASCII)
_NAMED = {"0 * * * *": "hourly", "0 9 * * 1": "weekly"}
_DAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_EVERY_DAY, _WORKING_DAYS = frozenset(range(7)), frozenset(range(1, 6))
_LONGEST_BURST = 24 * 3600
_MOST_IN_BURST = 1_000


def quiet_of(text: str) -> QuietHours:
    """ "22:00-07:00" as quiet hours; TimingError says how to write them."""
    found = _SPAN.fullmatch(" ".join(text.split()))
    if found is None:
        raise TimingError(
            msg("{text} is not a range of quiet hours; write it like 22:00-07:00", text=repr(cut(text, 40)))
        )
    hours = QuietHours(minutes_of(found[1]), minutes_of(found[2]))
    if hours.begins == hours.ends:
        raise TimingError(msg("quiet hours that end when they begin would never let anything through"))
    return hours


def quiet_text(hours: QuietHours) -> str:
    """The inverse of `quiet_of`."""
    return f"{clock_text(hours.begins)}-{clock_text(hours.ends)}"


def burst_of(text: str) -> Burst:
    """ "5 in 10m" as a burst; TimingError says how to write one."""
    found = _BURST.fullmatch(text.strip())
    if found is None:
        raise TimingError(
            msg(
                "{text} is not a burst; write how many events in how long, like 5 in 10m",
                text=repr(cut(text, 40)),
            )
        )
    count = int(found[1])
    try:
        seconds = int(parse_duration(found[2]).total_seconds())
    except ValueError as error:
        raise TimingError(said_by(error)) from None
    if not 1 <= count <= _MOST_IN_BURST:
        raise TimingError(
            msg(
                "{count} events are out of range; a burst has 1 to {most_in_burst}",
                count=count,
                most_in_burst=_MOST_IN_BURST,
            )
        )
    if not 1 <= seconds <= _LONGEST_BURST:
        raise TimingError(
            msg("{found} is out of range; a burst lasts a second to a day", found=repr(cut(found[2], 40)))
        )
    return Burst(count, seconds)


def burst_text(burst: Burst) -> str:
    """The inverse of `burst_of`."""
    shown = format_duration(timedelta(seconds=burst.seconds))
    exact = parse_duration(shown).total_seconds() == burst.seconds
    return f"{burst.count} in {shown if exact else f'{burst.seconds}s'}"  # no message: as it is written


def digest_of(text: str) -> str:
    """A schedule as `bot.core.routes.schedule_moments.schedule_of` reads it, and no finer than minutes."""
    schedule = " ".join(schedule_of(text).split())
    if len(schedule.split()) != 5:
        count = len(schedule.split())
        raise TimingError(
            msg(
                "{text} has {count} fields; a cron expression has five, like 0 9 * * 1-5",
                text=repr(cut(text, 40)),
                count=count,
            )
        )
    return schedule


def digest_text(schedule: str) -> str:
    """A schedule as people write it; `digest_of` reads all of them."""
    if schedule in _NAMED:
        return _NAMED[schedule]
    found = _DAILY.fullmatch(schedule)
    if found and digest_of(shown := f"{int(found[2]):02d}:{int(found[1]):02d}") == schedule:
        return shown
    return schedule


def digest_words(schedule: str) -> Message:
    """A schedule in words, "every Monday at 09:00"; a cron expression that has none stays as it is."""
    shown = digest_text(schedule)
    if shown == "hourly":
        return msg("hourly")
    if ":" in shown:
        return msg("daily at {clock}", clock=shown)
    found = _ON_DAYS.fullmatch(schedule)
    days = _days_of(found[3]) if found else frozenset()
    if found is None or not days or int(found[1]) > 59 or int(found[2]) > 23:
        return msg("by the schedule {cron}", cron=schedule)
    clock = f"{int(found[2]):02d}:{int(found[1]):02d}"
    if days == _EVERY_DAY:
        return msg("daily at {clock}", clock=clock)
    if days == _WORKING_DAYS:
        return msg("Monday to Friday at {clock}", clock=clock)
    # The week begins on Monday, as people who plan one see it.
    names = [WEEKDAYS[number] for number in sorted((day - 1) % 7 for day in days)]
    return msg("every {days} at {clock}", days=Joined(tuple(names)), clock=clock)


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
