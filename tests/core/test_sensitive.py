"""Tweets that X marks as possibly sensitive, however deep the mark stands."""

from __future__ import annotations

import pytest

from bot.core.chat.ids import TenantId
from bot.core.routes.event_readings import is_sensitive
from bot.core.routes.events import Event


def _event(data: dict[str, object]) -> Event:
    return Event(1, TenantId("slack", "T1"), "tweet.new", "nasa", None, 1.0, 1.0, data, "e:1")


MARK = {"possiblySensitive": True}


@pytest.mark.parametrize(
    "data",
    [
        MARK,
        {"possibly_sensitive": True},
        {"tweet": MARK},
        {"quoted_tweet": MARK},
        {"retweeted_tweet": MARK},
        {"tweet": {"quotedTweet": MARK}},
    ],
)
def test_a_mark_counts_wherever_it_stands(data: dict[str, object]) -> None:
    assert is_sensitive(_event(data))


@pytest.mark.parametrize(
    "data",
    [{}, {"possiblySensitive": "true"}, {"possiblySensitive": None}, {"quoted_tweet": "x"}, {"tweet": 3}],
)
def test_what_is_not_marked_is_not_sensitive(data: dict[str, object]) -> None:
    assert not is_sensitive(_event(data))
