"""What a profile, a tweet, a list or a community counts is what is listed, estimated and collected of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from bot.sandbox.extracting import TOOLS
from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import communities, lists, posts, spaces
from bot.sandbox.world.articles import ARTICLES

from .conftest import client_of, control

PERSON: Final = "cafe_luna"
POST: Final = posts.GIVEAWAY_ID


@pytest.fixture
async def client(running: RunningSandbox) -> AsyncIterator[httpx.AsyncClient]:
    await control(running, "/credits", balance=1_000_000)
    async with client_of(running) as client:
        client.timeout = httpx.Timeout(60)
        yield client


async def asked(client: httpx.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


async def listed(client: httpx.AsyncClient, path: str, rows: str, **query: Any) -> int:
    """How many rows a listing has, through all its pages."""
    found, cursor = 0, ""
    query |= {"q": "nasa"} if path.endswith("/search") else {}
    while True:
        page = await asked(client, path, **query, **({"cursor": cursor} if cursor else {}))
        found += len(page[rows])
        cursor = page.get("next_cursor") or page.get("nextCursor") or ""
        if not (cursor and (page.get("has_next_page") or page.get("hasMore"))):
            return found


async def estimated(client: httpx.AsyncClient, request: dict[str, Any]) -> int:
    answer = await client.post("/extractions/estimate", json=request)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["estimatedResults"])


async def collected(client: httpx.AsyncClient, request: dict[str, Any]) -> tuple[int, str]:
    """How many results a job has, and why it ended."""
    job = (await client.post("/extractions", json=request)).json()["id"]
    while (found := await asked(client, f"/extractions/{job}", limit=1))["job"]["status"] == "running":
        pass
    return found["job"]["totalResults"], found["job"]["completionReason"]


def request_for(tool: str, of: str) -> dict[str, Any]:
    extra = {"searchQuery": "a"} if tool == "community_search" else {}
    return {"toolType": tool, TOOLS[tool].target: of, **extra}


USER, TWEET = f"/x/users/{PERSON}", f"/x/tweets/{POST}"
LIST, COMMUNITY = f"/x/lists/{lists.REGULARS_ID}", f"/x/communities/{communities.WATCHERS_ID}"
# Tool, from what, and where the same is listed; then what counts it, and the field that does.
CASES: Final[list[tuple[str, str, tuple[str, str] | None, tuple[str, str] | None]]] = [
    ("follower_explorer", PERSON, (f"{USER}/followers", "users"), (USER, "followers")),
    ("following_explorer", PERSON, (f"{USER}/following", "users"), (USER, "following")),
    ("verified_follower_explorer", PERSON, (f"{USER}/verified-followers", "users"), None),
    ("post_extractor", PERSON, (f"{USER}/tweets", "tweets"), None),
    ("mention_extractor", "nasa", ("/x/users/nasa/mentions", "tweets"), None),
    ("user_media", PERSON, (f"{USER}/media", "tweets"), None),
    ("reply_extractor", POST, None, (TWEET, "replyCount")),
    ("quote_extractor", POST, (f"{TWEET}/quotes", "tweets"), (TWEET, "quoteCount")),
    ("repost_extractor", POST, (f"{TWEET}/retweeters", "users"), (TWEET, "retweetCount")),
    ("favoriters", POST, None, (TWEET, "likeCount")),
    ("thread_extractor", POST, (f"{TWEET}/thread", "tweets"), None),
    ("article_extractor", next(iter(ARTICLES)), None, None),
    ("tweet_search_extractor", "launch", None, None),
    ("people_search", "nasa", ("/x/users/search", "users"), None),
    ("list_member_extractor", lists.REGULARS_ID, (f"{LIST}/members", "users"), (LIST, "memberCount")),
    ("list_follower_explorer", lists.AGENCIES_ID, (f"/x/lists/{lists.AGENCIES_ID}/followers", "users"), None),
    ("list_post_extractor", lists.AGENCIES_ID, None, None),
    ("community_extractor", communities.WATCHERS_ID, (f"{COMMUNITY}/members", "users"), None),
    ("community_moderator_explorer", communities.WATCHERS_ID, (f"{COMMUNITY}/moderators", "users"), None),
    ("community_post_extractor", communities.WATCHERS_ID, None, None),
    ("community_search", communities.WATCHERS_ID, None, None),
    ("user_likes", "xquik_demo", None, None),
]


def test_every_tool_is_compared() -> None:
    # A Space is looked up below.
    assert {tool for tool, *_ in CASES} | {"space_explorer"} == set(TOOLS)


@pytest.mark.parametrize(("tool", "of", "listing", "card"), CASES, ids=[case[0] for case in CASES])
async def test_counts_listings_estimates_and_extractions_agree(
    client: httpx.AsyncClient,
    tool: str,
    of: str,
    listing: tuple[str, str] | None,
    card: tuple[str, str] | None,
) -> None:
    request = request_for(tool, of)
    number, reason = await collected(client, request)
    assert await estimated(client, request) == number
    if listing is not None:
        path, rows = listing
        assert await listed(client, path, rows) == number
    if card is not None:
        path, figure = card
        shown = await asked(client, path)
        body = next((shown[one] for one in ("tweet", "list", "user") if one in shown), shown)
        assert body[figure] == number
        assert reason == "source_exhausted"


async def test_of_a_space_its_stage_is_collected(client: httpx.AsyncClient) -> None:
    request = request_for("space_explorer", spaces.LIVE_ID)
    shown = await asked(client, f"/x/spaces/{spaces.LIVE_ID}")
    body = shown.get("space", shown)
    number, _ = await collected(client, request)
    assert number == await estimated(client, request) == 1 + len(body["speakers"])


@pytest.mark.parametrize(("tool", "of"), [("follower_explorer", "nasa"), ("post_extractor", "nasa")])
async def test_what_is_not_listed_is_not_said_to_be_all(
    client: httpx.AsyncClient, tool: str, of: str
) -> None:
    request = request_for(tool, of)
    number, reason = await collected(client, request)
    counted = await asked(client, f"/x/users/{of}")
    body = counted.get("user", counted)
    figure = body["followers" if tool == "follower_explorer" else "statusesCount"]
    assert number < figure and reason == "pagination_safety_limit"
