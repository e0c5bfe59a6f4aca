"""Styles."""

from __future__ import annotations

from typing import Any

import httpx

from .scenario import Scenarios


async def _style(c: httpx.AsyncClient, label: str = "ours") -> httpx.Response:
    return await c.put(
        f"/styles/{label}", json={"label": label, "tweets": [{"text": "One"}, {"text": "Two"}]}
    )


SCENARIOS = Scenarios()


@SCENARIOS.add
async def listStyles(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for label in ("one", "two", "three"):
        await _style(c, label)
    first = await c.get("/styles?limit=2")
    return [first, await c.get("/styles", params={"cursor": first.json()["nextCursor"]})]


@SCENARIOS.add
async def analyzeStyle(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies: list[dict[str, Any]] = [
        *({"username": "nasa"}, {"username": "@NASA"}),
        *({"username": " "}, {"username": "missing_x"}, {}),
    ]
    return [await c.post("/styles", json=body) for body in bodies]


@SCENARIOS.add
async def getStyle(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _style(c)
    await c.post("/styles", json={"username": "nasa"})
    return [await c.get(f"/styles/{name}") for name in ("nasa", "OURS", "nobody")]


@SCENARIOS.add
async def compareStyles(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _style(c)
    await c.post("/styles", json={"username": "nasa"})
    both = await c.get("/styles/compare?username1=ours&username2=nasa")
    other = await c.get("/styles/compare?username1=ours&username2=nobody")
    return [both, other, await c.get("/styles/compare?username1=ours")]


@SCENARIOS.add
async def getStylePerformance(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _style(c)
    await c.post("/styles", json={"username": "nasa"})
    return [await c.get(f"/styles/{name}/performance") for name in ("nasa", "ours", "nobody")]


@SCENARIOS.add
async def saveStyle(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies: list[dict[str, Any]] = [
        *({"label": "x", "tweets": [{"text": "t"}]}, {"label": "other", "tweets": [{"text": "t"}]}),
        *({"tweets": [{"text": "t"}]}, {"tweets": []}, {"tweets": [{"text": " "}]}, {"label": "x"}),
    ]
    return [await c.put("/styles/x", json=body) for body in bodies]


@SCENARIOS.add
async def deleteStyle(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _style(c)
    return [await c.delete("/styles/Ours"), await c.delete("/styles/ours")]
