"""Draws."""

from __future__ import annotations

import httpx

from .first import draw
from .scenario import GIVEAWAY, URL, Scenarios

SCENARIOS = Scenarios()


@SCENARIOS.add
async def createDraw(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies = [
        {"tweetUrl": URL, "winnerCount": 3, "backupCount": 2, "mustFollowUsername": "@xquik"},
        {"tweetUrl": GIVEAWAY},
        {"tweetUrl": "https://x.com/x/status/1893999999999999999"},
        {"tweetUrl": URL, "winnerCount": 0},
        {},
    ]
    return [await c.post("/draws", json=body) for body in bodies]


@SCENARIOS.add
async def listDraws(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for _number in range(3):
        await draw(c)
    first = await c.get("/draws?limit=2")
    return [first, await c.get("/draws", params={"cursor": first.json()["nextCursor"]})]


@SCENARIOS.add
async def getDraw(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.get(f"/draws/{await draw(c)}"), await c.get("/draws/none")]


@SCENARIOS.add
async def exportDraw(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    made = await draw(c)
    formats = ["csv", "json", "md", "md-document", "pdf", "txt", "xlsx", "doc"]
    return [await c.get(f"/draws/{made}/export?format={one}&type=entries") for one in formats]
