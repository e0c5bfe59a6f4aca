"""For how long credits last, and how that is said."""

from __future__ import annotations

import pytest

from bot.core.x.forecast import DAY, ENOUGH, HOUR, SOON, lasts, lasts_words


@pytest.mark.parametrize(
    ("balance", "hourly", "said"),
    [
        (6_480, 30, "about 9 days"),
        (7_199, 30, "about 9 days"),
        (90 * 24 * 9 + 400, 90, "about 9 days"),
        (30 * 48, 30, "about 2 days"),
        (30 * 48 - 1, 30, "about 47 hours"),
        (30, 30, "about 1 hour"),
        (29, 30, "less than an hour"),
        (0, 30, "less than an hour"),
        (-5, 30, "less than an hour"),
        (10**400, 30, "about 1,388,888,888,888 days"),
    ],
)
def test_a_balance_lasts_as_long_as_monitors_leave_it(balance: int, hourly: int, said: str) -> None:
    left = lasts(balance, hourly)
    assert left is not None
    assert lasts_words(left) == said


def test_what_nothing_uses_lasts() -> None:
    assert lasts(100, 0) is None
    assert lasts(0, 0) is None


def test_the_two_borders_lie_apart() -> None:
    assert HOUR < DAY < SOON < ENOUGH
