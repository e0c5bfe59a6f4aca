"""Numbers, times of day and durations as people write them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands.binding import bind
from bot.core.commands.grammar import Parsed, parse
from bot.core.errors import UsageError
from bot.core.routes.schedule import QuietHours
from bot.core.routes.schedule_moments import TimingError, clock_text, minutes_of
from bot.core.routes.schedule_text import digest_of, quiet_of
from bot.core.text.numerals import TooLarge, whole_number
from bot.core.times.durations import parse_duration
from bot.features.catalogue import catalogue

ALL = catalogue()
LINK = "https://x.com/nasa/status/1893456789012345678"


def read(line: str) -> Any:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    return bind(parsed.command, parsed.values)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10k", 10_000),
        ("10K", 10_000),
        ("1.5k", 1_500),
        ("1,5k", 1_500),
        ("2M", 2_000_000),
        ("2m", 2_000_000),
        ("1.25 million", 1_250_000),
        ("1,000", 1_000),
        ("1,234,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1 000", 1_000),
        ("1\u202f000", 1_000),
        ("1'000", 1_000),
        ("10_000", 10_000),
        ("12,34,567", 1_234_567),
        ("٣", 3),
        ("١٬٠٠٠", 1_000),
        ("١٫٥k", 1_500),
        ("१५००", 1_500),
        ("५ लाख", 500_000),
        ("3万", 30_000),
        ("１０ｋ", 10_000),
        ("๑๐๐", 100),
        ("5 bin", 5_000),
        ("+7", 7),
        ("-3", -3),
    ],
)
def test_a_number_is_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "k", "1.5", "ten", "1k5", "1.2345k", "1e3", "0x10", "1.0.0", "9" * 41])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        whole_number(text)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.000", ("1000", "1")),
        ("10.000", ("10000", "10")),
        ("1.500k", ("1500000", "1500")),
        ("1,500k", ("1500000", "1500")),
        ("١٫٥٠٠", ("1500", "1.5")),
    ],
)
def test_a_number_with_two_readings_is_asked_about(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="can be") as caught:
        whole_number(text)
    assert f"write {readings[0]} or {readings[1]}" in str(caught.value)


@pytest.mark.parametrize("text", ["9" * 16, "9" * 40, "2000000b", "1000000000000000"])
def test_a_number_that_is_too_large_is_said_to_be(text: str) -> None:
    with pytest.raises(TooLarge, match=r"is too large; write 999,999,999,999,999 at most"):
        whole_number(text)


@given(st.text(max_size=50))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    for reader in (whole_number, parse_duration, minutes_of):
        try:
            reader(text)
        except ValueError as error:
            assert str(error)


@given(st.integers(-(10**14), 10**14))
def test_numbers_are_read_as_the_bot_writes_them(number: int) -> None:
    assert whole_number(str(number)) == whole_number(f"{number:,}") == number


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("10pm", "22:00"),
        ("10 PM", "22:00"),
        ("10 p.m.", "22:00"),
        ("9am", "09:00"),
        ("9:30am", "09:30"),
        ("9.30 pm", "21:30"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("0900", "09:00"),
        ("2130", "21:30"),
        ("930", "09:30"),
        ("930pm", "21:30"),
        ("21:30", "21:30"),
        ("9.30", "09:30"),
        ("9:05", "09:05"),
        ("21h30", "21:30"),
        ("21h", "21:00"),
        ("noon", "12:00"),
        ("Midnight", "00:00"),
        ("٠٩٠٠", "09:00"),
        ("२१:३०", "21:30"),
        ("２１：３０", "21:30"),
        ("๒๒:๐๐", "22:00"),
    ],
)
def test_a_time_of_day_is_read(text: str, clock: str) -> None:
    assert clock_text(minutes_of(text)) == clock


@pytest.mark.parametrize(
    ("text", "readings"),
    [("9", "09:00 or 21:00"), ("12", "00:00 or 12:00"), ("٩", "09:00 or 21:00"), ("10", "22:00")],
)
def test_a_bare_hour_is_asked_about(text: str, readings: str) -> None:
    with pytest.raises(TimingError, match="can be") as caught:
        minutes_of(text)
    assert readings in str(caught.value)


@pytest.mark.parametrize(
    "text", ["half past", "half past 9", "25:00", "2460", "13pm", "0am", "21:3", "21h30pm", "99"]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(TimingError, match="22:30"):
        minutes_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "10pm-7am",
        "22:00-07:00",
        "10 pm to 7 am",
        "2200-0700",
        "from 10pm until 7am",
        "22h–7h",
        "between 10pm and 7am",
        "٢٢:٠٠-٠٧:٠٠",
        "22：00〜07：00",
        "२२:००-०७:००",
        "22.00 - 7.00",
    ],
)
def test_quiet_hours_are_read(text: str) -> None:
    assert quiet_of(text) == QuietHours(1320, 420)
    assert quiet_of(read(f'relay timing alerts quiet:"{text}"').quiet) == QuietHours(1320, 420)


@pytest.mark.parametrize("text", ["10-7", "10pm-7", "22:00 to 7"])
def test_quiet_hours_with_two_readings_are_asked_about(text: str) -> None:
    with pytest.raises(TimingError, match="can be"):
        quiet_of(text)


@pytest.mark.parametrize("text", ["6pm", "18:00", "1800", "18.00", "6 p.m."])
def test_the_time_of_a_list_is_read(text: str) -> None:
    assert digest_of(text) == "0 18 * * *"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30d", 2_592_000),
        ("2w", 1_209_600),
        ("1h30m", 5_400),
        ("90 minutes", 5_400),
        ("1.5h", 5_400),
        ("1 hour and 30 minutes", 5_400),
        ("1 hour, 30 minutes", 5_400),
        ("half an hour", 1_800),
        ("a week", 604_800),
        ("2 hrs.", 7_200),
        ("٣٠d", 2_592_000),
        ("९० minutes", 5_400),
        ("２ｈ".replace("ｈ", "h"), 7_200),
    ],
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("30", ("30m", "30d")),
        ("1:30", ("1h30m", "1m30s")),
        ("1 month", ("30d",)),
        ("1y", ("365d",)),
        ("٣٠", ("30m",)),
    ],
)
def test_a_duration_with_two_readings_is_asked_about(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"can be|no fixed length") as caught:
        parse_duration(text)
    assert all(reading in str(caught.value) for reading in readings)


@pytest.mark.parametrize(
    ("text", "days"),
    [("30d", 30), ("30", 30), ("2w", 14), ("48h", 2), ("1,000", 1000), ("٣٠d", 30), ("30 days", 30)],
)
def test_an_age_in_days_is_read_as_a_duration_too(text: str, days: int) -> None:
    assert read(f'draw run {LINK} account_age:"{text}"').account_age == days


@pytest.mark.parametrize("text", ["1y", "36h", "90m", "2 months", "many"])
def test_an_age_that_is_no_number_of_days_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(f'draw run {LINK} account_age:"{text}"')
    assert caught.value.option == "account_age"


@pytest.mark.parametrize(
    ("text", "hours"), [("2d", 48), ("24h", 24), ("24", 24), ("1 day", 24), ("１２", 12)]
)
def test_hours_are_read_as_a_duration_too(text: str, hours: int) -> None:
    assert read(f'radar hours:"{text}"').hours == hours


@pytest.mark.parametrize(
    ("option", "text", "number"),
    [("min_followers", "10k", 10_000), ("min_followers", "1.5k", 1_500), ("min_followers", "2M", 2_000_000)],
)
def test_followers_are_read_in_every_command(option: str, text: str, number: int) -> None:
    for line in (f"draw run {LINK}", "relay filter alerts", "relay add #alerts", "relay preview"):
        assert getattr(read(f"{line} {option}:{text}"), option) == number
