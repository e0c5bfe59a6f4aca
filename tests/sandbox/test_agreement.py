"""The world hangs together: what one answer says, every other says too, before and after it changed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.sandbox.api.eventtypes import DOCUMENTED, NEWER
from bot.sandbox.config import FixedWindow, FixedWindows
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.sandbox.world import posts, radar

from .conftest import QUICK, client_of, control

MANY = FixedWindow(100_000, 1.0)
CALM = replace(QUICK, connected=("xquik_demo", "nasa"), credits=10_000_000,
               limits=FixedWindows(MANY, MANY, MANY, MANY, MANY))  # fmt: skip
FROM = (
    "xquik",
    "nasa",
    "esa",
    "spacex",
    "github",
    "python",
    "slackhq",
    "discord",
    "cafe_luna",
    "hostile_henry",
)


@pytest.fixture
async def world() -> AsyncIterator[tuple[RunningSandbox, httpx.AsyncClient]]:
    async with serve_sandbox(CALM) as running, client_of(running) as client:
        yield running, client


async def _all(client: httpx.AsyncClient, path: str, rows: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get(path, params={**query, **cursor})).raise_for_status().json()
        found += page[rows]
        if not page["has_next_page"]:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def _everything(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Every post there is: none has this word."""
    return await _all(client, "/x/tweets/search", "tweets", q="-nobodywritesthis", pageSize="300")


async def _check_posts(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    found = await _everything(client)
    by_id = {post["id"]: post for post in found}
    assert len(by_id) == len(found)
    replies = Counter(post.get("inReplyToId") for post in found)
    quotes = Counter(post["quoted_tweet"]["id"] for post in found if "quoted_tweet" in post)
    for post in found:
        identity = post["id"]
        assert post["replyCount"] == replies[identity], identity
        assert post["quoteCount"] == quotes[identity], identity
        assert post["url"].endswith(f"/{post['author']['username']}/status/{identity}")
        assert post["isReply"] == ("inReplyToId" in post) and post["isQuoteStatus"] == (
            "quoted_tweet" in post
        )
        for inner in ("quoted_tweet", "retweeted_tweet"):
            if inner in post:
                assert int(post[inner]["id"]) < int(identity), "what is quoted is older"
                told = ("text", "replyCount", "quoteCount", "retweetCount", "likeCount", "author")
                assert {name: post[inner][name] for name in told} == {
                    name: by_id[post[inner]["id"]][name] for name in told
                }
        if parent := by_id.get(post.get("inReplyToId", "")):
            assert post["inReplyToUsername"] == parent["author"]["username"]
            assert post["conversationId"] == parent["conversationId"]
            assert int(parent["id"]) < int(identity), "an answer is younger"
    return by_id


async def _check_people(client: httpx.AsyncClient, by_id: dict[str, dict[str, Any]]) -> None:
    written = Counter(post["author"]["id"] for post in by_id.values())
    shown: dict[str, dict[str, Any]] = {}
    for post in by_id.values():
        author = post["author"]
        assert shown.setdefault(author["id"], author) == author, "the same wherever it appears"
        assert author["createdAt"] < post["createdAt"], "nobody writes before they are there"
    for identity, author in shown.items():
        assert (await client.get(f"/x/users/{identity}")).json() == author
        assert author["statusesCount"] >= written[identity]


async def _check_lists(client: httpx.AsyncClient, by_id: dict[str, dict[str, Any]]) -> None:
    interesting = [p for p in by_id.values() if not p["isReply"]] + [
        p for p in by_id.values() if p["replyCount"]
    ]
    for post in interesting:
        answers = await _all(client, f"/x/tweets/{post['id']}/replies", "tweets", pageSize="300")
        assert len({one["id"] for one in answers}) == len(answers) == post["replyCount"]
        assert all(one == by_id[one["id"]] for one in answers)
        people = await _all(client, f"/x/tweets/{post['id']}/retweeters", "users", pageSize="200")
        assert len({one["id"] for one in people}) == len(people) == post["retweetCount"], post["id"]
        single = (await client.get(f"/x/tweets/{post['id']}")).json()
        assert single["tweet"] == post and single["author"] == post["author"]
        assert post["viewCount"] >= post["likeCount"] or post["viewCount"] < 10_000, post["id"]
    for handle in FROM:
        mine = await _all(client, "/x/tweets/search", "tweets", q=f"from:{handle}", pageSize="300")
        assert {p["id"] for p in mine} == {
            p["id"] for p in by_id.values() if p["author"]["username"].lower() == handle
        }


async def _check(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    by_id = await _check_posts(client)
    await _check_people(client, by_id)
    await _check_lists(client, by_id)
    return by_id


async def test_the_fixed_world_agrees_with_itself(world: tuple[RunningSandbox, httpx.AsyncClient]) -> None:
    _, client = world
    by_id = await _check(client)
    for post in by_id.values():
        assert post["viewCount"] > post["likeCount"], "nobody likes what they did not see"
    assert by_id[posts.GIVEAWAY_ID]["replyCount"] == posts.GIVEAWAY_REPLIES


@pytest.mark.parametrize("seed", [1, 42, 2026])
async def test_so_does_that_of_any_seed(seed: int) -> None:
    async with serve_sandbox(replace(CALM, seed=seed)) as running, client_of(running) as client:
        await _check_posts(client)
        assert running.sandbox.config.seed == seed


async def test_it_agrees_after_every_kind_of_event(world: tuple[RunningSandbox, httpx.AsyncClient]) -> None:
    running, client = world
    kinds = [kind for kind in (*DOCUMENTED, *NEWER) if kind != "profile.username.changed"]
    for handle in ("nasa", "esa", "python"):
        await client.post("/monitors", json={"username": handle, "eventTypes": kinds})
    for turn in range(2):
        for kind in kinds:
            for handle in ("nasa", "esa", "python")[: 2 + turn % 2]:
                await control(running, "/emit", username=handle, type=kind)
    by_id = await _check(client)
    await _check_events(client, by_id)


async def _check_events(client: httpx.AsyncClient, by_id: dict[str, dict[str, Any]]) -> None:
    """What the newest event of each kind and account says is how it is."""
    events = (await client.get("/events", params={"limit": "100"})).json()["events"]
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:  # the newest first
        newest.setdefault((event["type"], event.get("username", "")), event)
    fields = {"name": "name", "bio": "description", "location": "location", "url": "url",
              "followers": "followers", "following": "following", "protected": "protected",
              "verified": "verified", "avatar": "profilePicture", "banner": "coverPicture"}  # fmt: skip
    for (kind, handle), event in newest.items():
        data = event["data"]
        if kind == "tweet.deleted":
            assert data["id"] not in by_id
        elif kind.startswith("tweet.") and data["id"] in by_id:
            now = by_id[data["id"]]
            assert {name: data[name] for name in ("text", "lang", "createdAt", "url")} == {
                name: now[name] for name in ("text", "lang", "createdAt", "url")
            }
        elif kind.startswith("profile.") and (field := fields.get(data["field"])):
            user = (await client.get(f"/x/users/{handle}")).json()
            if field in ("followers", "following"):
                continue  # others followed since; checked below
            assert user[field] == data["current"], kind


@pytest.mark.parametrize(
    ("kind", "field", "step"),
    [
        ("follower.added", "followers", 1),
        ("follower.removed", "followers", -1),
        ("following.added", "following", 1),
        ("following.removed", "following", -1),
    ],
)
async def test_who_follows_is_counted_on_both_sides(
    world: tuple[RunningSandbox, httpx.AsyncClient], kind: str, field: str, step: int
) -> None:
    running, client = world
    other = {"followers": "following", "following": "followers"}[field]
    if kind.startswith("following"):
        await client.post("/monitors", json={"username": "esa", "eventTypes": ["following.added", kind]})
        await control(running, "/emit", username="esa", type="following.added")
    else:
        await client.post("/monitors", json={"username": "esa", "eventTypes": [kind]})
    for _ in range(3):
        before = (await client.get("/x/users/esa")).json()
        event = await control(running, "/emit", username="esa", type=kind)
        told = (await client.get(f"/events/{event['id']}")).json()["data"]
        after = (await client.get("/x/users/esa")).json()
        if kind == "following.removed" and after[field] == before[field]:
            break  # there was nobody left to stop following
        assert after[field] - before[field] == step
        assert (await client.get(f"/x/users/{told['id']}")).json()[other] == told[other]


@pytest.mark.parametrize("kind", ["profile.followers.changed", "profile.following.changed"])
async def test_a_count_that_changed_begins_where_it_was(
    world: tuple[RunningSandbox, httpx.AsyncClient], kind: str
) -> None:
    running, client = world
    await client.post("/monitors", json={"username": "esa", "eventTypes": [kind]})
    field = kind.split(".")[1]
    for _ in range(3):
        before = (await client.get("/x/users/esa")).json()[field]
        event = await control(running, "/emit", username="esa", type=kind)
        told = (await client.get(f"/events/{event['id']}")).json()["data"]
        assert (told["previous"], told["change"]) == (before, told["current"] - before)
        assert (await client.get("/x/users/esa")).json()[field] == told["current"]


async def test_it_agrees_after_writing(world: tuple[RunningSandbox, httpx.AsyncClient]) -> None:
    _, client = world
    rng = random.Random(5)
    number = 0

    async def write(method: str, path: str, **body: Any) -> dict[str, Any]:
        nonlocal number
        number += 1
        answer = await client.request(
            method, path, json={"account": "xquik_demo", **body}, headers={"idempotency-key": f"k{number}"}
        )
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made

    first = (await write("POST", "/x/tweets", text="Günaydın"))["tweetId"]
    thread = first
    for text in ("one", "हैलो", "三"):
        thread = (await write("POST", "/x/tweets", text=text, reply_to_tweet_id=thread))["tweetId"]
    quote = f"Worth a look https://x.com/i/status/{posts.PLAIN_ID}"
    quoting = (await write("POST", "/x/tweets", text=quote))["tweetId"]
    await write("POST", "/x/tweets", text=f"mine: https://twitter.com/a/status/{first}?s=20")
    targets = [first, quoting, posts.PLAIN_ID, posts.GIVEAWAY_ID, posts.GALLERY_IDS[1]]
    for target in targets:
        for verb in ("like", "retweet"):
            await write("POST", f"/x/tweets/{target}/{verb}")
    for target in rng.sample(targets, 3):
        await write("DELETE", f"/x/tweets/{target}/retweet")
    by_id = await _check(client)
    assert by_id[quoting]["quoted_tweet"]["id"] == posts.PLAIN_ID
    assert by_id[thread]["conversationId"] == first
    await write("DELETE", f"/x/tweets/{thread}")
    by_id = await _check(client)
    assert thread not in by_id


@pytest.mark.parametrize("region", ["global", "US", "TR", "JP", "IN", "BR"])
async def test_radar_repeats_nothing(world: tuple[RunningSandbox, httpx.AsyncClient], region: str) -> None:
    _, client = world
    items: list[dict[str, Any]] = []
    query = {"hours": "72", "limit": "100", "region": region}
    while True:
        page = (await client.get("/radar", params=query)).json()
        items += page["items"]
        if not page["hasMore"]:
            break
        query["after"] = page["nextCursor"]
    assert len(items) >= 140 * len(radar.SOURCES)
    for field in ("id", "sourceId", "title", "description", "url"):
        assert len({item[field] for item in items}) == len(items), field
    for item in items:
        assert item["title"] and item["source"] in item["url"] and item["region"] == region


async def test_two_regions_have_other_news(world: tuple[RunningSandbox, httpx.AsyncClient]) -> None:
    _, client = world
    titles: list[str] = []
    for region in radar.REGIONS:
        page = (await client.get("/radar", params={"hours": "6", "limit": "100", "region": region})).json()
        titles += [item["title"] for item in page["items"]]
    assert len(set(titles)) == len(titles) > 500


async def test_what_changed_is_still_so_after_a_restart(tmp_path: Any) -> None:
    config = replace(CALM, state_path=tmp_path / "state.db")
    async with serve_sandbox(config) as running, client_of(running) as client:
        kinds = ["profile.name.changed", "follower.added", "tweet.new", "profile.pinned_tweet.changed"]
        await client.post("/monitors", json={"username": "esa", "eventTypes": kinds})
        for kind in kinds:
            await control(running, "/emit", username="esa", type=kind)
        before = (await client.get("/x/users/esa")).json()
    async with serve_sandbox(config) as running, client_of(running) as client:
        after = (await client.get("/x/users/esa")).json()
        for one in (before, after):
            one.pop("profilePicture")  # another port
        assert after == before and after["pinnedTweetIds"] == [posts.PLAIN_ID]
        await _check_posts(client)
