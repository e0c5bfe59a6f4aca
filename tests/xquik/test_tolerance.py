"""What of a paid answer cannot be read is left out, counted and told; the rest is read."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import UpstreamUnavailable
from bot.xquik.client import XquikClient
from bot.xquik.connections import Connections
from bot.xquik.free_reads import is_free
from bot.xquik.models import (
    Article,
    Community,
    Space,
    StylePerformance,
    Trends,
    User,
    XList,
    analysis_from_body,
    article_from_body,
)
from bot.xquik.models.base import parse_page, parse_paid, parse_rows
from bot.xquik.transport.client import Transport
from tests.fuzzing import examples
from tests.xquik.server import KEY, Reply, Upstream
from tests.xquik.test_resources import CALLS

ODD: tuple[Any, ...] = ([], {}, "much", 1e400, True)
BAD_ROWS: tuple[Any, ...] = (5, "x", [1], {}, {"id": {}}, {"id": [], "name": 3})


@pytest.fixture
def xquik(transport: Transport) -> XquikClient:
    return Connections(transport).client(KEY)


def rows_of(value: Any) -> list[Any]:
    """The rows that a request answers with, whatever it calls them."""
    for name in ("items", "posts", "tweets", "users", "trends", "locations", "contents"):
        found = getattr(value, name, None)
        if found is not None:
            return rows_of(found) if not isinstance(found, tuple) else list(found)
    return []


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_rows_that_cannot_be_read_cost_no_other_row(
    upstream: Upstream, xquik: XquikClient, name: str
) -> None:
    """Each request whose answer has a list and may be paid for."""
    call, answer = CALLS[name]
    listed = next((key for key, value in answer.items() if isinstance(value, list) and value), None)
    upstream.will(Reply(body=answer))
    await call(xquik)
    seen = upstream.seen[0]
    if listed is None or (seen.method == "GET" and is_free(seen.path)):
        return
    good = answer[listed]
    upstream.will(Reply(body={**answer, listed: [*BAD_ROWS[:3], *good, *BAD_ROWS[3:]]}))
    found = await call(xquik)
    assert len(rows_of(found)) >= len(good)
    told = getattr(found, "unreadable", None)
    assert (getattr(found, "posts", found).unreadable if told is None else told) > 0


USER = {"id": "1", "username": "nasa", "followers": 5}


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_an_odd_remark_on_a_row_loses_neither_the_row_nor_the_page(odd: Any) -> None:
    page = parse_page(User, {"users": [USER, {**USER, "id": "2", "followers": odd}]}, "users")
    assert [one.id for one in page.items] == ["1", "2"]
    assert page.unreadable == 0


ANSWER = {
    "results": [{"tweet": {"id": "1", "text": "t"}, "analysis": {"answers": [{"questionId": "q1"}]}}],
    "unanalyzed": [{"id": "2", "reason": "missing_text"}],
    "analysisSummary": {"cashtags": [{"cashtag": "$A", "rows": 1}]},
}


@pytest.mark.parametrize(
    "odd", [*ODD, [1], [{}], [{"id": []}], [{"cashtag": 5}], [{"questionId": 1}]], ids=repr
)
@pytest.mark.parametrize("where", ["unanalyzed", "analysisSummary", "answers", "reason", "viralScore"])
def test_an_odd_remark_on_an_analysis_loses_itself_alone(where: str, odd: Any) -> None:
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(ANSWER))
    match where:
        case "answers":
            body["results"][0]["analysis"]["answers"] = odd
        case "reason":
            body["unanalyzed"][0]["reason"] = odd
        case "viralScore":
            body["results"][0]["viralScore"] = odd
        case _:
            body[where] = odd
    assert [one.tweet.text for one in analysis_from_body(body).posts.items] == ["t"]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(
    "name", ["title", "contents", "coverImageUrl", "likeCount", "createdAt", "author", "bodyText"]
)
def test_an_odd_remark_on_an_article_does_not_lose_its_text(name: str, odd: Any) -> None:
    body = {"article": {"bodyMarkdown": "All of it", name: odd}, "author": {"id": "1", "followers": odd}}
    assert article_from_body(body, "12").body_markdown == "All of it"


def test_of_a_part_that_cannot_be_read_the_others_stay() -> None:
    parts = [{"text": "a"}, 7, {"text": []}, {"text": "b", "url": {}}]
    article = article_from_body({"article": {"contents": parts}}, "12")
    assert [one.text for one in article.contents] == ["a", "", "b"]
    trends = parse_paid(Trends, {"trends": [{"name": "a"}, {"rank": 2}, 9], "woeid": "x", "location": {}})
    assert [one.name for one in trends.trends] == ["a"] and trends.location is None
    style = parse_paid(StylePerformance, {"xUsername": "nasa", "tweets": [{"id": "1", "likeCount": "?"}]})
    assert style.tweets[0].like_count is None


def test_what_has_nothing_that_can_be_read_is_a_failure() -> None:
    nothing: tuple[Any, ...] = (None, 5, [], "text")
    for value in nothing:
        with pytest.raises(UpstreamUnavailable, match="unexpected shape"):
            parse_paid(Trends, value)
    with pytest.raises(UpstreamUnavailable):
        parse_page(User, {"users": {"a": 1}}, "users")
    with pytest.raises(UpstreamUnavailable):
        analysis_from_body({"results": 5})
    assert parse_rows(User, {"a": 1}) == ((), 0)


_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
_NAMES = st.sampled_from(
    [
        "id",
        "name",
        "text",
        "contents",
        "trends",
        "location",
        "woeid",
        "tweets",
        "users",
        "author",
        "likeCount",
    ]
)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=examples(200), deadline=None)
@given(_JSON, st.sampled_from([Article, StylePerformance, Trends, User, Community, Space, XList]))
def test_whatever_comes_is_read_or_is_a_failure_with_a_remedy(value: Any, kind: type[Any]) -> None:
    try:
        found = parse_paid(kind, value)
    except UpstreamUnavailable:
        return
    assert isinstance(found, kind)


def test_lists_by_which_something_is_decided_stay_strict() -> None:
    with pytest.raises(UpstreamUnavailable):
        parse_page(User, {"users": [USER, {"followers": []}]}, "users", strict=True)


def test_the_log_has_the_shape_and_no_content(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page = parse_page(User, {"users": [{**USER, "followers": "secret"}, "secret text"]}, "users")
    assert (len(page.items), page.unreadable) == (1, 1)
    assert "User.followers: Expected `int | null`, got `str`" in caplog.text
    assert "secret" not in caplog.text


def test_a_value_with_more_that_is_odd_than_anybody_mends_is_a_failure_soon() -> None:
    many = {"contents": [5] * 5_000}
    with pytest.raises(UpstreamUnavailable):
        parse_paid(Article, many)
