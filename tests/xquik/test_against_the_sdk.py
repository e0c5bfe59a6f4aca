"""The vendor's own SDK as an oracle: for the same intent, the same request goes over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.xquik.connections import Connections
from bot.xquik.draw_requests import DrawRequest
from bot.xquik.draw_runs import DrawRuns
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.client import Transport
from bot.xquik.writes import XquikWrites
from tests.xquik.server import KEY, Reply, Seen, Upstream
from tests.xquik.test_writes import record

sdk = pytest.importorskip("x_twitter_scraper", reason="the vendor's SDK is not installed")

Theirs = Callable[[Any], Awaitable[Any]]
K = {"idempotency_key": "key-1"}
WRITES: dict[str, tuple[dict[str, Any], Theirs]] = {
    "create_tweet": (
        {
            "account": "nasa",
            "text": "Lift-off 🚀",
            "reply_to_tweet_id": "12345",
            "media": ["https://e.com/a.png"],
        },
        lambda it: it.x.tweets.create(
            account="nasa", text="Lift-off 🚀", reply_to_tweet_id="12345", media=["https://e.com/a.png"], **K
        ),
    ),
    "delete_tweet": (
        {"account": "nasa", "tweet_id": "12345"},
        lambda it: it.x.tweets.delete("12345", account="nasa", **K),
    ),
    "like": (
        {"account": "nasa", "tweet_id": "12345"},
        lambda it: it.x.tweets.like.create("12345", account="nasa", **K),
    ),
    "unlike": (
        {"account": "nasa", "tweet_id": "12345"},
        lambda it: it.x.tweets.like.delete("12345", account="nasa", **K),
    ),
    "retweet": (
        {"account": "nasa", "tweet_id": "12345"},
        lambda it: it.x.tweets.retweet.create("12345", account="nasa", **K),
    ),
    "unretweet": (
        {"account": "nasa", "tweet_id": "12345"},
        lambda it: it.x.tweets.retweet.delete("12345", account="nasa", **K),
    ),
    "follow": (
        {"account": "nasa", "user_id": "77"},
        lambda it: it.x.users.follow.create("77", account="nasa", **K),
    ),
    "unfollow": (
        {"account": "nasa", "user_id": "77"},
        lambda it: it.x.users.follow.delete_all("77", account="nasa", **K),
    ),
    "remove_follower": (
        {"account": "nasa", "user_id": "77"},
        lambda it: it.x.users.remove_follower("77", account="nasa", **K),
    ),
    "send_dm": (
        {"account": "nasa", "user_id": "77", "text": "hi", "media_ids": ["5"]},
        lambda it: it.x.dm.send("77", account="nasa", text="hi", media_ids=["5"], **K),
    ),
    "update_profile": (
        {"account": "nasa", "name": "NASA", "description": "Space"},
        lambda it: it.x.profile.update(account="nasa", name="NASA", description="Space", **K),
    ),
    "create_community": (
        {"account": "nasa", "name": "Space"},
        lambda it: it.x.communities.create(account="nasa", name="Space", **K),
    ),
    "delete_community": (
        {"account": "nasa", "community_id": "15", "community_name": "Space"},
        lambda it: it.x.communities.delete("15", account="nasa", community_name="Space", **K),
    ),
    "join_community": (
        {"account": "nasa", "community_id": "15"},
        lambda it: it.x.communities.join.create("15", account="nasa", **K),
    ),
    "leave_community": (
        {"account": "nasa", "community_id": "15"},
        lambda it: it.x.communities.join.delete_all("15", account="nasa", **K),
    ),
}


@pytest.fixture
async def theirs(upstream: Upstream) -> AsyncIterator[Any]:
    base = upstream.url
    client = sdk.AsyncXTwitterScraper(api_key=KEY.get_secret_value(), base_url=base, max_retries=0)
    async with client:
        yield client


def same(ours: Seen, theirs: Seen) -> None:
    assert (ours.method, ours.path) == (theirs.method, theirs.path)
    assert ours.query == theirs.query
    assert ours.headers["x-api-key"] == theirs.headers["x-api-key"]
    if theirs.content:
        assert ours.json == theirs.json


@pytest.mark.parametrize("kind", sorted(WRITES))
async def test_a_write_is_the_request_of_the_sdk(
    upstream: Upstream, transport: Transport, theirs: Any, kind: str
) -> None:
    upstream.will(Reply(body=record(action=kind)))
    payload, call = WRITES[kind]
    await XquikWrites(transport, KEY).perform(kind, payload, "key-1")
    await call(theirs)
    first, second = upstream.seen
    same(first, second)
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "key-1"


async def test_reads_and_draws_are_the_requests_of_the_sdk(
    upstream: Upstream, connections: Connections, theirs: Any
) -> None:
    xquik, runs = connections.client(KEY), DrawRuns(Caller(connections.transport, KEY))
    upstream.will(Reply(body={"id": "1", "winners": []}))
    link = "https://x.com/nasa/status/12345"
    pairs: list[tuple[Awaitable[Any], Awaitable[Any]]] = [
        (xquik.account.credits(), theirs.credits.retrieve_balance()),
        (xquik.account.show(), theirs.account.retrieve()),
        (
            xquik.events.list(cursor="c", limit=5, monitor_id="1"),
            theirs.events.list(cursor="c", limit=5, monitor_id="1"),
        ),
        (xquik.draws.list("c", 5), theirs.draws.list(cursor="c", limit=5)),
        (xquik.draws.show("1"), theirs.draws.retrieve("1")),
        (
            runs.run(DrawRequest(link, 3, 2, must_retweet=True, required_hashtags=("#a",)), "key-1"),
            theirs.draws.run(
                tweet_url=link, winner_count=3, backup_count=2, must_retweet=True, required_hashtags=["#a"]
            ),
        ),
    ]
    for mine, other in pairs:
        upstream.seen.clear()
        await mine
        await other
        same(*upstream.seen)
