"""Tickets."""

from __future__ import annotations

import httpx

from .first import made
from .scenario import Scenarios

SCENARIOS = Scenarios()


@SCENARIOS.add
async def listTickets(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for subject in ("First", "Second", "Third"):
        await made(c, "tickets", subject=subject, messages=[{"body": "Hello"}])
    first = await c.get("/support/tickets?limit=2")
    second = await c.get("/support/tickets", params={"cursor": first.json()["nextCursor"]})
    return [first, second, await c.get("/support/tickets?limit=201")]


@SCENARIOS.add
async def getTicket(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    said = [
        {"body": "It does not work", "attachments": [{"filename": "shot.png"}]},
        {"body": "Which key?", "sender": "support"},
    ]
    ticket = (await made(c, "tickets", subject="Help", status="in_progress", messages=said))["id"]
    return [await c.get(f"/support/tickets/{one}") for one in (ticket, "tkt_unknown")]


@SCENARIOS.add
async def downloadSupportAttachment(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    said = [{"body": "It does not work", "attachments": [{"filename": "shot.png"}]}]
    ticket = (await made(c, "tickets", subject="Help", messages=said))["id"]
    (message,) = (await c.get(f"/support/tickets/{ticket}")).json()["messages"]
    file = message["attachments"][0]["publicId"]
    return [await c.get(f"/support/attachments/{one}") for one in (file, "att_unknown")]
