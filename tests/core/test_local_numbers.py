"""What is a number of the place, in the digits and signs of every script; a number alone is an id."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands.local_numbers import local_number, written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("#3", 3),
        (" #3 ", 3),
        ("# 3", 3),
        ("#003", 3),
        ("＃３", 3),
        ("﹟12", 12),
        ("#٣", 3),
        ("#४२", 42),
        ("#๑๒", 12),
        ("\u2066#7\u2069", 7),
        ("#\u200b7", 7),
        ("#999999999", 999_999_999),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, number: int) -> None:
    assert local_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["3", "٣", "", "#", "#0", "#-3", "#3a", "a#3", "##3", "#3 4", "<#C1|3>", "#1234567890", "#" + "3" * 99],
)
def test_everything_else_is_none(text: str) -> None:
    assert local_number(text) is None


@given(st.integers(1, 999_999_999))
def test_what_is_written_is_read(number: int) -> None:
    assert local_number(written(number)) == number
