"""The 19 keyed writes: what is sent, that a repeat is byte-identical, and what each outcome becomes."""

from __future__ import annotations

import ast
import asyncio
import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from x_twitter_scraper.types.x import WriteActionRetrieveResponse

from bot.core.errors import (
    AccountTrouble,
    BotError,
    Conflict,
    KeyRejected,
    OutcomeUnknown,
    OutOfCredits,
    RateLimited,
    Rejected,
    UpstreamUnavailable,
    UsageError,
)
from bot.xquik.errors import NotSent, WriteDeferred, XquikAnswerLost, facts_of
from bot.xquik.limits import RateLimits
from bot.xquik.models import WriteAction
from bot.xquik.transport.client import Transport
from bot.xquik.transport.wire import json_bytes
from bot.xquik.write_kinds import WriteName
from bot.xquik.writes import WRITES, FileContent, XquikWrites, failure
from tests.facts import conform, table
from tests.facts.sdk_calls import sdk_calls, unnamed
from tests.xquik.server import KEY, FakeTime, Reply, Upstream, transport_to
from tests.xquik.spec import check_body, match

PAYLOADS: dict[str, dict[str, Any]] = {
    "create_tweet": {
        "account": "nasa",
        "text": "Lift-off 🚀 https://x.com/a/status/12345",
        "reply_to_tweet_id": "123456",
        "is_note_tweet": False,
        "media": ["https://example.com/a.png", "https://example.com/b.png"],
    },
    "delete_tweet": {"account": "nasa", "tweet_id": "123456"},
    "like": {"account": "nasa", "tweet_id": "123456"},
    "unlike": {"account": "nasa", "tweet_id": "123456"},
    "retweet": {"account": "nasa", "tweet_id": "123456"},
    "unretweet": {"account": "nasa", "tweet_id": "123456"},
    "follow": {"account": "nasa", "user_id": "11348282"},
    "unfollow": {"account": "nasa", "user_id": "11348282"},
    "remove_follower": {"account": "nasa", "user_id": "11348282"},
    "send_dm": {"account": "nasa", "user_id": "11348282", "text": "hi", "media_ids": ["77"]},
    "delete_dm": {"account": "nasa", "user_id": "11348282", "message_id": "77"},
    "upload_media": {"account": "nasa", "url": "https://example.com/a.png"},
    "update_profile": {
        "account": "nasa",
        "name": "NASA",
        "description": "Space",
        "location": "Earth",
        "url": "https://nasa.gov",
    },
    "update_avatar": {"account": "nasa", "url": "https://example.com/a.png"},
    "update_banner": {"account": "nasa", "url": "https://example.com/a.png"},
    "create_community": {"account": "nasa", "name": "Space", "description": "All about it"},
    "delete_community": {"account": "nasa", "community_id": "15", "community_name": "Space"},
    "join_community": {"account": "nasa", "community_id": "15"},
    "leave_community": {"account": "nasa", "community_id": "15"},
}
PNG = FileContent("a.png", "image/png", b"\x89PNG\r\n--boundary")


def record(**changes: Any) -> dict[str, Any]:
    """An action record as the newer API answers it."""
    values: dict[str, Any] = {
        "object": "x_write_action",
        "id": "wa_1",
        "writeActionId": "wa_1",
        "action": "create_tweet",
        "status": "success",
        "terminal": True,
        "retryable": False,
        "safeToRetry": False,
        "statusUrl": "/api/v1/x/write-actions/wa_1",
        "pollAfterMs": None,
        "charged": True,
        "chargedCredits": "30",
        "billing": {"status": "charged", "charged": True, "plannedCredits": "30", "chargedCredits": "30"},
        "request": {"hash": None, "payload": None},
        "account": None,
        "target": None,
        "targetId": None,
        "result": {"type": "tweet", "id": "190000"},
        "nextAction": None,
        "sendDispatched": True,
        "success": True,
    }
    return values | changes


@pytest.fixture
def writes(transport: Transport) -> XquikWrites:
    return XquikWrites(transport, KEY)


async def post(writes: XquikWrites) -> WriteAction:
    return await writes.perform("create_tweet", {"account": "nasa", "text": "hi"}, "key-1")


NEWER = {"delete_dm"}
"""Told of by the SDK alone."""


def test_the_table_has_the_nineteen_writes() -> None:
    assert set(WRITES) == set(PAYLOADS)
    assert len(WRITES) == 19


def test_the_table_is_the_documents_list_of_actions_and_the_sdks() -> None:
    actions = table("xquik_api")["shapes"]["XWriteAction"]["properties"]["action"]["enum"]
    assert set(WRITES) == set(actions) | NEWER
    assert set(WRITES) == set(get_args(WriteActionRetrieveResponse.model_fields["action"].annotation))


@pytest.mark.parametrize("kind", sorted(WRITES))
def test_fields_go_where_the_sdk_sends_them(kind: WriteName) -> None:
    """In the body, or in the query: Xquik does not look for them elsewhere."""
    write = WRITES[kind]
    call = sdk_calls()[unnamed(f"{write.method} {write.path}")]
    parts = {
        word.arg for node in ast.walk(call.method) if isinstance(node, ast.Call) for word in node.keywords
    }
    assert ("query" in parts, "body" in parts) == (bool(write.in_query), not write.in_query)
    assert set(write.in_query) <= set(write.needs)


@pytest.mark.parametrize("kind", sorted(WRITES))
async def test_each_write_sends_its_key_and_a_body_without_path_fields(
    upstream: Upstream, writes: XquikWrites, kind: WriteName
) -> None:
    upstream.will(Reply(body=record(action=kind)))
    action = await writes.perform(kind, PAYLOADS[kind], "key-1")
    (seen,) = upstream.seen
    assert action.succeeded
    assert seen.headers["idempotency-key"] == "key-1"
    if WRITES[kind].in_query:
        assert (seen.query, seen.content) == ({"account": "nasa"}, b"")
        return
    assert seen.json["account"] == "nasa"
    assert not {"tweet_id", "user_id"} & set(seen.json)


@pytest.mark.parametrize("kind", sorted(set(WRITES) - NEWER))
async def test_each_write_is_what_the_document_asks_for(
    upstream: Upstream, writes: XquikWrites, kind: str
) -> None:
    upstream.will(Reply(body=record(action=kind)))
    await writes.perform(kind, PAYLOADS[kind], "key-1")
    (seen,) = upstream.seen
    check_body(seen.method, seen.path, seen.json)
    assert "Idempotency-Key" in match(seen.method, seen.path)["headers"]


def test_the_record_used_here_is_valid() -> None:
    conform({"$ref": "#/shapes/XWriteAction"}, record())


async def test_a_repeat_is_byte_identical_whatever_the_order_of_the_payload(
    upstream: Upstream, writes: XquikWrites
) -> None:
    upstream.will(Reply(body=record()))
    payload = PAYLOADS["create_tweet"]
    await writes.perform("create_tweet", payload, "key-1")
    await writes.perform("create_tweet", dict(reversed(payload.items())), "key-1")
    first, second = upstream.seen
    assert first.content == second.content
    assert first.headers["content-type"] == second.headers["content-type"]


async def test_an_upload_is_byte_identical_too(upstream: Upstream, writes: XquikWrites) -> None:
    upstream.will(Reply(body=record(action="upload_media", mediaId="5", mediaUrl="https://m/5")))
    for _ in range(2):
        action = await writes.perform(
            "upload_media", {"account": "nasa", "is_long_video": False}, "key-9", file=PNG
        )
    first, second = upstream.seen
    assert (action.media_id, action.media_url) == ("5", "https://m/5")
    assert first.content == second.content
    assert first.headers["content-type"] == second.headers["content-type"]
    assert first.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + PNG.data in first.content
    assert b'name="is_long_video"\r\n\r\nfalse' in first.content


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.booleans() | st.integers(), max_size=6))
def test_a_body_is_a_pure_function_of_its_content(body: dict[str, str | bool | int]) -> None:
    shuffled = dict(sorted(body.items(), key=lambda item: item[0][::-1]))
    assert json_bytes(body) == json_bytes(shuffled)
    assert json.loads(json_bytes(body)) == body


async def test_a_confirmed_write_tells_its_result_and_charge(upstream: Upstream, writes: XquikWrites) -> None:
    upstream.will(Reply(body=record(chargedCredits="123456789012345678901234567890")))
    action = await post(writes)
    assert (action.succeeded, action.tweet_id, action.id) == (True, "190000", "wa_1")
    assert action.charged_credits == 123456789012345678901234567890


async def test_the_older_answer_is_a_success_without_a_record(
    upstream: Upstream, writes: XquikWrites
) -> None:
    upstream.will(Reply(body={"tweetId": "190000", "success": True}))
    action = await post(writes)
    assert action.succeeded
    assert action.tweet_id == "190000"
    assert action.id == ""


@pytest.mark.parametrize(
    ("body", "headers", "wait"),
    [
        (record(status="accepted", terminal=False, success=False, pollAfterMs=1500), {}, 1.5),
        (record(status="dispatching", terminal=False, success=False), {"Retry-After": "7"}, 7.0),
        (record(status="a_new_status", terminal=False, success=False), {}, 2.0),
        ({"error": "x_write_unconfirmed", "writeActionId": "wa_1", "chargedCredits": "30"}, {}, 2.0),
    ],
)
async def test_an_accepted_write_is_to_be_polled(
    upstream: Upstream, writes: XquikWrites, body: dict[str, Any], headers: dict[str, str], wait: float
) -> None:
    upstream.will(Reply(202, body, headers))
    action = await post(writes)
    assert not action.terminal
    assert not (action.succeeded or action.failed or action.outcome_unknown)
    assert action.id == "wa_1"
    assert action.poll_after == pytest.approx(wait)


async def test_an_unconfirmed_answer_without_a_record_leaves_the_outcome_open(
    upstream: Upstream, writes: XquikWrites
) -> None:
    upstream.will(Reply(202, {"error": "x_write_unconfirmed"}))
    with pytest.raises(OutcomeUnknown) as caught:
        await post(writes)
    assert not isinstance(caught.value, XquikAnswerLost)


async def test_a_settled_failure_is_returned_and_has_an_error(
    upstream: Upstream, writes: XquikWrites
) -> None:
    upstream.will(
        Reply(body=record(status="failed", success=False, error="x_duplicate_action", safeToRetry=True))
    )
    action = await post(writes)
    assert action.failed
    assert isinstance(failure(action), Conflict)
    facts = facts_of(failure(action))
    assert facts is not None and facts.safe_to_retry


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "expired"},
        {"status": "failed", "error": "x_write_ambiguous"},
        {"status": "failed", "error": "x_write_unconfirmed"},
        {"status": "something_new"},
    ],
)
async def test_an_unclear_record_is_unknown_and_never_a_failure(
    upstream: Upstream, writes: XquikWrites, changes: dict[str, str]
) -> None:
    upstream.will(Reply(body=record(success=False, result=None, **changes)))
    action = await post(writes)
    assert action.outcome_unknown
    assert not action.failed
    assert isinstance(failure(action), OutcomeUnknown)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid_input", Rejected),
        (401, "unauthenticated", KeyRejected),
        (402, "insufficient_credits", OutOfCredits),
        (403, "account_needs_reauth", AccountTrouble),
        (409, "idempotency_key_conflict", Conflict),
        (422, "x_content_too_long", Rejected),
        (422, "x_duplicate_action", Conflict),
        (429, "x_rate_limited", RateLimited),
        (429, "x_daily_limit", RateLimited),
        (500, "x_daily_limit", RateLimited),
        (500, "x_duplicate_action", Conflict),
    ],
)
async def test_definite_refusals_keep_their_class_code_and_facts(
    upstream: Upstream, writes: XquikWrites, status: int, code: str, kind: type[BotError]
) -> None:
    upstream.will(Reply(status, {"error": code, "message": "m", "safeToRetry": True}))
    with pytest.raises(kind) as caught:
        await post(writes)
    assert not isinstance(caught.value, WriteDeferred | OutcomeUnknown)
    assert caught.value.code == code
    facts = facts_of(caught.value)
    assert facts is not None and facts.safe_to_retry is True
    assert len(upstream.seen) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (500, "internal_error"),
        (500, "x_write_failed"),
        (503, "x_transient_error"),
        (503, "write_tracking_unavailable"),
        (424, "x_api_unavailable"),
    ],
)
async def test_a_passing_failure_asks_for_the_same_request_again(
    upstream: Upstream, writes: XquikWrites, status: int, code: str
) -> None:
    upstream.will(Reply(status, {"error": code}, {"Retry-After": "5"}))
    with pytest.raises(WriteDeferred) as caught:
        await post(writes)
    assert (caught.value.code, caught.value.retry_after) == (code, 5)
    assert isinstance(caught.value, UpstreamUnavailable)
    assert len(upstream.seen) == 1


async def test_a_failure_with_a_settled_record_is_definite(upstream: Upstream, writes: XquikWrites) -> None:
    body = record(status="failed", success=False, error="x_transient_error", safeToRetry=True)
    upstream.will(Reply(503, body))
    with pytest.raises(UpstreamUnavailable) as caught:
        await post(writes)
    assert not isinstance(caught.value, WriteDeferred)
    facts = facts_of(caught.value)
    assert facts is not None and facts.terminal and facts.safe_to_retry


@pytest.mark.parametrize("status", [202, 422, 500, 503])
async def test_an_ambiguous_answer_is_unknown_and_not_merely_lost(
    upstream: Upstream, writes: XquikWrites, status: int
) -> None:
    upstream.will(Reply(status, {"error": "x_write_ambiguous"}))
    with pytest.raises(OutcomeUnknown) as caught:
        await post(writes)
    assert not isinstance(caught.value, XquikAnswerLost)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>"),
        Reply(200, b""),
        Reply(200, b"[]"),
        Reply(200, {"status": 5, "writeActionId": []}),
        Reply(502, b"<html>Bad gateway</html>"),
        Reply(504, {}),
    ],
)
async def test_an_answer_that_cannot_be_read_is_lost(
    upstream: Upstream, writes: XquikWrites, reply: Reply
) -> None:
    upstream.will(reply)
    with pytest.raises(XquikAnswerLost):
        await post(writes)
    assert len(upstream.seen) == 1


async def test_a_slow_answer_is_lost_and_the_identical_request_recovers_it(
    upstream: Upstream, time: FakeTime
) -> None:
    upstream.will(Reply(body=record(), delay=1.0), Reply(body=record()))
    async with transport_to(upstream.url, time, timeout=0.1) as transport:
        writes = XquikWrites(transport, KEY)
        with pytest.raises(XquikAnswerLost):
            await post(writes)
        assert (await post(writes)).succeeded
    first, second = upstream.seen
    assert first.content == second.content
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


async def test_no_connection_means_not_sent(time: FakeTime) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with transport_to(f"http://127.0.0.1:{port}", time) as transport:
        with pytest.raises(NotSent) as caught:
            await post(XquikWrites(transport, KEY))
    assert isinstance(caught.value, WriteDeferred)


async def test_follows_have_a_limit_of_their_own(upstream: Upstream, time: FakeTime) -> None:
    upstream.will(Reply(body=record(action="follow")))
    async with transport_to(upstream.url, time, limits=RateLimits(longest_wait=0.0)) as transport:
        writes = XquikWrites(transport, KEY)
        for number in range(20):
            await writes.perform("follow", {"account": "a", "user_id": str(number)}, f"k{number}")
        with pytest.raises(RateLimited):
            await writes.perform("remove_follower", {"account": "a", "user_id": "5"}, "k")
        await post(writes)


@pytest.mark.parametrize(
    ("kind", "payload", "option"),
    [
        ("create_tweet", {"account": "a", "text": "x", "media_ids": ["1"]}, "media_ids"),
        ("create_tweet", {"account": "a", "text": "x", "attachment_url": "https://x"}, "attachment_url"),
        ("create_tweet", {"account": "a"}, "text"),
        (
            "create_tweet",
            {"account": "a", "text": "x", "community_id": "1", "reply_to_tweet_id": "2"},
            "community_id",
        ),
        ("create_tweet", {"account": "", "text": "x"}, "account"),
        ("create_tweet", {"account": "a", "text": 5}, "text"),
        ("create_tweet", {"account": "a", "text": "\ud800"}, "text"),
        ("create_tweet", {"account": "a", "text": "x" * 281}, "text"),
        ("create_tweet", {"account": "a", "text": "x" * 25_001, "is_note_tweet": True}, "text"),
        ("create_tweet", {"account": "a", "text": "x", "is_note_tweet": "yes"}, "is_note_tweet"),
        ("create_tweet", {"account": "a", "media": ["https://e.com/1"] * 5}, "media"),
        ("create_tweet", {"account": "a", "media": ["http://e.com/1"]}, "media"),
        ("create_tweet", {"account": "a", "media": ["https://e.com/1.mp4", "https://e.com/2"]}, "media"),
        ("create_tweet", {"account": "a", "media": []}, "media"),
        ("delete_tweet", {"account": "a"}, "tweet_id"),
        ("like", {"tweet_id": "1"}, "account"),
        ("send_dm", {"account": "a", "user_id": "1"}, "text"),
        ("send_dm", {"account": "a", "user_id": "1", "text": "x", "media_ids": ["1", "2"]}, "media_ids"),
        ("delete_community", {"account": "a", "community_id": "1"}, "community_name"),
        ("update_profile", {"account": "a"}, None),
        ("update_avatar", {"account": "a"}, "url"),
        ("update_avatar", {"account": "a", "url": "http://e.com/a.png"}, "url"),
        ("upload_media", {"account": "a", "url": "https://e.com/a", "is_long_video": True}, "is_long_video"),
    ],
)
async def test_a_payload_that_cannot_be_right_is_never_sent(
    upstream: Upstream, writes: XquikWrites, kind: str, payload: dict[str, Any], option: str | None
) -> None:
    upstream.will(Reply(body=record()))
    with pytest.raises(UsageError) as caught:
        await writes.perform(kind, payload, "k")
    assert caught.value.option == option
    assert upstream.seen == []


@pytest.mark.parametrize(
    ("kind", "payload", "file"),
    [
        ("update_avatar", {"account": "a"}, FileContent("a.png", "image/png", b"x" * 700_001)),
        ("update_banner", {"account": "a"}, FileContent("a.webp", "image/webp", b"x")),
        ("update_avatar", {"account": "a", "url": "https://e.com/a.png"}, PNG),
        ("like", {"account": "a", "tweet_id": "1"}, PNG),
    ],
)
async def test_a_file_that_cannot_be_right_is_never_sent(
    upstream: Upstream, writes: XquikWrites, kind: str, payload: dict[str, Any], file: FileContent
) -> None:
    upstream.will(Reply(body=record()))
    with pytest.raises(UsageError):
        await writes.perform(kind, payload, "k", file=file)
    assert upstream.seen == []


async def test_a_field_that_is_none_is_left_out(upstream: Upstream, writes: XquikWrites) -> None:
    upstream.will(Reply(body=record()))
    payload = {"account": "nasa", "text": "hi", "reply_to_tweet_id": None, "media": None}
    await writes.perform("create_tweet", payload, "k")
    assert upstream.seen[0].json == {"account": "nasa", "text": "hi"}


@pytest.mark.parametrize("key", ["", "with space", "ä", "x" * 256, "a\nb"])
async def test_a_key_the_api_cannot_take_is_a_programming_error(
    upstream: Upstream, writes: XquikWrites, key: str
) -> None:
    upstream.will(Reply(body=record()))
    with pytest.raises(ValueError, match="Idempotency-Key"):
        await writes.perform("like", PAYLOADS["like"], key)
    assert upstream.seen == []


async def test_an_unknown_write_is_a_programming_error(writes: XquikWrites) -> None:
    with pytest.raises(ValueError, match="no write"):
        await writes.perform("post", {}, "k")


async def test_no_outcome_shows_the_key(upstream: Upstream, writes: XquikWrites) -> None:
    secret = KEY.get_secret_value()
    for status in (200, 202, 400, 401, 429, 500, 503):
        upstream.will(Reply(status, {"error": f"x_{secret}", "message": secret}))
        with pytest.raises(BotError) as caught:
            await post(writes)
        assert secret not in f"{caught.value!r} {caught.value.detail} {caught.value.code}"
    assert secret not in repr(vars(writes))
