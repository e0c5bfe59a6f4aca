"""What scenarios of several resources make first."""

from __future__ import annotations

from typing import Any

import httpx

from .scenario import URL, keyed


def id_of(answer: httpx.Response) -> str:
    return str(answer.json()["id"])


async def monitor(c: httpx.AsyncClient) -> str:
    body = {"username": "nasa", "eventTypes": ["tweet.new"]}
    return id_of(await c.post("/monitors", json=body))


async def keyword_monitor(c: httpx.AsyncClient) -> str:
    body = {"query": "mars rover", "eventTypes": ["tweet.new"]}
    return id_of(await c.post("/monitors/keywords", json=body))


async def webhook(c: httpx.AsyncClient, hook: str) -> str:
    return id_of(await c.post("/webhooks", json={"url": hook, "eventTypes": ["tweet.new"]}))


async def draw(c: httpx.AsyncClient) -> str:
    return id_of(await c.post("/draws", json={"tweetUrl": URL, "winnerCount": 2}))


async def draft(c: httpx.AsyncClient) -> str:
    return id_of(await c.post("/drafts", json={"text": "t", "topic": "x", "goal": "authority"}))


async def tweet(c: httpx.AsyncClient, key: str = "first") -> httpx.Response:
    return await c.post("/x/tweets", json={"account": "xquik_demo", "text": "Hello"}, headers=keyed(key))


async def some_events(c: httpx.AsyncClient) -> None:
    root = str(c.base_url).removesuffix("/api/v1/")
    await monitor(c)
    await keyword_monitor(c)
    mine = {"key": c.headers["x-api-key"]}
    for subject in ({"username": "nasa"}, {"query": "mars rover"}, {"username": "nasa"}):
        await c.post(f"{root}/_control/emit", json={**mine, **subject, "type": "tweet.new"})
    await c.post(f"{root}/_control/emit", json={**mine, "username": "nasa", "type": "profile.bio.changed"})


# What no operation that is performed makes yet is made by the tests' own door.
async def made(c: httpx.AsyncClient, what: str, **body: Any) -> dict[str, Any]:
    door = str(c.base_url).replace("/api/v1", "/_control").rstrip("/")
    key = c.headers["x-api-key"]
    answer = await c.post(f"{door}/{what}", json={**body, "key": key})
    made_up: dict[str, Any] = answer.json()
    return made_up
