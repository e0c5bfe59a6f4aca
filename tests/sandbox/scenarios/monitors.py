"""Monitors of accounts and of keywords."""

from __future__ import annotations

import httpx

from .first import keyword_monitor, monitor
from .scenario import Scenarios

SCENARIOS = Scenarios()


@SCENARIOS.add
async def createMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies = [
        {"username": "@NASA", "eventTypes": ["tweet.new", "profile.bio.changed"]},
        {"username": "nasa", "eventTypes": ["tweet.new"]},
        {"username": "missing_one", "eventTypes": ["tweet.new"]},
        {"username": "esa", "eventTypes": []},
        {"username": "esa", "eventTypes": ["nope"]},
        {"username": "not valid", "eventTypes": ["tweet.new"]},
    ]
    return [await c.post("/monitors", json=body) for body in bodies]


@SCENARIOS.add
async def listMonitors(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await monitor(c)
    return [await c.get("/monitors")]


@SCENARIOS.add
async def getMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.get(f"/monitors/{await monitor(c)}"), await c.get("/monitors/99")]


@SCENARIOS.add
async def updateMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    path = f"/monitors/{await monitor(c)}"
    changes = [{"isActive": False}, {"isActive": True, "eventTypes": ["tweet.reply"]}, {"eventTypes": ["?"]}]
    return [await c.patch(path, json=change) for change in changes]


@SCENARIOS.add
async def deleteMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.delete(f"/monitors/{await monitor(c)}"), await c.delete("/monitors/99")]


@SCENARIOS.add
async def createKeywordMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies = [
        {"query": " mars   rover ", "eventTypes": ["tweet.new"]},
        {"query": "mars rover", "eventTypes": ["tweet.new"]},
        {"query": "x" * 513, "eventTypes": ["tweet.new"]},
    ]
    return [await c.post("/monitors/keywords", json=body) for body in bodies]


@SCENARIOS.add
async def listKeywordMonitors(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await keyword_monitor(c)
    return [await c.get("/monitors/keywords")]


@SCENARIOS.add
async def getKeywordMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    account = await monitor(c)
    return [await c.get(f"/monitors/keywords/{one}") for one in (await keyword_monitor(c), account)]


@SCENARIOS.add
async def updateKeywordMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.patch(f"/monitors/keywords/{await keyword_monitor(c)}", json={"isActive": False})]


@SCENARIOS.add
async def deleteKeywordMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.delete(f"/monitors/keywords/{await keyword_monitor(c)}")]
