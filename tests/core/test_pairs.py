"""Lists of `name=value` as people write them."""

from __future__ import annotations

import pytest

from bot.core.text.lists import COMMAS, items_of, list_end
from bot.core.text.quoting import Quotes


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("a=1,b=2", ["a=1", "b=2"]),
        ("a=1, b=2", ["a=1", "b=2"]),
        ('a="x y", b=2', ["a=x y", "b=2"]),
        ('a="x, y",b:2', ["a=x, y", "b:2"]),
        ("a:'x y'", ["a:x y"]),
        ('"a=x, b=2"', ["a=x, b=2"]),
    ],
)
def test_the_value_alone_may_stand_in_quotes(text: str, items: list[str]) -> None:
    assert items_of(text, "pairs") == items


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a=1, b=2 limit:3", "a=1, b=2"),
        ("a=1, limit:3", "a=1,"),
        ('a="x y", b=2 limit:3', 'a="x y", b=2'),
        ("a=1 b=2", "a=1"),
    ],
)
def test_a_list_of_pairs_ends_before_an_option_of_the_command(text: str, read: str) -> None:
    end = list_end(text, 0, Quotes(text, COMMAS), {"limit", "target"})
    assert text[:end] == read
    assert list_end("a=1, b=2", 0, Quotes("a=1, b=2", COMMAS)) == len("a=1,"), "of any name elsewhere"
