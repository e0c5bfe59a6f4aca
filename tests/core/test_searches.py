"""The operators of a search, checked before it is stored or paid for."""

from __future__ import annotations

import tomllib

import pytest

from bot.app.apply_file import Document
from bot.core.commands.binding import bind
from bot.core.commands.grammar import Parsed, parse
from bot.core.errors import UsageError
from bot.core.x.searches import checked_search
from bot.features.catalogue import catalogue

ALL = catalogue()


def bound(line: str) -> object:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    return bind(parsed.command, parsed.values)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("artemis OR moon lang:english", "artemis OR moon lang:en"),
        ("ay lang:Türkçe", "ay lang:tr"),
        ("月 -lang:日本語", "月 -lang:ja"),
        ("القمر lang:العربية", "القمر lang:ar"),
        ("moon lang:he", "moon lang:iw"),
        ("from:@nasa moon", "from:nasa moon"),
        ("(from:nasa OR from:https://x.com/esa)", "(from:nasa OR from:esa)"),
        ("ay lang:turkce", "ay lang:tr"),
        ("lune\nlang:francais", "lune\nlang:fr"),
        # Spans that hold something, or are of two sides, or are text.
        ("moon until:2026-02-02 since:2026-02-01", "moon until:2026-02-02 since:2026-02-01"),
        ("ay since:2026-02-01 OR until:2026-01-01", "ay since:2026-02-01 OR until:2026-01-01"),
        ("(月 since:2026-02-01) until:2026-01-01", "(月 since:2026-02-01) until:2026-01-01"),
        ('"since:2026-03-01" until:2026-01-01', '"since:2026-03-01" until:2026-01-01'),
        (
            "قمر until:2026-02-01_10:00:00_UTC since:2026-02-01",
            "قمر until:2026-02-01_10:00:00_UTC since:2026-02-01",
        ),
        ("to:nasa min_faves:10k", "to:nasa min_faves:10000"),
        ("moon min_retweets:1.5k -min_replies:٥", "moon min_retweets:1500 -min_replies:5"),
        (
            "moon since:2026-1-2 until:2026-03-31_12:00:00_UTC",
            "moon since:2026-01-02 until:2026-03-31_12:00:00_UTC",
        ),
        ("moon since_id:1893456789012345678", "moon since_id:1893456789012345678"),
        ("moon filter:whatever -filter:links url:nasa odd:thing!", None),
        ('"lang:english from:not-a-handle!" moon', None),
        ('from:"nasa" @nasa, @esa\'s @ https://x.com/a', None),
        ("10:30 news: today", None),
    ],
)
def test_values_become_those_that_x_takes(written: str, stored: str | None) -> None:
    assert checked_search(written) == (stored or written)
    assert checked_search(stored or written) == (stored or written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("moon lang:englsh", "English (en)"),
        ("moon lang:klingonish", "lang:klingonish"),
        ("from:not-a-handle!", "from:not-a-handle!"),
        ("-to:a_name_that_is_far_too_long", "1 to 15"),
        ("@not-a-handle moon", "@not-a-handle"),
        ("moon min_faves:many", "whole number"),
        ("moon min_retweets:-5", "0 or more"),
        ("moon min_replies:1.5", "whole number"),
        ("moon since_id:yesterday", "digits"),
        ("moon since:yesterday", "YYYY-MM-DD"),
        ("moon until:2026-02-30", "YYYY-MM-DD"),
        ("moon since:2026-03-01 until:2026-02-01", "until:2026-02-01 is not after since:2026-03-01"),
        ("ay until:2026-1-2 (from:nasa OR from:esa) since:2026-1-2", "the earlier one behind since:"),
        ("月 since_id:50 max_id:50", "max_id:50 is not after since_id:50"),
        ("قمر since:2026-02-02 until:2026-02-01_10:00:00_UTC", "nothing can match"),
        ("from: nasa", "right after the colon"),
        ("(moon lang:)", "right after the colon"),
    ],
)
def test_what_can_match_nothing_is_refused(written: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        checked_search(written)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("monitor keyword ‘artemis’ OR moon lang:englsh", "query"),
        ('relay add channel:#alerts keyword:"artemis from:not-a-handle!"', "keyword"),
        ('relay edit alerts keyword:"moon since:yesterday"', "keyword"),
    ],
)
def test_a_command_refuses_it_by_its_option(line: str, option: str) -> None:
    with pytest.raises(UsageError) as caught:
        bound(line)
    assert caught.value.option == option


@pytest.mark.parametrize(
    "line",
    [
        'relay add channel:#alerts keyword:"artemis lang:english"',
        'relay edit alerts keyword:"artemis lang:english"',
    ],
)
def test_a_command_stores_what_x_takes(line: str) -> None:
    assert bound(line).keyword == ("artemis lang:en",)  # type: ignore[attr-defined]
    assert bound("monitor keyword artemis lang:english").query == "artemis lang:en"  # type: ignore[attr-defined]


@pytest.mark.parametrize("end", ["\n", "\r\n", " \n\n ", "\t", "\u2028"])
def test_line_ends_of_a_large_field_are_white_space(end: str) -> None:
    command = next(one for one in ALL if one.name == "monitor keyword")
    found = bind(command, {"query": [f"ay{end}inişi lang:tr"]})
    assert found.query == "ay inişi lang:tr"
    topic = next(one for one in ALL if one.name == "tweet compose")
    assert bind(topic, {"topic": [f"月{end}面"]}).topic == "月 面"
    pattern = next(one for one in ALL if one.name == "relay filter")
    with pytest.raises(UsageError, match="invisible"):
        bind(pattern, {"route": ["r"], "matches": ["a\nb"]})


def test_what_is_watched_already_can_be_named_whatever_it_is() -> None:
    assert bound("monitor remove moon lang:englsh").monitor == "moon lang:englsh"  # type: ignore[attr-defined]


def test_a_file_is_held_to_the_same() -> None:
    head = '[[tenant]]\nplatform = "slack"\nworkspace = "T1"\n[[tenant.route]]\nname = "r"\nchannel = "C1"\n'
    read = Document.model_validate(tomllib.loads(f"{head}keywords = ['“ay” lang:english']\n"))
    assert read.tenant[0].route[0].keywords == ('"ay" lang:en',)
    with pytest.raises(ValueError, match="not-a-handle"):
        Document.model_validate(tomllib.loads(f"{head}keywords = ['from:not-a-handle!']\n"))
