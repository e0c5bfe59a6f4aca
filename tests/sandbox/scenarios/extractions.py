"""Extractions."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox.world import lists, spaces
from bot.sandbox.world.articles import COMET_ID

from .scenario import GIVEAWAY, Scenarios, each

SCENARIOS = Scenarios()
FOLLOWERS: dict[str, Any] = {
    "toolType": "follower_explorer",
    "targetUsername": "cafe_luna",
    "resultsLimit": 5,
}
ASKED_OF_EXTRACTIONS: list[dict[str, Any]] = [
    FOLLOWERS,
    {**FOLLOWERS, "minFollowers": 100, "hasWebsite": True},
    {"toolType": "reply_extractor", "targetTweetId": GIVEAWAY, "scope": "direct", "sort": "latest"},
    {"toolType": "tweet_search_extractor", "searchQuery": "launch", "minFaves": 1, "replies": "exclude"},
    {"toolType": "people_search", "searchQuery": "space"},
    {"toolType": "article_extractor", "targetTweetId": COMET_ID},
    {"toolType": "list_post_extractor", "targetListId": lists.AGENCIES_ID},
    {"toolType": "space_explorer", "targetSpaceId": spaces.LIVE_ID},
    *({"toolType": "juggler"}, {"toolType": "favoriters"}, {**FOLLOWERS, "resultsLimit": 0}),
    *({**FOLLOWERS, "targetUsername": "missing_x"}, {"toolType": "quote_extractor", "targetTweetId": "12"}),
    {"toolType": "tweet_search_extractor", "searchQuery": "x", "geocode": "1,2,3km"},
]
SCENARIOS |= {
    "estimateExtraction": each(*(("POST", "/extractions/estimate", body) for body in ASKED_OF_EXTRACTIONS)),
    "createExtraction": each(
        *(("POST", "/extractions", body) for body in ASKED_OF_EXTRACTIONS),
        ("POST", "/extractions?dry_run=true", FOLLOWERS),
    ),
}


async def _run(c: httpx.AsyncClient, *, looks: int = 3, asked: dict[str, Any] = FOLLOWERS) -> str:
    job = str((await c.post("/extractions", json=asked)).json()["id"])
    for _number in range(looks):
        await c.get(f"/extractions/{job}")
    return job


@SCENARIOS.add
async def listExtractions(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for number in range(3):
        await _run(c, looks=number * 2)
    first = await c.get("/extractions?limit=2")
    paths = ("?status=completed", "?toolType=follower_explorer&status=failed", "?status=lost", "?toolType=x")
    return [
        first,
        await c.get("/extractions", params={"cursor": first.json()["nextCursor"]}),
        *[await c.get(f"/extractions{path}") for path in paths],
    ]


@SCENARIOS.add
async def getExtraction(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    people = await _run(c)
    answers = [await c.get(f"/extractions/{await _run(c, looks=0)}")]
    replies = {"toolType": "reply_extractor", "targetTweetId": GIVEAWAY}
    for job in (people, await _run(c, asked=replies)):
        first = await c.get(f"/extractions/{job}?limit=2")
        answers += [first, await c.get(f"/extractions/{job}", params={"cursor": first.json()["nextCursor"]})]
    return [*answers, await c.get(f"/extractions/{people}?limit=1001"), await c.get("/extractions/none")]


@SCENARIOS.add
async def exportExtraction(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    done, running = await _run(c), await _run(c, looks=1)
    formats = ("csv", "json", "md", "md-document", "pdf", "txt", "xlsx", "docx")
    answers = [await c.get(f"/extractions/{done}/export?format={one}") for one in formats]
    return [*answers, await c.get(f"/extractions/{running}/export?format=csv")]


@SCENARIOS.add
async def cancelExtraction(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    running, done = await _run(c, looks=1), await _run(c)
    return [await c.delete(f"/extractions/{one}") for one in (running, running, done, "none")]
