"""The tweet, its author and its conversation, in whatever shape an event comes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.ids import TenantId
from bot.core.routes import event_readings
from bot.core.routes.events import Event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
NAMES = st.sampled_from(["id", "tweetId", "tweet", "author", "conversationId", "inReplyToId", "username"])


def event(data: dict[str, Any], username: str | None = None) -> Event:
    return Event(1, TenantId("slack", "T1"), "tweet.new", username, None, 0.0, 0.0, data, "e:1")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"id": "18"}, "18"),
        ({"tweetId": 18}, "18"),
        ({"id": "x", "tweetId": "18"}, "18"),
        ({"tweet": {"id": "18"}}, "18"),
        ({"id": True, "tweet": "18"}, None),
        ({"id": "٣"}, None),
        ({"id": "1" * 26}, None),
        ({"id": 10**30}, None),
        ({"id": "18\n"}, None),
    ],
)
def test_the_id_is_found_where_the_sources_put_it_and_is_always_a_short_number(
    data: dict[str, Any], found: str | None
) -> None:
    assert event_readings.tweet_id(event(data)) == found


def test_a_conversation_is_named_by_its_root_and_a_root_has_none() -> None:
    def conversation(data: dict[str, Any]) -> str | None:
        return event_readings.conversation_id(event(data))

    assert conversation({"id": "3", "conversationId": "1", "inReplyToId": "2"}) == "1"
    assert conversation({"id": "3", "tweet": {"inReplyToId": "2"}}) == "2"
    assert conversation({"id": "3", "conversationId": "3"}) is None
    assert conversation({"id": "3"}) is None


def test_the_author_is_the_one_the_tweet_tells_else_the_account_that_is_watched() -> None:
    assert event_readings.author(event({"author": {"username": "@NASA"}}, "esa")) == "nasa"
    assert event_readings.author(event({"tweet": {"author": {"userName": "JAXA"}}})) == "jaxa"
    assert event_readings.author(event({"author": "?"}, "ESA")) == "esa"
    assert event_readings.author(event({"author": {"username": "a b"}})) is None
    assert event_readings.account(event({"author": {"username": "NASA"}})) is None


@given(st.dictionaries(NAMES, JSON))
def test_any_data_is_read_without_a_crash(data: dict[str, Any]) -> None:
    found = event_readings.tweet_id(event(data))
    assert found is None or (found.isdigit() and len(found) <= 25)
    event_readings.conversation_id(event(data))
    event_readings.author(event(data))
