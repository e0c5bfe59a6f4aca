"""What makes places quiet can be caused: monitors that stop, accounts that X hides, balances."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.sandbox.server import RunningSandbox

from .conftest import control


async def _monitor(client: httpx.AsyncClient, *types: str) -> dict[str, Any]:
    body = {"username": "esa", "eventTypes": list(types or ("tweet.new",))}
    made: dict[str, Any] = (await client.post("/monitors", json=body)).json()
    return made


async def _first(client: httpx.AsyncClient) -> dict[str, Any]:
    first: dict[str, Any] = (await client.get("/monitors")).json()["monitors"][0]
    return first


async def test_a_monitor_stops_with_a_reason_and_goes_on(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    made = await _monitor(client)
    assert "pausedReason" not in made
    await control(running, "/monitors", username="esa", reason="x_account_protected")
    stopped = await _first(client)
    assert (stopped["isActive"], stopped["pausedReason"]) == (False, "x_account_protected")
    assert stopped["pausedAt"].endswith("Z")
    again = (await client.patch(f"/monitors/{made['id']}", json={"isActive": True})).json()
    assert again["isActive"] and "pausedReason" not in again
    off = (await client.patch(f"/monitors/{made['id']}", json={"isActive": False})).json()
    assert not off["isActive"] and "pausedReason" not in off


async def test_an_hour_that_cannot_be_paid_says_so(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await _monitor(client)
    await control(running, "/credits", balance=1)
    await control(running, "/clock", advance=3_700)
    for _ in range(200):
        if not (await _first(client))["isActive"]:
            break
    assert (await _first(client))["pausedReason"] == "insufficient_credits"


@pytest.mark.parametrize(
    ("what", "reason"), [("protected", "x_account_protected"), ("unavailable", "x_user_not_found")]
)
async def test_x_hides_an_account(
    running: RunningSandbox, client: httpx.AsyncClient, what: str, reason: str
) -> None:
    await _monitor(client, "tweet.new", f"profile.{what}.changed")
    hidden: dict[str, Any] = {"username": "esa", what: True}
    told = await control(running, "/people", **hidden)
    assert told == {"told": 1}
    [event] = (await client.get("/events")).json()["events"]
    assert (event["type"], event["data"]["current"]) == (f"profile.{what}.changed", True)
    assert (await _first(client))["pausedReason"] == reason


async def test_the_account_says_whether_it_is_topped_up(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    for topup, enabled, stopped in (("on", True, False), ("stopped", True, True), ("off", False, False)):
        await control(running, "/credits", topup=topup)
        info = (await client.get("/account")).json()["creditInfo"]
        assert (info["autoTopupEnabled"], info["autoTopupStopped"]) == (enabled, stopped)
