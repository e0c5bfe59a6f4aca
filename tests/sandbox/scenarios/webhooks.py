"""Webhooks and their deliveries."""

from __future__ import annotations

import httpx

from .first import some_events, webhook
from .scenario import Scenarios

SCENARIOS = Scenarios()


@SCENARIOS.add
async def createWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    urls = [hook, "https://example.com/hook", "http://example.com/hook", "ftp://x", "nonsense"]
    return [await c.post("/webhooks", json={"url": url, "eventTypes": ["tweet.new"]}) for url in urls]


@SCENARIOS.add
async def listWebhooks(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    await webhook(c, hook)
    return [await c.get("/webhooks")]


@SCENARIOS.add
async def updateWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    path = f"/webhooks/{await webhook(c, hook)}"
    return [await c.patch(path, json={"isActive": False}), await c.patch("/webhooks/99", json={})]


@SCENARIOS.add
async def deleteWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    path = f"/webhooks/{await webhook(c, hook)}"
    return [await c.delete(path), await c.delete(path)]


@SCENARIOS.add
async def testWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    good, dead = await webhook(c, hook), await webhook(c, "http://127.0.0.1:9/none")
    tests = [await c.post(f"/webhooks/{one}/test") for one in (good, dead)]
    await c.patch(f"/webhooks/{good}", json={"isActive": False})
    return [*tests, await c.post(f"/webhooks/{good}/test")]


@SCENARIOS.add
async def resumeWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    good, dead = await webhook(c, hook), await webhook(c, "http://127.0.0.1:9/none")
    return [await c.post(f"/webhooks/{one}/resume") for one in (good, dead)]


@SCENARIOS.add
async def listWebhookDeliveries(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    known = await webhook(c, hook)
    await some_events(c)
    return [await c.get(f"/webhooks/{known}/deliveries"), await c.get("/webhooks/99/deliveries")]
