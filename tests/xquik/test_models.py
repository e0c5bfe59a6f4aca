"""Models take what is new, what is missing and both shapes the sources disagree on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import UpstreamUnavailable
from bot.xquik.models import (
    Account,
    ComposeGuide,
    CreatedWebhook,
    Credits,
    Draft,
    Draw,
    DrawDetail,
    KeywordMonitor,
    MediaDownload,
    Monitor,
    RadarItem,
    RefineGuide,
    Score,
    Trends,
    User,
    Webhook,
    WebhookTest,
    WriteAction,
    XAccount,
    XquikEvent,
    moment,
    parse,
    parse_page,
    tweet_from_body,
)
from bot.xquik.models.base import Model
from tests.fuzzing import examples
from tests.xquik.spec import answers

HUGE = "98765432109876543210987654321098765432109876543210"


@pytest.mark.parametrize(
    "body",
    [
        {"balance": HUGE, "lifetime_used": "5", "auto_topup_enabled": True, "auto_topup_amount_dollars": 10},
        {"balance": HUGE, "lifetimeUsed": "5", "autoTopupEnabled": True, "autoTopupAmountDollars": 10},
    ],
)
def test_credits_are_whole_numbers_of_any_size_in_either_spelling(body: dict[str, object]) -> None:
    found = Credits.from_body(body)
    assert found.balance == int(HUGE)
    assert (found.lifetime_used, found.auto_topup_enabled) == (5, True)
    assert found.auto_topup_amount_dollars == 10


def test_the_account_of_the_seeds() -> None:
    account = parse(
        Account,
        {
            "plan": "active",
            "monitorsAllowed": 9007199254740991,
            "monitorsUsed": 1,
            "monitorBilling": {"activeHourlyBurn": "21", "unlimitedSlots": True},
            "creditInfo": {"balance": "77000"},
            "xUsername": "nasa",
        },
    )
    assert account.credit_info is not None and account.credit_info.balance == 77000
    assert account.monitor_billing is not None and account.monitor_billing.active_hourly_burn == 21
    assert (account.plan, account.x_username) == ("active", "nasa")


@pytest.mark.parametrize(
    ("body", "username", "health", "healthy"),
    [
        (
            {"id": "1", "xUsername": "nasa", "xUserId": "9", "status": "active", "health": "healthy"},
            "nasa",
            "healthy",
            True,
        ),
        (
            {"id": "1", "xUsername": "nasa", "status": "active", "health": "needsReauth"},
            "nasa",
            "needsReauth",
            False,
        ),
        ({"id": "1", "xUsername": "nasa", "health": "brandNew"}, "nasa", "brandNew", False),
        ({"id": "1", "username": "nasa", "displayName": "N", "isActive": True}, "nasa", "healthy", True),
        ({"id": "1", "username": "nasa", "isActive": False}, "nasa", "inactive", False),
    ],
)
def test_connected_accounts_in_both_shapes(
    body: dict[str, object], username: str, health: str, healthy: bool
) -> None:
    account = XAccount.from_body(body)
    assert (account.username, account.health, account.is_healthy) == (username, health, healthy)


def test_a_post_with_author_media_and_quote() -> None:
    tweet = tweet_from_body(
        {
            "tweet": {
                "id": "1",
                "text": "<b>hi</b>",
                "likeCount": "42",
                "viewCount": None,
                "possiblySensitive": True,
                "url": "https://x.com/nasa/status/1",
                "media": [
                    {
                        "type": "video",
                        "mediaUrl": "https://pbs/p.jpg",
                        "url": "https://t.co/x",
                        "videoVariants": [
                            {"contentType": "application/x-mpegURL", "url": "u0"},
                            {"contentType": "video/mp4", "url": "u1", "bitrate": 1},
                            {"contentType": "video/mp4", "url": "u2", "bitrate": "900"},
                        ],
                    }
                ],
                "quoted_tweet": {
                    "id": "2",
                    "text": "q",
                    "author": {"id": "7", "username": "esa", "name": "ESA"},
                },
            },
            "author": {"id": "5", "username": "nasa", "name": "NASA", "followers": 1, "verified": True},
        }
    )
    assert tweet.metrics.likes == 42 and tweet.metrics.views == 0
    assert tweet.author is not None and tweet.author.is_verified
    assert tweet.media[0].preview == "https://pbs/p.jpg"
    assert tweet.media[0].best_video == "u2"
    assert tweet.possibly_sensitive
    assert tweet.quoted_tweet is not None and tweet.quoted_tweet.url == "https://x.com/esa/status/2"


@pytest.mark.parametrize(
    "stated", ["https://evil.example/x.com/", "javascript:alert(1)", "http://x.com/a", ""]
)
def test_the_link_of_a_post_never_leaves_x(stated: str) -> None:
    tweet = tweet_from_body({"id": "1", "text": "", "url": stated, "author": {"username": "nasa"}})
    assert tweet.url == "https://x.com/nasa/status/1"
    assert tweet_from_body({"id": "1"}).url == "https://x.com/i/status/1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("AT&amp;T", "AT&T"),
        ("çay &lt;3", "çay <3"),
        ("दाल &amp;amp;", "दाल &amp;"),
        ("茶&gt;水", "茶>水"),
        ("&copy;", "&copy;"),
    ],
)
def test_texts_of_x_are_decoded_once_and_those_of_ours_never(text: str, shown: str) -> None:
    user = parse(User, {"name": text, "description": text, "location": text})
    assert (user.name, user.description, user.location) == (shown, shown, shown)
    assert parse(Trends, {"trends": [{"name": text}]}).trends[0].name == shown
    assert parse(ComposeGuide, {"styleTweets": [text]}).style_tweets == (shown,)
    assert tweet_from_body({"id": "1", "text": text}).text == shown
    assert parse(Draft, {"id": "1", "text": text}).text == text


def test_trends_in_both_shapes() -> None:
    newer = parse(
        Trends, {"trends": [{"name": "#AI", "tweetVolume": "12", "rank": 1}], "count": 1, "woeid": 1}
    )
    older = parse(Trends, {"trends": [{"name": "#AI", "description": "d"}], "total": 1, "woeid": 1})
    assert newer.trends[0].tweet_volume == 12
    assert older.trends[0].description == "d"


def test_a_draw_in_the_three_shapes() -> None:
    winners = [
        {"authorUsername": "c", "tweetId": "3", "position": 1, "isBackup": True},
        {"authorUsername": "b", "tweetId": "2", "position": 2, "isBackup": False},
        {"authorUsername": "a", "tweetId": "1", "position": 1, "isBackup": False},
    ]
    created = DrawDetail.from_body(
        {"id": "4", "tweetId": "9", "totalEntries": 5, "validEntries": 3, "winners": winners}
    )
    fetched = DrawDetail.from_body({"draw": {"id": "4", "tweetReplyCount": 1500}, "winners": winners})
    older = DrawDetail.from_body({"id": "4", "tweetText": "t", "totalEntries": "5"})
    assert [one.author_username for one in created.main_winners] == ["a", "b"]
    assert [one.author_username for one in created.backups] == ["c"]
    assert fetched.draw.tweet_reply_count == 1500
    assert older.winners is None and older.draw.total_entries == 5
    assert older.main_winners == ()


def test_free_form_data_is_kept_untouched() -> None:
    data = {"a": None, "tweetId": "1", "nested": [None, {"b": None}], "snake_case": 1}
    assert parse(XquikEvent, {"id": "1", "type": "new.type", "data": data}).data == data
    assert parse(RadarItem, {"id": "1", "metadata": data}).metadata == data


def test_an_id_that_comes_as_a_number_is_text() -> None:
    drawn = DrawDetail.from_body({"id": 42, "tweetId": 1893456789012345678, "winners": [{"tweetId": 5}]})
    assert (drawn.draw.id, drawn.draw.tweet_id) == ("42", "1893456789012345678")
    assert drawn.winners is not None and drawn.winners[0].tweet_id == "5"


def test_the_secret_of_a_webhook_is_hidden_and_must_be_there() -> None:
    made = CreatedWebhook.from_body({"id": "1", "url": "https://a", "secret": "hush-hush", "eventTypes": []})
    assert made.secret.get_secret_value() == "hush-hush"
    assert "hush-hush" not in repr(made)
    with pytest.raises(UpstreamUnavailable):
        CreatedWebhook.from_body({"id": "1", "url": "https://a"})


@pytest.mark.parametrize(
    ("body", "more", "cursor"),
    [
        ({"draws": [], "hasMore": True, "nextCursor": "c"}, True, "c"),
        ({"draws": [], "has_next_page": True, "next_cursor": "c"}, True, "c"),
        ({"draws": [], "hasMore": True, "afterCursor": "c"}, True, "c"),
        ({"draws": [], "hasMore": False, "nextCursor": "c"}, False, None),
        ({"draws": [], "hasMore": True}, False, None),
        ({}, False, None),
    ],
)
def test_both_cursor_conventions(body: dict[str, object], more: bool, cursor: str | None) -> None:
    page = parse_page(Draw, body, "draws")
    assert (page.items, page.has_more, page.next_cursor) == ((), more, cursor)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-02-24T10:30:00.000Z", datetime(2026, 2, 24, 10, 30, tzinfo=UTC)),
        ("2026-02-24T10:30:00", datetime(2026, 2, 24, 10, 30, tzinfo=UTC)),
        ("Wed Oct 10 20:19:24 +0000 2018", datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_times_in_both_formats(text: str | None, found: datetime | None) -> None:
    assert moment(text) == found


@pytest.mark.parametrize("body", [{"id": []}, [], "x", None, {"id": "1", "followers": "many"}])
def test_another_shape_is_a_failure_of_the_service(body: object) -> None:
    with pytest.raises(UpstreamUnavailable) as caught:
        parse(User, body)
    assert caught.value.code == "unexpected_shape"


@pytest.mark.parametrize("body", [{}, {"id": []}, {"tweet": {}}, {"id": "1", "text": 7}])
def test_an_answer_without_a_post_is_one_too(body: dict[str, object]) -> None:
    with pytest.raises(UpstreamUnavailable) as caught:
        tweet_from_body(body)
    assert caught.value.code == "unexpected_shape"


MINIMAL = {
    Account: {},
    Credits: {},
    ComposeGuide: {},
    RefineGuide: {},
    Score: {},
    Trends: {},
    User: {},
    WebhookTest: {},
    WriteAction: {},
    MediaDownload: {"galleryUrl": "g"},
    Draft: {"id": "1"},
    Draw: {"id": "1"},
    XquikEvent: {"id": "1"},
    KeywordMonitor: {"id": "1"},
    Monitor: {"id": "1"},
    RadarItem: {"id": "1"},
    Webhook: {"id": "1"},
}
unknown = st.dictionaries(
    st.text(min_size=1, max_size=8).map(lambda name: f"zz{name}"),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@settings(max_examples=examples(40), deadline=None)
@given(st.sampled_from(sorted(MINIMAL, key=lambda kind: kind.__name__)), unknown)
def test_unknown_fields_never_break_a_model(kind: type[Model], extra: dict[str, object]) -> None:
    assert parse(kind, {**extra, **MINIMAL[kind]}) == parse(kind, MINIMAL[kind])


@settings(max_examples=examples(40), deadline=None)
@given(st.sampled_from(sorted(MINIMAL, key=lambda kind: kind.__name__)))
def test_a_null_is_a_missing_field(kind: type[Model]) -> None:
    nulls = dict.fromkeys(field for field in ("text", "eventTypes", "media", "status", "zz"))
    assert parse(kind, {**nulls, **MINIMAL[kind]}) == parse(kind, MINIMAL[kind])


@pytest.mark.parametrize(
    ("operation", "status", "read"),
    [
        ("getAccount", "200", lambda body: parse(Account, body)),
        ("getCredits", "200", Credits.from_body),
        ("listXAccounts", "200", lambda body: [XAccount.from_body(one) for one in body["accounts"]]),
        ("lookupTweet", "200", tweet_from_body),
        ("getUser", "200", lambda body: parse(User, body)),
        ("getXTrends", "200", lambda body: parse(Trends, body)),
        ("getTrends", "200", lambda body: parse(Trends, body)),
        ("getRadar", "200", lambda body: parse_page(RadarItem, body, "items")),
        ("listEvents", "200", lambda body: parse_page(XquikEvent, body, "events")),
        ("listDraws", "200", lambda body: parse_page(Draw, body, "draws")),
        ("getDraw", "200", DrawDetail.from_body),
        ("createDraw", "201", DrawDetail.from_body),
        ("downloadMedia", "200", lambda body: parse(MediaDownload, body)),
        ("listMonitors", "200", lambda body: parse(tuple[Monitor, ...], body["monitors"])),
        ("createMonitor", "201", lambda body: parse(Monitor, body)),
        ("createKeywordMonitor", "201", lambda body: parse(KeywordMonitor, body)),
        ("listWebhooks", "200", lambda body: parse(tuple[Webhook, ...], body["webhooks"])),
        ("createWebhook", "201", CreatedWebhook.from_body),
        ("testWebhook", "200", lambda body: parse(WebhookTest, body)),
        ("resumeWebhook", "200", lambda body: parse(WebhookTest, body)),
        ("listDrafts", "200", lambda body: parse_page(Draft, body, "drafts")),
        ("createDraft", "201", lambda body: parse(Draft, body)),
        ("getWriteActionStatus", "200", WriteAction.from_body),
        ("getWriteActionStatus", "202", WriteAction.from_body),
    ],
)
def test_every_answer_that_the_document_allows_is_understood(
    operation: str, status: str, read: Callable[[Any], object]
) -> None:
    """With every field it knows; with only those it requires, it is understood or refused as unusable."""
    least, whole = answers(operation, status)
    assert read(whole) is not None
    with contextlib.suppress(UpstreamUnavailable):
        assert read(least) is not None
