"""Tickets."""

from __future__ import annotations

import httpx

from .first import made
from .scenario import Scenarios, keyed

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


@SCENARIOS.add
async def createTicket(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    written, path = {"subject": "Help", "body": "It does not work"}, "/support/tickets"
    first = await c.post(path, json=written, headers=keyed("ticket-1"))
    again = await c.post(path, json=written, headers=keyed("ticket-1"))
    other = await c.post(path, json={**written, "body": "Something else"}, headers=keyed("ticket-1"))
    assert first.json() == again.json() and again.headers["idempotency-replayed"] == "true"
    unkeyed = await c.post(path, json=written)
    wrong = [
        await c.post(path, json={"subject": " ", "body": "b"}),
        await c.post(path, json={"subject": "s"}),
        await c.post(path, json=written, headers=keyed("short")),
    ]
    return [first, again, other, unkeyed, *wrong]


@SCENARIOS.add
async def addTicketMessage(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    ticket = (await made(c, "tickets", subject="Help", messages=[{"body": "Hello"}]))["id"]
    path = f"/support/tickets/{ticket}/messages"
    first = await c.post(path, json={"body": "Well?"}, headers=keyed("message-1"))
    again = await c.post(path, json={"body": "Well?"}, headers=keyed("message-1"))
    assert len((await c.get(f"/support/tickets/{ticket}")).json()["messages"]) == 2
    other = await c.post(path, json={"body": "Now?"}, headers=keyed("message-1"))
    unknown = await c.post("/support/tickets/tkt_unknown/messages", json={"body": "Hello"})
    return [first, again, other, unknown, await c.post(path, json={"body": ""})]


@SCENARIOS.add
async def updateTicketStatus(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    ticket = (await made(c, "tickets", subject="Help", messages=[{"body": "Hello"}]))["id"]
    path = f"/support/tickets/{ticket}"
    states = [await c.patch(path, json={"status": one}) for one in ("resolved", "closed", "open", "lost")]
    return [*states, await c.patch("/support/tickets/tkt_unknown", json={"status": "open"})]
