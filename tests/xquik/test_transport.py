"""The transport over real HTTP: what is repeated, what never is, and where the key does not go."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.core.errors import (
    BotError,
    KeyRejected,
    NotFound,
    RateLimited,
    Rejected,
    UpstreamUnavailable,
    UsageError,
)
from bot.xquik.errors import FileTooLarge, NotSent, XquikAnswerLost, facts_of
from bot.xquik.limits import Kind, RateLimits, Window
from bot.xquik.transport.answers import Answer
from bot.xquik.transport.client import Exchange, Transport
from bot.xquik.transport.retry import RetryRules
from bot.xquik.transport.wire import segment
from tests.xquik.server import KEY, FakeTime, Reply, Upstream, transport_to


async def ask(transport: Transport, kind: Kind = "read", **extra: Any) -> Answer:
    method = {"read": "GET", "delete": "DELETE"}.get(kind, "POST")
    return await transport.request(KEY, "t1", method, "/x/thing", kind=kind, **extra)


async def test_sends_the_key_in_its_header_and_no_contract_header(
    upstream: Upstream, transport: Transport
) -> None:
    upstream.will(Reply(body={"ok": True}))
    answer = await ask(transport, query={"limit": 5, "flag": True, "cursor": None})
    (seen,) = upstream.seen
    assert answer.body == {"ok": True}
    assert seen.headers["x-api-key"] == KEY.get_secret_value()
    assert "xquik-api-contract" not in seen.headers
    assert "idempotency-key" not in seen.headers
    assert seen.query == {"limit": "5", "flag": "true"}


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_a_read_is_repeated_three_times_at_most(
    upstream: Upstream, transport: Transport, time: FakeTime, status: int
) -> None:
    upstream.will(Reply(status))
    with pytest.raises(BotError):
        await ask(transport)
    assert len(upstream.seen) == 4
    assert len([wait for wait in time.slept if wait]) >= 3


async def test_backoff_doubles_with_jitter(upstream: Upstream, transport: Transport, time: FakeTime) -> None:
    upstream.will(Reply(500))
    with pytest.raises(UpstreamUnavailable):
        await ask(transport)
    for wait, base in zip(time.slept, (0.5, 1.0, 2.0), strict=True):
        assert base <= wait <= base * 1.25


async def test_a_read_recovers_when_a_repeat_succeeds(upstream: Upstream, transport: Transport) -> None:
    upstream.will(Reply(503), Reply(500), Reply(body={"ok": 1}))
    assert (await ask(transport)).body == {"ok": 1}


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 410, 422, 302])
async def test_definite_answers_to_a_read_are_not_repeated(
    upstream: Upstream, transport: Transport, status: int
) -> None:
    upstream.will(Reply(status, headers={"location": "http://127.0.0.1:9/steal"} if status == 302 else {}))
    with pytest.raises(BotError):
        await ask(transport)
    assert len(upstream.seen) == 1


@pytest.mark.parametrize(
    ("reply", "least"),
    [
        (Reply(429, headers={"Retry-After": "7"}), 7.0),
        (Reply(429, {"error": "rate_limit_exceeded", "retryAfter": 9}), 9.0),
        (Reply(503, {"error": "x_transient_error", "retryAfterMs": 2500}), 2.5),
        (
            Reply(
                503,
                headers={
                    "Date": "Wed, 21 Oct 2026 07:28:00 GMT",
                    "Retry-After": "Wed, 21 Oct 2026 07:28:06 GMT",
                },
            ),
            6.0,
        ),
    ],
)
async def test_retry_after_is_obeyed_in_every_form(
    upstream: Upstream, transport: Transport, time: FakeTime, reply: Reply, least: float
) -> None:
    upstream.will(reply, Reply(body={"ok": 1}))
    assert (await ask(transport)).body == {"ok": 1}
    assert least <= sum(time.slept) <= least + 1.0


async def test_a_wait_beyond_the_deadline_is_handed_to_the_caller(
    upstream: Upstream, transport: Transport, time: FakeTime
) -> None:
    upstream.will(Reply(429, headers={"Retry-After": "3600"}))
    with pytest.raises(RateLimited) as caught:
        await ask(transport)
    assert caught.value.retry_after == 3600
    assert time.slept == []
    # and the next request of the tenant is stopped here, without asking again
    with pytest.raises(RateLimited):
        await ask(transport)
    assert len(upstream.seen) == 1


async def test_a_wait_that_nobody_sits_out_is_handed_to_the_caller(
    upstream: Upstream, transport: Transport, time: FakeTime
) -> None:
    """Somebody would look at an empty screen for that long, and what is followed has a clock of its own."""
    upstream.will(Reply(503, headers={"Retry-After": "11"}))
    with pytest.raises(UpstreamUnavailable) as caught:
        await ask(transport)
    assert caught.value.retry_after == 11
    assert (len(upstream.seen), time.slept) == (1, [])


async def test_the_whole_of_all_tries_has_a_deadline(upstream: Upstream, time: FakeTime) -> None:
    upstream.will(Reply(503, headers={"Retry-After": "4"}))
    async with transport_to(upstream.url, time, retries=RetryRules(deadline=10.0)) as transport:
        with pytest.raises(UpstreamUnavailable):
            await ask(transport)
    assert len(upstream.seen) == 3
    assert time.now - 1000 <= 10


async def test_a_final_limit_is_not_repeated(upstream: Upstream, transport: Transport) -> None:
    upstream.will(Reply(429, {"error": "x_daily_limit"}))
    with pytest.raises(RateLimited):
        await ask(transport)
    assert len(upstream.seen) == 1


@pytest.mark.parametrize(
    ("body", "tries"), [({"safeToRetry": True}, 4), ({"safeToRetry": False}, 1), ({}, 1)]
)
async def test_424_is_repeated_only_when_said_to_be_safe(
    upstream: Upstream, transport: Transport, body: dict[str, bool], tries: int
) -> None:
    upstream.will(Reply(424, body))
    with pytest.raises(UpstreamUnavailable):
        await ask(transport)
    assert len(upstream.seen) == tries


async def test_an_occupied_cursor_is_asked_for_once_more(
    upstream: Upstream, transport: Transport, time: FakeTime
) -> None:
    upstream.will(Reply(409, {"error": "coverage_cursor_unavailable"}, {"Retry-After": "3"}))
    with pytest.raises(UpstreamUnavailable):
        await ask(transport)
    assert len(upstream.seen) == 2
    assert time.slept[0] >= 3


@pytest.mark.parametrize("kind", ["write", "follow", "delete", "spend"])
@pytest.mark.parametrize("status", [408, 424, 429, 500, 502, 503])
async def test_nothing_but_reads_is_ever_repeated(
    upstream: Upstream, transport: Transport, kind: Kind, status: int
) -> None:
    upstream.will(Reply(status, {"error": "x_transient_error", "safeToRetry": True}))
    with pytest.raises(BotError):
        await ask(transport, kind, json={}, idempotency_key="k")
    assert len(upstream.seen) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 504])
async def test_a_gateway_failure_leaves_a_spend_open(
    upstream: Upstream, transport: Transport, status: int
) -> None:
    upstream.will(Reply(status, b"<html>Bad gateway</html>"))
    with pytest.raises(XquikAnswerLost):
        await ask(transport, "spend", json={})


async def test_a_connection_that_fails_is_definitely_not_sent(time: FakeTime) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with transport_to(url, time) as transport:
            with pytest.raises(NotSent) as caught:
                await ask(transport, "spend", json={})
            assert isinstance(caught.value, UpstreamUnavailable)
            with pytest.raises(UpstreamUnavailable):
                await ask(transport)
    assert len(time.slept) == 3  # the read only


async def cut_off(url_holder: list[str], answer: bytes) -> asyncio.Server:
    """A server that reads a request, sends `answer` and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url_holder.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    return server


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}",
        b"not http at all\r\n\r\n",
    ],
)
async def test_an_unreadable_answer_is_lost_for_a_write_and_a_failure_for_a_read(
    time: FakeTime, answer: bytes
) -> None:
    url: list[str] = []
    async with await cut_off(url, answer), transport_to(url[0], time) as transport:
        with pytest.raises(XquikAnswerLost):
            await ask(transport, "write", idempotency_key="k")
        with pytest.raises(UpstreamUnavailable):
            await ask(transport)


async def test_a_slow_answer_is_cut_off(upstream: Upstream, time: FakeTime) -> None:
    upstream.will(Reply(delay=5))
    async with transport_to(upstream.url, time, timeout=0.1) as transport:
        with pytest.raises(XquikAnswerLost):
            await ask(transport, "spend", json={})


async def test_an_answer_too_large_is_refused(
    upstream: Upstream, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.xquik.transport.client.JSON_CAP", 1000)
    upstream.will(Reply(body={"text": "x" * 2000}))
    with pytest.raises(UpstreamUnavailable):
        await ask(transport)


async def test_deeply_nested_json_is_kept_as_text_below_what_anybody_reads(
    upstream: Upstream, transport: Transport
) -> None:
    upstream.will(Reply(body=b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b', "b": 1e999}'))
    body = (await ask(transport)).body
    assert body["b"] == "1e999"
    found = body["a"]
    while isinstance(found, list):
        (found,) = found
    assert found == "[" * 49_901 + "]" * 49_901


async def test_json_that_is_nested_and_never_ends_is_a_failure(
    upstream: Upstream, transport: Transport
) -> None:
    upstream.will(Reply(body=b'{"a":' + b"[" * 50_000))
    with pytest.raises(UpstreamUnavailable):
        await ask(transport)


async def test_an_empty_answer_is_an_empty_body(upstream: Upstream, transport: Transport) -> None:
    upstream.will(Reply(204, b""))
    assert (await ask(transport, "delete")).body == {}


async def test_a_file_comes_as_bytes_and_its_errors_as_errors(
    upstream: Upstream, transport: Transport
) -> None:
    upstream.will(
        Reply(body=b"a,b\n1,2\n", headers={"content-type": "text/csv"}),
        Reply(404, {"error": "not_found"}),
    )
    assert (await ask(transport, file_answer=True)).content == b"a,b\n1,2\n"
    with pytest.raises(NotFound):
        await ask(transport, file_answer=True)


async def test_a_file_that_is_too_large_is_left_and_not_asked_for_again(
    upstream: Upstream, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.xquik.transport.client.FILE_CAP", 1000)
    upstream.will(Reply(body=b"x" * 2000, headers={"content-type": "text/csv"}))
    with pytest.raises(FileTooLarge, match="larger than the 10 MiB"):
        await ask(transport, file_answer=True)
    assert len(upstream.seen) == 1


def everything_about(error: BaseException) -> str:
    """All text that can be reached from an error, including what a traceback printer would show."""
    parts = [str(error), repr(error), repr(vars(error))]
    for linked in (error.__cause__, error.__context__):
        if linked is not None:
            parts += [everything_about(linked), repr(getattr(linked, "_request", None))]
            request = getattr(linked, "_request", None)
            if isinstance(request, httpx.Request):
                parts.append(repr(request.headers.raw))
    return "\n".join(parts)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(401, {"error": "unauthenticated", "message": f"bad key {KEY.get_secret_value()}"}),
        Reply(400, {"error": "invalid_input", "message": f"key {KEY.get_secret_value()} is odd"}),
        Reply(400, {"error": KEY.get_secret_value(), "message": "x"}),
        Reply(418, {"error": {"type": "a", "code": "b", "message": KEY.get_secret_value()}}),
        Reply(500, b"\x00"),
    ],
)
async def test_the_key_is_in_no_error_no_log_and_no_repr(
    upstream: Upstream, transport: Transport, caplog: pytest.LogCaptureFixture, reply: Reply
) -> None:
    caplog.set_level(logging.DEBUG)
    upstream.will(reply)
    secret = KEY.get_secret_value()
    for kind in ("read", "write"):
        with pytest.raises(BotError) as caught:
            await ask(transport, kind)
        assert secret not in everything_about(caught.value)
        assert secret[:12] not in everything_about(caught.value)
        assert secret not in repr(facts_of(caught.value))
    assert secret not in repr(transport)
    assert secret not in caplog.text
    assert all(secret not in repr(vars(record)) for record in caplog.records)


async def test_a_lost_connection_keeps_no_hold_on_the_request(time: FakeTime) -> None:
    url: list[str] = []
    async with await cut_off(url, b""), transport_to(url[0], time) as transport:
        with pytest.raises(XquikAnswerLost) as caught:
            await ask(transport, "write")
    assert caught.value.__context__ is None
    assert KEY.get_secret_value() not in everything_about(caught.value)


@pytest.mark.parametrize("key", ["xq_abc\ndef", "", "xq_ä", "xq_ with space"])
async def test_a_key_that_no_header_can_hold_is_refused_without_being_shown(
    upstream: Upstream, transport: Transport, key: str
) -> None:
    upstream.will(Reply())
    with pytest.raises(KeyRejected) as caught:
        await transport.request(SecretStr(key), "t", "GET", "/account", kind="read")
    assert upstream.seen == []
    assert len(key) < 2 or key not in everything_about(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://xquik.com/api",
        "ftp://x",
        "xquik.com",
        "https://u:p@x.y/",
        "https://x.y/?a=1",
        "http://10.0.0.1",
    ],
)
def test_a_base_url_that_would_leak_the_key_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"xquik\.base_url"):
        Transport(url)


@pytest.mark.parametrize(
    "url", ["https://xquik.com/api/v1", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"]
)
async def test_https_and_loopback_are_accepted(url: str) -> None:
    async with Transport(url):
        pass


async def test_the_connection_is_reused(upstream: Upstream, transport: Transport) -> None:
    upstream.will(Reply())
    for _ in range(3):
        await ask(transport)
    assert len({seen.peer for seen in upstream.seen}) == 1


async def test_our_own_limit_stops_a_tenant_but_not_its_neighbour(upstream: Upstream, time: FakeTime) -> None:
    upstream.will(Reply())
    async with transport_to(upstream.url, time, limits=RateLimits(write=(Window(1, 60.0),))) as transport:
        await transport.request(KEY, "a", "POST", "/w", kind="write")
        with pytest.raises(RateLimited) as caught:
            await transport.request(KEY, "a", "POST", "/w", kind="write")
        await transport.request(KEY, "b", "POST", "/w", kind="write")
    assert caught.value.retry_after == pytest.approx(60)
    assert len(upstream.seen) == 2


async def test_a_limit_of_one_x_account_does_not_stop_the_tenant(
    upstream: Upstream, transport: Transport
) -> None:
    upstream.will(Reply(429, {"error": "x_rate_limited"}, {"Retry-After": "900"}), Reply())
    with pytest.raises(RateLimited):
        await ask(transport, "write")
    await ask(transport, "write")


async def test_the_observer_sees_every_try_and_no_secret(upstream: Upstream, time: FakeTime) -> None:
    seen: list[Exchange] = []
    upstream.will(Reply(500), Reply())
    async with transport_to(upstream.url, time, observer=seen.append) as transport:
        await ask(transport)
    assert [(one.status, one.attempt) for one in seen] == [(500, 0), (200, 1)]
    assert KEY.get_secret_value() not in repr(seen)


async def test_a_client_given_from_outside_is_not_closed(upstream: Upstream, time: FakeTime) -> None:
    upstream.will(Reply())
    async with httpx.AsyncClient() as http:
        async with transport_to(upstream.url, time, http=http) as transport:
            await ask(transport)
        assert not http.is_closed


@pytest.mark.parametrize("value", ["", ".", "..", "x" * 300])
def test_a_path_segment_cannot_be_empty_or_climb(value: str) -> None:
    with pytest.raises(UsageError):
        segment(value)


async def test_an_id_cannot_leave_its_place_in_the_path(upstream: Upstream, transport: Transport) -> None:
    upstream.will(Reply(400))
    with pytest.raises(Rejected):
        await transport.request(KEY, "t", "GET", f"/x/tweets/{segment('1/../../account?a#b')}", kind="read")
    assert upstream.seen[0].query == {}
    assert upstream.seen[0].path.startswith("/x/tweets/1")
