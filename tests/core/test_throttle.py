"""Turns within a rate, by the arithmetic alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.throttle import Throttle
from tests.conftest import ManualClock


def test_a_burst_goes_at_once_and_then_one_each_interval() -> None:
    pace = Throttle(1.0, 3, ManualClock())
    assert [pace.wait("a", 60.0) for _ in range(5)] == [0.0, 0.0, 0.0, 1.0, 2.0]
    assert pace.wait("b", 60.0) == 0.0, "another name has turns of its own"


def test_a_pause_earns_the_burst_again_and_no_more() -> None:
    clock = ManualClock()
    pace = Throttle(2.0, 2, clock)
    assert [pace.wait("a", 9.0) for _ in range(3)] == [0.0, 0.0, 0.5]
    clock.advance(100)
    assert [pace.wait("a", 9.0) for _ in range(3)] == [0.0, 0.0, 0.5]


def test_a_turn_that_is_too_far_off_is_not_taken() -> None:
    clock = ManualClock()
    pace = Throttle(1.0, 1, clock)
    pace.wait("a", 0.5)
    assert pace.wait("a", 0.5) is None and pace.until("a") == 1.0
    clock.advance(1.0)
    assert pace.wait("a", 0.5) == 0.0


def test_names_are_forgotten_oldest_first() -> None:
    pace = Throttle(1.0, 1, ManualClock(), remembered=2)
    for name in "abc":
        pace.wait(name, 0.0)
    assert (pace.wait("a", 9.0), pace.wait("c", 9.0)) == (0.0, 1.0)


@given(st.lists(st.floats(0.0, 5.0), max_size=60), st.integers(1, 9), st.floats(0.5, 60.0))
def test_no_stretch_of_time_has_more_turns_than_it_may(gaps: list[float], burst: int, rate: float) -> None:
    clock = ManualClock()
    pace = Throttle(rate, burst, clock)
    turns = []
    for gap in gaps:
        clock.advance(gap)
        seconds = pace.wait("a", 1e9)
        assert seconds is not None
        turns.append(clock() + seconds)
    for first, begin in enumerate(turns):
        for last in range(first, len(turns)):
            allowed = burst + (turns[last] - begin) * rate
            assert last - first + 1 <= allowed + 1e-3
