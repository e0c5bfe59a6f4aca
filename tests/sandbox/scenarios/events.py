"""Events."""

from __future__ import annotations

import httpx

from .first import some_events
from .scenario import Scenarios

SCENARIOS = Scenarios()


@SCENARIOS.add
async def listEvents(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await some_events(c)
    first = await c.get("/events?limit=1")
    return [first, await c.get("/events", params={"cursor": first.json()["nextCursor"]})]


@SCENARIOS.add
async def getEvent(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await some_events(c)
    ids = [event["id"] for event in (await c.get("/events")).json()["events"]]
    return [await c.get(f"/events/{one}") for one in [*ids, "1", "x"]]
