"""What is counted of how somebody writes."""

from __future__ import annotations

from bot.core.x.habits import Habits, habits_of

TEXTS = ("Look: https://example.com #space", "@nasa, ready?", "First line\nsecond!", "予定は？")


def test_each_habit_is_counted_once_a_text() -> None:
    found = habits_of(TEXTS)
    assert found == Habits(
        texts=4, length=found.length, links=1, hashtags=1, mentions=1, questions=2, calls=1, lines=1
    )
    assert found.share(found.questions) == 50


def test_lengths_are_those_that_x_counts() -> None:
    assert habits_of(["https://example.com/a/very/long/address/that/x/shortens"]).length == 23
    assert habits_of(["予定"]).length == 4


def test_no_texts_have_no_habits() -> None:
    assert habits_of(()) == Habits(0, 0, 0, 0, 0, 0, 0, 0) and habits_of(()).share(0) == 0
