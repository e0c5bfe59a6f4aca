"""Times of day, schedules and quiet hours, also where summer time begins and ends."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.routes.schedule import QuietHours
from bot.core.routes.schedule_moments import (
    TimingError,
    check_timezone,
    clock_text,
    day_of,
    minutes_of,
    next_list,
    quiet_until,
    schedule_of,
)

BERLIN = "Europe/Berlin"
NIGHT = QuietHours(22 * 60, 7 * 60)


def at(*parts: int, zone: str = BERLIN, fold: int = 0) -> float:
    """A moment by the wall clock."""
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).timestamp()  # type: ignore[misc,arg-type]  # year to minute


def wall(moment: float | None, zone: str = BERLIN) -> str:
    """What the clock on the wall shows."""
    assert moment is not None
    return datetime.fromtimestamp(moment, ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize("text", ["22:30", "22.30", " 22:30 ", "٢٢:٣٠", "२२:३०", "２２：３０"])
def test_a_time_of_day_is_read(text: str) -> None:
    assert clock_text(minutes_of(text)) == "22:30"


@pytest.mark.parametrize("text", ["24:00", "7", "22:60", "ten", "13pm", ""])
def test_what_is_no_time_of_day_is_named(text: str) -> None:
    with pytest.raises(TimingError, match="22:30"):
        minutes_of(text)


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("hourly", "0 * * * *"),
        ("Daily", "0 9 * * *"),
        ("18:05", "5 18 * * *"),
        ("0 9 * * 1-5", "0 9 * * 1-5"),
        ("every hour", "0 * * * *"),
        ("every day at 9am", "0 9 * * *"),
        ("Daily at 18:05", "5 18 * * *"),
        ("18h", "0 18 * * *"),
    ],
)
def test_schedules_are_words_times_or_cron(text: str, cron: str) -> None:
    assert schedule_of(text) == cron


@pytest.mark.parametrize("text", ["", "often", "61 * * * *", "0 0 30 2 *", "* * * *", "0 9 * * 1-5; rm"])
def test_a_schedule_that_never_comes_is_refused(text: str) -> None:
    with pytest.raises(TimingError, match="hourly, daily"):
        schedule_of(text)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("1h", "01:00 or hourly"),
        ("2h", "02:00 or 0 */2 "),
        ("6H", "06:00 or 0 */6 "),
        ("12 h", "12:00 or 0 */12 "),
        ("09h", "09:00 or 0 */9 "),
    ],
)
def test_a_schedule_with_two_meanings_is_asked_about(text: str, ways: str) -> None:
    with pytest.raises(TimingError) as caught:
        schedule_of(text)
    assert ways in str(caught.value)


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "", "Europe/berlin\x00"])
def test_what_is_no_timezone_is_refused(name: str) -> None:
    with pytest.raises(TimingError, match="Europe/Berlin"):
        check_timezone(name)


def test_quiet_hours_run_over_midnight() -> None:
    assert wall(quiet_until(NIGHT, BERLIN, at(2026, 1, 5, 22, 0))) == "2026-01-06T07:00+01:00"
    assert wall(quiet_until(NIGHT, BERLIN, at(2026, 1, 6, 6, 59))) == "2026-01-06T07:00+01:00"
    assert quiet_until(NIGHT, BERLIN, at(2026, 1, 6, 7, 0)) is None
    assert quiet_until(NIGHT, BERLIN, at(2026, 1, 6, 21, 59)) is None


def test_quiet_hours_within_a_day() -> None:
    lunch = QuietHours(12 * 60, 13 * 60)
    assert wall(quiet_until(lunch, BERLIN, at(2026, 1, 5, 12, 30))) == "2026-01-05T13:00+01:00"
    assert quiet_until(lunch, BERLIN, at(2026, 1, 5, 13, 0)) is None


def test_quiet_hours_end_by_the_wall_clock_when_summer_time_begins_and_ends() -> None:
    assert wall(quiet_until(NIGHT, BERLIN, at(2026, 3, 28, 23, 0))) == "2026-03-29T07:00+02:00"
    assert wall(quiet_until(NIGHT, BERLIN, at(2026, 10, 24, 23, 0))) == "2026-10-25T07:00+01:00"


@pytest.mark.parametrize(
    ("begins", "ends", "moment", "until"),
    [
        # 02:00 to 03:00 comes twice on 25 October: an end in it is its first.
        ((1, 0), (2, 30), at(2026, 10, 25, 2, 10), "2026-10-25T02:30+02:00"),
        ((1, 0), (2, 30), at(2026, 10, 25, 2, 40), None),
        ((1, 0), (2, 30), at(2026, 10, 25, 2, 10, fold=1), None),
        ((2, 30), (4, 0), at(2026, 10, 25, 2, 29), None),
        ((2, 30), (4, 0), at(2026, 10, 25, 2, 30), "2026-10-25T04:00+01:00"),
        ((2, 30), (4, 0), at(2026, 10, 25, 2, 10, fold=1), "2026-10-25T04:00+01:00"),
        ((2, 10), (2, 20), at(2026, 10, 25, 2, 15, fold=1), None),
        # It does not come on 29 March: a time in it is the moment of the jump.
        ((1, 0), (2, 30), at(2026, 3, 29, 1, 59), "2026-03-29T03:00+02:00"),
        ((1, 0), (2, 30), at(2026, 3, 29, 3, 0), None),
        ((2, 30), (3, 15), at(2026, 3, 29, 3, 0), "2026-03-29T03:15+02:00"),
        ((2, 30), (3, 15), at(2026, 3, 29, 1, 59), None),
        ((2, 10), (2, 50), at(2026, 3, 29, 3, 0), None),
    ],
)
def test_a_time_that_comes_twice_or_never_is_one_moment(
    begins: tuple[int, int], ends: tuple[int, int], moment: float, until: str | None
) -> None:
    quiet = QuietHours(begins[0] * 60 + begins[1], ends[0] * 60 + ends[1])
    found = quiet_until(quiet, BERLIN, moment)
    assert (None if found is None else wall(found)) == until


@pytest.mark.parametrize(
    ("zone", "day", "ends", "until"),
    [
        ("America/New_York", (2026, 3, 8), 150, "2026-03-08T03:00-04:00"),
        ("America/New_York", (2026, 11, 1), 90, "2026-11-01T01:30-04:00"),
        ("Australia/Lord_Howe", (2026, 10, 4), 135, "2026-10-04T02:30+11:00"),
        ("Africa/Cairo", (2026, 4, 24), 30, "2026-04-24T01:00+03:00"),
        ("Asia/Kathmandu", (2026, 3, 29), 150, "2026-03-29T02:30+05:45"),
    ],
)
def test_the_jump_is_that_of_the_place(zone: str, day: tuple[int, int, int], ends: int, until: str) -> None:
    before = at(*day, 0, 0, zone=zone) - 1800
    assert wall(quiet_until(QuietHours(23 * 60, ends), zone, before), zone) == until


def test_what_is_held_until_a_moment_is_not_held_at_that_moment() -> None:
    for zone in (BERLIN, "America/New_York", "Australia/Lord_Howe"):
        for day in ((2026, 3, 29), (2026, 10, 25), (2026, 3, 8), (2026, 11, 1), (2026, 10, 4), (2026, 4, 5)):
            start = at(*day, 0, 0, zone=zone)
            for minute in range(0, 300, 5):
                until = quiet_until(QuietHours(60, 150), zone, start + 60 * minute)
                assert until is None or quiet_until(QuietHours(60, 150), zone, until) is None


@pytest.mark.parametrize(
    "schedule", ["*/30 2 * * *", "30 2 * * *", "15,45 2 * * *", "* 2 * * *", "0 2 29 3 *"]
)
def test_a_list_of_an_hour_that_never_comes_is_due_once_at_the_jump(schedule: str) -> None:
    spring = next_list(schedule, BERLIN, at(2026, 3, 28, 23, 0))
    assert wall(spring) == "2026-03-29T03:00+02:00"
    assert next_list(schedule, BERLIN, spring) >= at(2026, 3, 30, 2, 0)


def test_a_daily_list_comes_once_when_its_hour_is_missing_or_doubled() -> None:
    half_past_two = schedule_of("02:30")
    spring = next_list(half_past_two, BERLIN, at(2026, 3, 28, 12, 0))
    assert wall(spring)[:10] == "2026-03-29"
    assert wall(next_list(half_past_two, BERLIN, spring))[:10] == "2026-03-30"
    autumn = next_list(half_past_two, BERLIN, at(2026, 10, 24, 12, 0))
    assert wall(autumn)[:10] == "2026-10-25"
    assert wall(next_list(half_past_two, BERLIN, autumn))[:10] == "2026-10-26"


@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    st.integers(1_600_000_000, 1_900_000_000),
)
def test_quiet_hours_always_end_within_two_days_and_ahead(
    begins: int, ends: int, zone: str, moment: int
) -> None:
    until = quiet_until(QuietHours(begins, ends), zone, float(moment))
    assert until is None or moment < until <= moment + 49 * 3600


@given(
    st.sampled_from(["hourly", "daily", "weekly", "02:30", "*/7 * * * *", "0 0 29 2 *"]),
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "UTC"]),
    st.integers(1_600_000_000, 1_900_000_000),
)
def test_the_next_list_is_always_ahead(words: str, zone: str, moment: int) -> None:
    assert next_list(schedule_of(words), zone, float(moment)) > moment


def test_a_day_is_that_of_the_place() -> None:
    moment = at(2026, 10, 25, 23, 30)
    assert (day_of(BERLIN, moment), day_of("Pacific/Auckland", moment)) == ("2026-10-25", "2026-10-26")
