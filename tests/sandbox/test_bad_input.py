"""Nothing that is sent makes the sandbox fail: every bad request has an answer of its own."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.app import OPERATIONS
from bot.sandbox.calls import Operation
from bot.sandbox.server import RunningSandbox
from bot.sandbox.state import Sandbox
from bot.sandbox.world import posts
from tests.fuzzing import examples

from .conftest import control

BODIES = [
    b"",
    b"[]",
    b"null",
    b"{",
    b"\xff\xfe",
    b'{"a":' * 500 + b"1" + b"}" * 500,
    b"[" * 100_000,
    b'{"text": 7, "username": [], "url": {}, "tweetUrl": 1, "query": null, "step": [], "eventTypes": "x"}',
    b'{"username": "nasa", "eventTypes": [null]}',
    b'{"url": "http://[::1", "eventTypes": ["tweet.new"]}',
    b'{"account": "xquik_demo", "text": "\\u0000", "media": [1], "is_note_tweet": "yes"}',
    b'{"account": "xquik_demo", "text": "x", "media": ["https://[", "::"]}',
    b'{"account": ["xquik_demo"], "text": "x"}',
    b'{"tweetIds": [1, null], "tweetInput": ["x"]}',
    b'{"tweetUrl": "https://x.com/a/status/1893456789012345678", "winnerCount": 99999999999999999999}',
]
TARGETS = ["x", posts.GIVEAWAY_ID, "%00", "9" * 400, "%E2%80%AE"]


def _path(operation: Operation, target: str) -> str:
    return "/".join(target if part.startswith("{") else part for part in operation.path.split("/"))


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:24]))
async def test_no_body_makes_an_operation_fail(
    running: RunningSandbox, client: httpx.AsyncClient, body: bytes
) -> None:
    for number, operation in enumerate(OPERATIONS):
        if operation.method in {"POST", "PATCH", "DELETE"}:
            headers = {"Idempotency-Key": f"k{number}", "Content-Type": "application/json"}
            path = _path(operation, posts.GIVEAWAY_ID)
            answer = await client.request(operation.method, path, content=body, headers=headers)
            assert answer.status_code < 500, (operation.id, answer.text)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:8])
async def test_no_path_or_query_makes_an_operation_fail(client: httpx.AsyncClient, target: str) -> None:
    query = "?".join(["", "&".join(f"{name}={target}" for name in ("cursor", "limit", "woeid", "q", "ids"))])
    for operation in OPERATIONS:
        if operation.method == "GET" and operation.id != "streamEvents":
            for path in (_path(operation, target), operation.path + query):
                answer = await client.get(path)
                assert answer.status_code in {200, 202, 400, 404, 424, 501}, (operation.id, answer.text)


async def test_multipart_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x", b"--x\r\nContent-Disposition: form-data\r\n\r\n--x--"):
        answer = await client.post("/x/media", content=body, headers=headers)
        assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("key", ["", "xq_", "é", "xq_" + "0" * 64, "xq_" + "5a4d" * 17])
async def test_wrong_keys_are_refused_with_the_documented_headers(
    client: httpx.AsyncClient, key: str
) -> None:
    answer = await client.get("/account", headers={b"x-api-key": key.encode()})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="xquik"'
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/emit", {"username": "nobody"}),
        ("/credits", {"balance": "many"}),
        ("/writes", {"outcome": "nope"}),
        ("/clock", {"advance": -1}),
        ("/accounts", {"username": "missing_x"}),
        ("/emit", []),
    ],
)
async def test_control_says_what_is_wrong(running: RunningSandbox, path: str, body: object) -> None:
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(running.control_url + path, json=body)
    assert 400 <= answer.status_code < 500, answer.text


async def test_the_state_counts_requests_and_writes(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await client.get("/credits")
    await client.get("/credits")
    state = await control(running, "/state", "GET")
    assert state["requests"]["GET /credits"] == 2
    assert state["writes"] == {}


@settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(min_size=1, max_size=120))
async def test_any_text_comes_back_as_it_was_sent(running: RunningSandbox, text: str) -> None:
    sandbox: Sandbox = running.sandbox
    async with httpx.AsyncClient(
        base_url=running.base_url, headers={"x-api-key": running.api_key}, verify=False
    ) as client:
        answer = await client.post("/drafts", json={"text": text})
    if answer.status_code == 201:
        assert answer.json()["text"] == text
        assert sandbox.drafts.get(answer.json()["id"]) is not None
    else:
        assert not text.strip()
