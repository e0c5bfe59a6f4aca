"""Behind the name of a route, a draw or a region stand options, with a sign or without, and nothing else."""

from __future__ import annotations

import pytest

from bot.core.commands.binding import bind
from bot.core.commands.grammar import Parsed, parse
from bot.core.errors import UsageError
from bot.features.catalogue import catalogue

ALL = catalogue()


def values(line: str) -> dict[str, object]:
    """The arguments that differ from what they are when left out."""
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    args = bind(parsed.command, parsed.values)
    left_out = {one.name: one.default for one in parsed.command.parameters}
    given = {name: getattr(args, name) for name in left_out}
    return {name: value for name, value in given.items() if value != left_out[name]}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("relay filter alerts remove 2", {"route": "alerts", "remove": 2}),
        ("relay filter alerts Remove #2", {"route": "alerts", "remove": 2}),
        ("relay filter alerts remove:#2", {"route": "alerts", "remove": 2}),
        ("relay filter alerts remove:＃２", {"route": "alerts", "remove": 2}),
        ("relay filter uyarılar remove ٢", {"route": "uyarılar", "remove": 2}),
        ("relay filter अलर्ट remove २", {"route": "अलर्ट", "remove": 2}),
        ("relay filter route: 月 clear", {"route": "月", "clear": True}),
        (
            "relay filter route:月 clear yes contains 月食、日食",
            {"route": "月", "clear": True, "contains": ("月食", "日食")},
        ),
        ("relay filter alerts clear no", {"route": "alerts"}),
        (
            'relay filter alerts contains "lift off", ay lacks link',
            {"route": "alerts", "contains": ("lift off", "ay"), "lacks": ("link",)},
        ),
        (
            "relay look alerts layout compact thread day",
            {"route": "alerts", "layout": "compact", "thread": "day"},
        ),
        ("relay timing alerts digest off", {"route": "alerts", "digest": "off"}),
        ("trends New York count 5", {"region": "New York", "count": 5}),
    ],
)
def test_the_name_of_an_option_needs_no_sign_behind_a_name(line: str, found: dict[str, object]) -> None:
    assert values(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('relay filter "alerts remove" clear', {"route": "alerts remove", "clear": True}),
        ("relay filter alerts contains remove", {"route": "alerts", "contains": ("remove",)}),
        ("relay filter remove remove 2", {"route": "remove", "remove": 2}),
        ("tweet post account remove 2", {"text": "account remove 2"}),
        ("monitor keyword events of the day", {"query": "events of the day"}),
        ("help tweet post", {"topic": "tweet post"}),
    ],
)
def test_it_is_a_word_where_a_name_or_a_text_stands(line: str, found: dict[str, object]) -> None:
    assert values(line) == found


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("relay filter alerts contians:launch", "contains"),
        ("relay filter uyarılar qiuet:çekiliş", "quiet"),
        ("relay filter 月 lagnuage:ja", "language"),
        ("relay look अलर्ट laoyut:full", "layout"),
        ("relay timing alerts --digets 18:00", "digest"),
        ("relay edit alerts acount:nasa", "account"),
        ("trends New York cuont:5", "count"),
        ("draw show #3 drow:4", "draw"),
    ],
)
def test_an_option_that_is_misspelt_is_no_part_of_the_name(line: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"Did you mean '{meant}'") as caught:
        values(line)
    assert caught.value.example


@pytest.mark.parametrize(
    "line", ["draw show #3 format:csv", "draft show #2 colour:red", "relay show r 色:赤 x:y"]
)
def test_an_unknown_option_is_named(line: str) -> None:
    with pytest.raises(UsageError, match="is not an option of this command"):
        values(line)
