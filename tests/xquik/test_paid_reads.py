"""A read that costs credits is asked again only where it is certain that nothing was charged."""

from __future__ import annotations

import asyncio
import socket

import pytest

from bot.core.errors import UpstreamUnavailable
from bot.core.x.paid_requests import counting_paid_requests, note_paid_request
from bot.xquik.connections import Connections
from bot.xquik.errors import NotSent, PaidAnswerLost
from bot.xquik.free_reads import is_free
from bot.xquik.limits import Kind
from bot.xquik.transport.answers import Answer, Lost, may_be_charged
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.client import Exchange, Transport
from tests.xquik.server import KEY, FakeTime, Reply, Upstream, transport_to
from tests.xquik.test_resources import CALLS

PAID = "/x/users/nasa/followers"
FREE = "/monitors"


async def test_one_that_is_not_answered_in_time_is_sent_once(upstream: Upstream, time: FakeTime) -> None:
    upstream.will(Reply(delay=1.0))
    async with transport_to(upstream.url, time, timeout=0.2) as transport:
        with pytest.raises(PaidAnswerLost) as caught:
            await Caller(transport, KEY).get(PAID)
    assert len(upstream.seen) == 1
    assert caught.value.detail == "Xquik did not answer in time; it may have been charged."
    assert "`credits show`" in caught.value.remedy


async def test_one_whose_answer_is_too_large_is_sent_once(
    upstream: Upstream, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.xquik.transport.client.JSON_CAP", 1000)
    upstream.will(Reply(body={"text": "x" * 2000}))
    with pytest.raises(PaidAnswerLost, match=r"the answer is too large\); it may have been charged"):
        await Caller(transport, KEY).get(PAID)
    assert len(upstream.seen) == 1


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply(status, b"<html>gateway</html>") for status in (408, 500, 502, 503, 504)),
        Reply(502, b"gateway", {"Retry-After": "1"}),
        Reply(200, b"[]"),
    ],
    ids=lambda reply: f"{reply.status}-{reply.body!r:.6}",
)
async def test_one_that_a_gateway_gave_up_is_told_as_perhaps_charged(
    upstream: Upstream, transport: Transport, reply: Reply
) -> None:
    upstream.will(reply)
    with pytest.raises(PaidAnswerLost, match="it may have been charged"):
        await Caller(transport, KEY).get(PAID)
    assert len(upstream.seen) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (500, "internal_error"),
        (502, "x_api_unavailable"),
        (424, "search_unavailable"),
        (424, "replies_incomplete"),
        (503, "service_unavailable"),
        (408, "read_request_timeout"),
    ],
)
async def test_a_failure_that_xquik_words_is_left_to_a_person(
    upstream: Upstream, transport: Transport, status: int, code: str
) -> None:
    """It may have come after X was read, in part or whole."""
    upstream.will(Reply(status, {"error": code}))
    with pytest.raises(UpstreamUnavailable) as caught:
        await Caller(transport, KEY).get(PAID)
    assert caught.value.code == code
    assert len(upstream.seen) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, {"error": "rate_limit_exceeded"}, {"Retry-After": "1"}),
        Reply(429),
        Reply(503, {"error": "x_transient_error", "retryAfterMs": 100}),
        Reply(503, b"busy", {"Retry-After": "1"}),
        Reply(424, {"error": "x_api_unavailable", "safeToRetry": True}),
        Reply(502, {"error": "x_api_unavailable", "safeToRetry": True}),
        Reply(409, {"error": "coverage_cursor_unavailable"}, {"Retry-After": "1"}),
    ],
    ids=lambda reply: str(reply.status),
)
async def test_what_was_held_back_before_any_work_is_asked_again(
    upstream: Upstream, transport: Transport, reply: Reply
) -> None:
    upstream.will(reply, Reply(body={"ok": 1}))
    assert await Caller(transport, KEY).get(PAID) == {"ok": 1}
    assert len(upstream.seen) == 2


async def test_what_never_left_is_tried_again(time: FakeTime) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with transport_to(url, time) as transport:
            with pytest.raises(NotSent, match="Nothing was sent"):
                await Caller(transport, KEY).get(PAID)
    assert len(time.slept) == 3


async def test_a_free_read_is_still_repeated(upstream: Upstream, transport: Transport) -> None:
    upstream.will(Reply(502, b"gateway"), Reply(body={"ok": 1}))
    assert await Caller(transport, KEY).get(FREE) == {"ok": 1}


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_every_request_says_whether_it_is_paid(upstream: Upstream, time: FakeTime, name: str) -> None:
    """A GET is free where that is known, and paid everywhere else."""
    call, answer = CALLS[name]
    upstream.will(Reply(body=answer))
    seen: list[Exchange] = []
    async with transport_to(upstream.url, time, observer=seen.append) as transport:
        await call(Connections(transport).client(KEY))
    for one in seen:
        if one.method == "GET":
            assert one.kind == ("read" if is_free(one.path) else "paid")


@pytest.mark.parametrize(
    ("path", "free"),
    [
        ("/monitors/1", True),
        ("/styles/compare", True),
        ("/styles/nasa/performance", False),
        ("/x/accounts", True),
        ("/x/users/nasa", False),
        ("/x/write-actions/wa_1", True),
        ("/trends", False),
        ("/something/newer", False),
        ("/monitors/1%2Fmetrics", True),
    ],
)
def test_what_nobody_thought_of_is_paid(path: str, free: bool) -> None:
    assert is_free(path) is free


@pytest.mark.parametrize(
    ("result", "kind", "may"),
    [
        (Answer(200, {}, {}), "paid", True),
        (Answer(201, {}, {}), "spend", True),
        (Answer(200, {}, {}), "read", False),
        (Answer(200, {}, {}), "write", False),
        (Lost(sent=True, reason="x"), "paid", True),
        (Lost(sent=False, reason="x"), "paid", False),
        *((Answer(status, {}, {}), "paid", False) for status in (400, 401, 402, 403, 409, 422, 429)),
        *((Answer(status, {}, {}), "paid", True) for status in (404, 408, 424, 500, 502, 504)),
        (Answer(424, {"error": "account_required"}, {}), "paid", False),
        (Answer(424, {"error": "search_unavailable"}, {}), "paid", False),
        (Answer(502, {"safeToRetry": True}, {}), "spend", False),
        (Answer(502, {"chargedCredits": "0"}, {}), "spend", False),
        (Answer(502, {"chargedCredits": "3"}, {}), "spend", True),
    ],
)
def test_what_may_have_been_charged_is_told_from_what_was_refused(
    result: Answer | Lost, kind: Kind, may: bool
) -> None:
    assert may_be_charged(result, kind) is may


async def test_paid_requests_are_counted_wherever_they_are_made_and_apart_from_others() -> None:
    async def asks(times: int) -> int:
        with counting_paid_requests() as mine:
            for _ in range(times):
                await asyncio.create_task(_noted())
        return mine.sent

    with counting_paid_requests() as every:
        assert tuple(await asyncio.gather(asks(1), asks(0), asks(3))) == (1, 0, 3)
    note_paid_request()
    assert every.sent == 4


async def _noted() -> None:
    note_paid_request()
