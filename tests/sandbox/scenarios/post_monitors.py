"""Monitors of single tweets."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox.world import posts

from .first import id_of, monitor
from .scenario import GIVEAWAY, URL, Scenarios


async def _post_monitor(c: httpx.AsyncClient) -> str:
    return id_of(await c.post("/monitors/posts", json={"post": GIVEAWAY, "eventTypes": ["post.reply.new"]}))


SCENARIOS = Scenarios()


@SCENARIOS.add
async def createPostMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies: list[dict[str, Any]] = [
        {"post": URL, "name": "The draw"},
        {"post": GIVEAWAY},
        {"post": posts.POLL_ID, "eventTypes": ["post.views.changed"]},
        {"post": "1893999999999999999"},
        {"post": "nonsense"},
        {"post": posts.QUOTE_ID, "eventTypes": ["tweet.new"]},
        {"post": posts.QUOTE_ID, "eventTypes": []},
    ]
    return [await c.post("/monitors/posts", json=body) for body in bodies]


@SCENARIOS.add
async def listPostMonitors(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _post_monitor(c)
    await c.post("/monitors/posts", json={"post": posts.POLL_ID})
    first = await c.get("/monitors/posts?limit=1")
    return [first, await c.get("/monitors/posts", params={"cursor": first.json()["nextCursor"]})]


@SCENARIOS.add
async def getPostMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    account = await monitor(c)
    return [await c.get(f"/monitors/posts/{one}") for one in (await _post_monitor(c), account, "x")]


@SCENARIOS.add
async def updatePostMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    path = f"/monitors/posts/{await _post_monitor(c)}"
    changes: list[dict[str, Any]] = [
        {"isActive": False},
        {"isActive": True, "eventTypes": ["post.edited"], "name": "Launch"},
        {"name": None},
        {"eventTypes": ["tweet.new"]},
    ]
    return [await c.patch(path, json=change) for change in changes]


@SCENARIOS.add
async def deletePostMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.delete(f"/monitors/posts/{await _post_monitor(c)}"), await c.delete("/monitors/posts/99")]


@SCENARIOS.add
async def getPostMonitorMetrics(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    path = f"/monitors/posts/{await _post_monitor(c)}/metrics"
    return [await c.get(path), *[await c.get(f"{path}?hours={hours}") for hours in (1, 720, 721)]]
