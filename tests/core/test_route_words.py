"""What people write about routes: filters, hours, bursts, schedules; and routes on trial."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.conditions import (
    MOST_FILTERS,
    ConditionError,
    checked,
    checked_all,
    replaced,
    without,
)
from bot.core.routes.events import Event
from bot.core.routes.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    Quiet,
)
from bot.core.routes.route import Route, Sensitive
from bot.core.routes.route_trials import tried
from bot.core.routes.schedule import Burst, QuietHours
from bot.core.routes.schedule_moments import TimingError
from bot.core.routes.schedule_text import (
    burst_of,
    burst_text,
    digest_of,
    digest_text,
    digest_words,
    quiet_of,
    quiet_text,
)

TENANT = TenantId("slack", "T1")
ROUTE = Route("1", "r", Destination(TENANT, "C1"))


# --- filters ---------------------------------------------------------------------------------


def test_words_are_kept_once_without_surplus_space() -> None:
    assert checked(Contains((" lift   off ", "lift off", ""))) == Contains(("lift off",))
    assert checked(Languages(("EN", "en ", "de"))) == Languages(("en", "de"))
    assert checked(Languages(("und", "qme", "iw", "he"))) == Languages(("und", "qme", "iw", "he"))


@pytest.mark.parametrize(
    ("one", "option"),
    [
        (Contains(("  ",)), "contains"),
        (Quiet(tuple(map(str, range(51)))), "quiet"),
        (Matches(" "), "matches"),
        (Matches("("), "matches"),
        (Matches("a{1001}"), "matches"),
        (Has(()), "has"),
        (Lacks(()), "lacks"),
        (Languages(()), "language"),
        (Languages(("e",)), "language"),
        (Languages(("en", "xx")), "language"),
        (MinFollowers(0), "min_followers"),
    ],
)
def test_a_filter_that_cannot_be_used_names_its_option(one: Filter, option: str) -> None:
    with pytest.raises(ConditionError) as caught:
        checked(one)
    assert caught.value.option == option


def test_only_so_many_filters_stand_together() -> None:
    checked_all([NoReplies()] * MOST_FILTERS)
    with pytest.raises(ConditionError, match="at most 20 filters"):
        checked_all([NoReplies()] * (MOST_FILTERS + 1))


def test_filters_that_together_let_nothing_pass_are_refused() -> None:
    checked_all([Has(("media",)), Lacks(("link",))])
    with pytest.raises(ConditionError, match="nothing would pass"):
        checked_all([Has(("media", "link")), Quiet(("a",)), Lacks(("link",))])


def test_the_first_of_its_kind_is_replaced_and_the_others_go() -> None:
    filters = (Quiet(("a",)), Contains(("b",)), Quiet(("c",)))
    assert replaced(filters, Quiet(("d",))) == (Quiet(("d",)), Contains(("b",)))
    assert replaced(filters, NoReplies()) == (*filters, NoReplies())


def test_a_filter_is_taken_away_by_its_number() -> None:
    filters = (Quiet(("a",)), NoReplies())
    assert without(filters, 1) == (NoReplies(),)
    for number in (0, 3, -1):
        with pytest.raises(ConditionError, match="there are 2"):
            without(filters, number)


# --- schedule ----------------------------------------------------------------------------------


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_quiet_hours_are_read_as_they_are_written(begins: int, ends: int) -> None:
    if begins != ends:
        assert quiet_of(quiet_text(QuietHours(begins, ends))) == QuietHours(begins, ends)


@given(st.integers(1, 1000), st.integers(1, 86_400))
def test_a_burst_is_read_as_it_is_written(count: int, seconds: int) -> None:
    assert burst_of(burst_text(Burst(count, seconds))) == Burst(count, seconds)


@given(st.integers(0, 59), st.integers(0, 23), st.sampled_from(("*", "1-5", "0", "mon,fri")))
def test_a_schedule_is_read_as_it_is_written(minute: int, hour: int, day: str) -> None:
    schedule = digest_of(f"{minute} {hour} * * {day}")
    assert digest_of(digest_text(schedule)) == schedule


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("weekly", "every Monday at 09:00"),
        ("hourly", "hourly"),
        ("daily", "daily at 09:00"),
        ("18:05", "daily at 18:05"),
        ("0 9 * * 1-5", "Monday to Friday at 09:00"),
        ("30 7 * * mon,fri", "every Monday and Friday at 07:30"),
        ("0 9 * * 0,6,3", "every Wednesday, Saturday and Sunday at 09:00"),
        ("0 9 * * 7", "every Sunday at 09:00"),
        ("0 9 * * 5-7", "every Friday, Saturday and Sunday at 09:00"),
        ("0 9 * * 0-6", "daily at 09:00"),
        ("*/5 9 * * 1", "by the schedule */5 9 * * 1"),
        ("0 9 1 * 1", "by the schedule 0 9 1 * 1"),
        ("0 9 * * 1#2", "by the schedule 0 9 * * 1#2"),
    ],
)
def test_a_schedule_is_told_in_words_where_it_has_some(given: str, words: str) -> None:
    assert digest_words(digest_of(given)) == words


def test_a_weekly_list_is_written_as_it_was_given() -> None:
    assert digest_text(digest_of("weekly")) == "weekly"


@pytest.mark.parametrize(
    "text", ["22:00-07:00", "22:00 - 7:00", "22:00 to 07:00", "22.00–7.00", "22:00 until 7:00"]
)
def test_quiet_hours_are_understood_in_several_spellings(text: str) -> None:
    assert quiet_of(text) == QuietHours(1320, 420)


@pytest.mark.parametrize("text", ["5 in 10m", "5 per 10 minutes", "5/10m", "5in600s"])
def test_a_burst_is_understood_in_several_spellings(text: str) -> None:
    assert burst_of(text) == Burst(5, 600)


@given(st.text(max_size=30))
def test_whatever_is_written_is_read_or_refused_in_words(text: str) -> None:
    for read in (quiet_of, burst_of, digest_of):
        try:
            read(text)
        except TimingError as error:
            assert str(error)


# --- trials ----------------------------------------------------------------------------------


def _event(number: int, text: str, kind: str = "tweet.new", **data: object) -> Event:
    return Event(number, TENANT, kind, "nasa", None, 0.0, 0.0, {"text": text, **data}, f"e:{number}")


def test_a_trial_names_the_rule_that_stopped_most_first() -> None:
    route = replace(
        ROUTE,
        events=("tweet.new",),
        filters=(MinFollowers(10), Contains(("launch",))),
        sensitive=Sensitive.NEVER,
        paused_reason="paused by Ada",
    )
    known = {"followers": 50}
    events = [
        _event(1, "launch", author=known),
        _event(2, "launch", author={"followers": 3}),
        _event(3, "launch", author={"followers": 4}),
        _event(4, "lunch", author=known),
        _event(5, "launch", "tweet.reply", author=known),
        _event(6, "launch", possiblySensitive=True, author=known),
    ]
    trial = tried(route, events)
    assert [event.id for event in trial.passed] == [1], "as if it were on"
    assert trial.tried == 6
    assert trial.refused[0] == ("filter 1 (min_followers)", 2), "whatever the numbers of followers are"
    assert dict(trial.refused[1:]) == {
        "filter 2 (contains)": 1,
        "the route does not take events of this kind: New reply": 1,
        "X marks it as possibly sensitive": 1,
    }
