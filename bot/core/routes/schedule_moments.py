"""What a route's schedule says about a moment: quiet hours, the next list, whose day it is. Pure.

Times of day are those of the wall clock in the route's timezone. Each is one moment, the first at which the
clock shows it or a later time: a time that comes twice is its first, one that never comes is the moment at
which the clock jumps over it. What holds and what sends compares moments and no clocks.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from whenever import Date, Instant, PlainDateTime, RepeatedTime, SkippedTime, ZonedDateTime

from bot.core.messages.errors import said_by
from bot.core.messages.message import msg, nmsg
from bot.core.routes.schedule import QuietHours
from bot.core.times.clocks import time_of_day
from bot.core.times.zone_words import kept_zone
from bot.core.times.zones import ZoneError, exact_zone

_WORDS = {"hourly": "0 * * * *", "daily": "0 9 * * *", "weekly": "0 9 * * 1"}
_WORDS |= {"every hour": _WORDS["hourly"], "every day": _WORDS["daily"], "every week": _WORDS["weekly"]}
_DAILY = ("daily at ", "every day at ")  # no message: what people type
_MOST_BETWEEN = 12  # hours from list to list that "2h" may mean; "18h" is a time of day


class TimingError(ValueError):
    """A time, timezone or schedule that cannot be used; the message says why, for who wrote it."""


def check_timezone(name: str) -> str:
    """The name of a zone as a file gives it (`bot.core.times.zones.exact_zone`); TimingError when it is
    none."""
    try:
        return exact_zone(name)
    except ZoneError as error:
        raise TimingError(said_by(error)) from None


def minutes_of(text: str) -> int:
    """ "22:30" and "10:30pm" as minutes after midnight; TimingError for anything else."""
    minutes = _minutes(text)
    if minutes is None:
        raise TimingError(msg("{text} is not a time of day; write it like 22:30", text=repr(text)))
    return minutes


def _minutes(text: str) -> int | None:
    try:
        return time_of_day(text)
    except ValueError as error:
        raise TimingError(said_by(error)) from None


def clock_text(minutes: int) -> str:
    """Minutes after midnight as "22:30"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def schedule_of(text: str) -> str:
    """A schedule in words ("hourly", "daily", "weekly", "18:00", or cron) as a cron expression.

    TimingError when it is none, or one that never comes.
    """
    folded = text.strip().lower()
    if folded in _WORDS:
        return _WORDS[folded]
    for begins in _DAILY:
        folded = folded.removeprefix(begins)
    _check_one_meaning(folded)
    minutes = _minutes(folded)
    if minutes is not None:
        return f"{minutes % 60} {minutes // 60} * * *"
    try:
        next(CronSim(folded, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration):
        raise TimingError(
            msg(
                "{text} is not a schedule; write hourly, daily, weekly, 18:00 or a cron expression like "
                "0 9 * * 1-5",
                text=repr(text),
            )
        ) from None
    return folded


def _check_one_meaning(text: str) -> None:
    """TimingError for "2h", which a clock reads as 02:00 and most people mean as every two hours."""
    hours = text.removesuffix("h").strip()
    if hours == text or not (hours.isascii() and hours.isdigit() and len(hours) <= 2):
        return
    count = int(hours)
    if 1 <= count <= _MOST_BETWEEN:
        clock = clock_text(count * 60)
        if count == 1:
            raise TimingError(
                msg(
                    "{text} can be a time of day or a distance; write {clock} or hourly",
                    text=repr(text),
                    clock=clock,
                )
            )
        raise TimingError(
            nmsg(
                "{text} can be a time of day or a distance; write {clock} or {cron} for every {n} hour",
                "{text} can be a time of day or a distance; write {clock} or {cron} for every {n} hours",
                n=count,
                text=repr(text),
                clock=clock,
                cron=f"0 */{count} * * *",
            )
        )


def next_list(schedule: str, timezone: str, after: float) -> float:
    """The first moment behind `after` at which a list is due. schedule: as `schedule_of` gives it."""
    begin = datetime.fromtimestamp(after, UTC).astimezone(ZoneInfo(kept_zone(timezone)))
    due = next(CronSim(schedule, begin)).timestamp()
    # CronSim leaves out what stands only in an hour that does not come.
    by_the_wall = next(CronSim(schedule, begin.replace(tzinfo=None)))
    moment = _moment(PlainDateTime(by_the_wall), timezone)
    return moment if after < moment < due else due


def quiet_until(quiet: QuietHours, timezone: str, at: float) -> float | None:
    """When the quiet hours that hold at a moment end; None when none hold."""
    today = _local(at, timezone).date()
    over = 0 if quiet.begins < quiet.ends else 1
    for days in (-1, 0):
        begins = _moment(_on_the_wall(today.add(days=days), quiet.begins), timezone)
        ends = _moment(_on_the_wall(today.add(days=days + over), quiet.ends), timezone)
        if begins <= at < ends:
            return ends
    return None


def day_of(timezone: str, at: float) -> str:
    """The day of a moment there, "2026-11-22"."""
    return str(_local(at, timezone).date())


def _on_the_wall(day: Date, minutes: int) -> PlainDateTime:
    return PlainDateTime(day.year, day.month, day.day, minutes // 60, minutes % 60)


def _moment(wanted: PlainDateTime, timezone: str) -> float:
    """The first moment at which the clock on the wall shows that time or a later one."""
    timezone = kept_zone(timezone)
    try:
        return float(wanted.assume_tz(timezone, disambiguation="raise").timestamp())
    except RepeatedTime:
        return float(wanted.assume_tz(timezone, disambiguation="earlier").timestamp())
    except SkippedTime:
        before = wanted.assume_tz(timezone, disambiguation="earlier").timestamp()
        behind = wanted.assume_tz(timezone, disambiguation="later").timestamp()
    while behind - before > 1:
        middle = (before + behind) // 2
        if _local(middle, timezone).to_plain() < wanted:
            before = middle
        else:
            behind = middle
    return float(behind)


def _local(at: float, timezone: str) -> ZonedDateTime:
    return Instant.from_timestamp(int(at)).to_tz(kept_zone(timezone))
