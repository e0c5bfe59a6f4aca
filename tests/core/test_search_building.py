"""A search on X from its parts: which operators stand in it, and what can match nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.core.x.search_building import LONGEST_QUERY, SearchParts, search_query
from bot.core.x.searches import day_of


@pytest.mark.parametrize(
    ("parts", "query"),
    [
        ({}, ""),
        ({"words": "mars rover"}, "mars rover"),
        ({"author": "nasa", "to": "esa", "mentioning": "xquik"}, "from:nasa to:esa @xquik"),
        ({"words": "a OR b"}, "a OR b"),
        ({"words": "a OR b", "author": "nasa"}, "(a OR b) from:nasa"),
        ({"words": 'a "b OR c"', "author": "nasa"}, 'a "b OR c" from:nasa'),
        ({"words": "a", "advanced": "b OR url:c"}, "a (b OR url:c)"),
        ({"phrase": "  two   words "}, '"two words"'),
        ({"phrase": '"two words"'}, '"two words"'),
        (
            {"words": "a", "without": ("b", "-c", "two words", "from:d", " ")},
            'a -b -c -"two words" -"from:d"',
        ),
        (
            {"since": date(2026, 3, 1), "until": date(2026, 3, 1), "language": "de"},
            "lang:de since:2026-03-01 until:2026-03-02",
        ),
        ({"words": "a", "until": date.max}, "a"),
        ({"min_likes": 10, "min_reposts": 2, "min_replies": 1}, "min_faves:10 min_retweets:2 min_replies:1"),
        ({"words": "a", "verified": True, "media": "images"}, "a filter:verified filter:images"),
        ({"words": "a", "media": "gifs"}, "a filter:media"),
        ({"words": "a", "replies": "exclude", "reposts": "only"}, "a -filter:replies filter:nativeretweets"),
        ({"words": "a", "replies": "only", "reposts": "exclude"}, "a filter:replies -filter:nativeretweets"),
        ({"words": "a", "replies": "include", "reposts": "include"}, "a include:nativeretweets"),
        ({"words": "火星 OR ay", "advanced": "lang:english"}, "(火星 OR ay) lang:en"),
    ],
)
def test_each_part_is_an_operator_of_x(parts: dict[str, Any], query: str) -> None:
    assert search_query(SearchParts(**parts)) == query


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {"since": date(2026, 3, 2), "until": date(2026, 3, 1)},
            "2026-03-01 is before since 2026-03-02",
        ),
        ({"phrase": 'say "it" now'}, "has quotes inside"),
        ({"without": ('a"b',)}, "has quotes inside"),
        ({"advanced": "since:yesterday"}, "YYYY-MM-DD"),
        ({"words": "x" * 600}, "the search has 600 characters, and X takes 512"),
    ],
)
def test_what_can_match_nothing_is_refused(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        search_query(SearchParts(**parts))


def test_a_search_may_be_as_long_as_x_takes_it() -> None:
    assert len(search_query(SearchParts(words="x" * LONGEST_QUERY))) == LONGEST_QUERY


def test_a_day_is_read_as_people_write_it() -> None:
    assert day_of(" 2026-3-1 ") == day_of("2026-03-01") == date(2026, 3, 1)
    for wrong in ("", "01.03.2026", "2026-02-30", "yesterday", "2026-03-01 OR a"):
        with pytest.raises(ValueError, match="YYYY-MM-DD"):
            day_of(wrong)
