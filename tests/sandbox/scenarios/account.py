"""The account at Xquik, its credits and its accounts on X."""

from __future__ import annotations

import httpx

from .first import made
from .scenario import Scenarios, each, gets

SCENARIOS = Scenarios(
    {
        "getAccount": gets("/account"),
        "setXIdentity": each(
            *(("PUT", "/account/x-identity", {"username": name}) for name in ("@nasa", "no name", "")),
            ("PUT", "/account/x-identity", {}),
        ),
        "updateAccount": each(
            *(("PATCH", "/account", {"locale": locale}) for locale in ("tr", "es", "en", "de", "", 7)),
            ("PATCH", "/account", {}),
        ),
        "getCredits": gets("/credits"),
        "listXAccounts": gets("/x/accounts"),
    }
)


@SCENARIOS.add
async def getXAccount(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    known = (await c.get("/x/accounts")).json()["accounts"][0]["id"]
    return [await c.get(f"/x/accounts/{one}") for one in (known, "9")]


@SCENARIOS.add
async def disconnectXAccount(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    known = (await c.get("/x/accounts")).json()["accounts"][0]["id"]
    return [await c.delete(f"/x/accounts/{one}") for one in (known, known, "9")]


@SCENARIOS.add
async def topUpCredits(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    path = "/credits/topup"
    first, again = [await c.post(path, json={"dollars": 25}) for _ in range(2)]
    assert first.json() == again.json()
    other = await c.post(path, json={"dollars": 30, "locale": "tr"})
    assert other.json() != first.json()
    return [first, again, other, *[await c.post(path, json={"dollars": few}) for few in (9, 10.5)]]


@SCENARIOS.add
async def subscribe(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.post("/subscribe", json=body) for body in ({"tier": "pro"}, {}, {"tier": "gold"})]


@SCENARIOS.add
async def getCreditTopupStatus(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    states = ("processing", "paid", "failed", "expired")
    sessions = [(await made(c, "topups", dollars=25, status=one))["session"] for one in states]
    path = "/credits/topup/status"
    known = [await c.get(path, params={"session_id": one}) for one in (*sessions, "cs_unknown")]
    return [*known, await c.get(path)]
