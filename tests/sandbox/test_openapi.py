"""Every operation the sandbox performs answers what the API's published document and the types of the
vendor's SDK say (`tests/facts`)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from bot.sandbox.app import OPERATIONS
from bot.sandbox.calls import Operation
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.sandbox.unimplemented import MISSING, UnimplementedOperation
from bot.sandbox.world.articles import COMET_ID
from tests.facts.sdk_calls import sdk_calls, unnamed

from .conftest import QUICK, client_of, control
from .receiver import Receiver, receiving
from .scenarios import ACCOUNT, GIVEAWAY, SCENARIOS, URL, keyed
from .scenarios.extractions import FOLLOWERS
from .specification import check, check_by_sdk, operations

STREAM = "streamEvents"
"""Its answer is a stream of events, which tests/sandbox/test_events.py reads."""

AS_IN_THE_DOCUMENT = {"getAccount", "deleteMonitor", "deleteKeywordMonitor", "compose"}
"""The document and the SDK contradict each other: an answer can be only one of the two."""

NEWER = {"likes_unavailable", "search_unavailable"}
"""Codes of refusals that the SDK tells of and the document does not know yet."""

ORDERED = {"x_write_ambiguous", "write_tracking_unavailable"}
"""Failures that a scenario asks for."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[tuple[RunningSandbox, Receiver]]:
    """One sandbox and one receiver for the module; every test is a customer of its own."""
    async with serve_sandbox(QUICK) as running, receiving() as receiver:
        yield running, receiver


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.id != STREAM], ids=lambda one: one.id)
async def test_every_answer_is_one_the_document_and_the_sdk_describe(
    operation: Operation, shared: tuple[RunningSandbox, Receiver]
) -> None:
    """Success, each refusal a request can earn, a missing key, and an exhausted rate limit."""
    running, receiver = shared
    key = (await control(running, "/keys"))["key"]
    async with client_of(running, key) as client:
        answers = await answers_of(operation.id, running, client, receiver)
    for answer in answers:
        if operation.id in operations() and (answer.is_success or answer.json()["error"] not in NEWER):
            check(operation.id, answer)
        if operation.id not in AS_IN_THE_DOCUMENT:
            check_by_sdk(f"{operation.method} {operation.path}", answer)


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


def test_the_sources_and_the_sandbox_name_the_same_operations() -> None:
    """Each operation of the document or the SDK is either performed or answered with a 501 that names it."""
    entries: list[Operation | UnimplementedOperation] = [*OPERATIONS, *MISSING]
    named = [unnamed(f"{entry.method} {entry.path}") for entry in entries]
    document = {unnamed(f"{one['method']} {one['path']}") for _, _, one in operations().values()}
    assert len(named) == len(set(named))
    assert set(named) == document | set(sdk_calls())
    by_id = {entry.id: entry for entry in entries}
    assert len(by_id) == len(entries)
    for name, (method, pattern, _) in operations().items():
        assert by_id[name].method == method
        assert pattern.match("/api/v1" + by_id[name].path.replace("{", "").replace("}", ""))


PAID = {
    "lookupTweet": ("GET", f"/x/tweets/{GIVEAWAY}", None),
    "searchTweets": ("GET", "/x/tweets/search?q=x", None),
    "getTweetThread": ("GET", f"/x/tweets/{GIVEAWAY}/thread", None),
    "getArticle": ("GET", f"/x/articles/{COMET_ID}", None),
    "getXTrends": ("GET", "/x/trends", None),
    "createDraw": ("POST", "/draws", {"tweetUrl": URL}),
    "createExtraction": ("POST", "/extractions", FOLLOWERS),
    "createMonitor": ("POST", "/monitors", {"username": "nasa", "eventTypes": ["tweet.new"]}),
    "createTweet": ("POST", "/x/tweets", {**ACCOUNT, "text": "x"}),
    "analyzeStyle": ("POST", "/styles", {"username": "nasa"}),
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
