"""Every operation the sandbox performs answers what the API's published document says (`tests/facts`)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from bot.sandbox.app import OPERATIONS
from bot.sandbox.calls import Operation
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.sandbox.unimplemented import MISSING, UnimplementedOperation

from .conftest import QUICK, client_of, control
from .receiver import Receiver, receiving
from .scenarios import ACCOUNT, GIVEAWAY, SCENARIOS, URL, keyed
from .specification import check, operations

NEWER = {"getTrendLocations", "streamEvents"}
"""Known to the vendor's SDK, and not yet in the document."""

ORDERED = {"x_write_ambiguous", "write_tracking_unavailable"}
"""Failures that a scenario asks for."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[tuple[RunningSandbox, Receiver]]:
    """One sandbox and one receiver for the module; every test is a customer of its own."""
    async with serve_sandbox(QUICK) as running, receiving() as receiver:
        yield running, receiver


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("operation_id", sorted({operation.id for operation in OPERATIONS} - NEWER))
async def test_every_answer_is_one_the_document_describes(
    operation_id: str, shared: tuple[RunningSandbox, Receiver]
) -> None:
    """Success, each refusal a request can earn, a missing key, and an exhausted rate limit."""
    running, receiver = shared
    key = (await control(running, "/keys"))["key"]
    async with client_of(running, key) as client:
        answers = await answers_of(operation_id, running, client, receiver)
    for answer in answers:
        check(operation_id, answer)


async def answers_of(
    operation_id: str, running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver
) -> list[httpx.Response]:
    answers = await SCENARIOS[operation_id](client, receiver.url)
    assert any(answer.status_code < 300 for answer in answers)
    for answer in answers:
        assert answer.status_code < 500 or answer.json()["error"] in ORDERED, answer.text
    first = answers[0].request
    async with client_of(running, "xq_wrong") as stranger:
        answers.append(await stranger.request(first.method, first.url))
        assert answers[-1].status_code == 401
    await control(running, "/faults", path="*", status=429, retry_after=2, times=1)
    answers.append(await client.request(first.method, first.url))
    assert answers[-1].status_code == 429
    return answers


def test_the_document_and_the_sandbox_name_the_same_operations() -> None:
    """Each operation of the document is either performed or answered with a 501 that names it."""
    performed = {operation.id for operation in OPERATIONS}
    assert (performed - NEWER) | {missing.id for missing in MISSING} == set(operations())
    assert not performed & {missing.id for missing in MISSING}
    entries: list[Operation | UnimplementedOperation] = [*OPERATIONS, *MISSING]
    for entry in entries:
        if entry.id not in NEWER:
            method, pattern, _ = operations()[entry.id]
            assert entry.method == method
            assert pattern.match("/api/v1" + entry.path.replace("{", "").replace("}", ""))


PAID = {
    "lookupTweet": ("GET", f"/x/tweets/{GIVEAWAY}", None),
    "searchTweets": ("GET", "/x/tweets/search?q=x", None),
    "getXTrends": ("GET", "/x/trends", None),
    "createDraw": ("POST", "/draws", {"tweetUrl": URL}),
    "createMonitor": ("POST", "/monitors", {"username": "nasa", "eventTypes": ["tweet.new"]}),
    "createTweet": ("POST", "/x/tweets", {**ACCOUNT, "text": "x"}),
    "downloadMedia": ("POST", "/x/media/download", {"tweetInput": GIVEAWAY}),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("operation_id", PAID)
async def test_without_credits_paid_operations_answer_402(
    operation_id: str, shared: tuple[RunningSandbox, Receiver]
) -> None:
    running, _ = shared
    key = (await control(running, "/keys", credits=0))["key"]
    method, path, body = PAID[operation_id]
    async with client_of(running, key) as client:
        answer = await client.request(method, path, json=body, headers=keyed("k"))
    assert (answer.status_code, answer.json()["error"]) == (402, "insufficient_credits")
    check(operation_id, answer)
