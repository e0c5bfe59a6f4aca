"""Monitors produce events on a clock, are billed by the hour, and everything can be caught up with."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx

from bot.sandbox.config import StreamRules
from bot.sandbox.server import RunningSandbox, serve_sandbox

from .conftest import QUICK, client_of, control, until

LIVELY = replace(QUICK, event_interval=0.02, first_event_after=0.0)


async def _ids(client: httpx.AsyncClient, **query: str) -> list[str]:
    return [event["id"] for event in (await client.get("/events", params=query)).json()["events"]]


async def test_every_type_of_an_active_monitor_comes_round() -> None:
    types = ["tweet.new", "tweet.quote", "tweet.poll", "profile.name.changed"]
    async with serve_sandbox(LIVELY) as running, client_of(running) as client:
        await client.post("/monitors", json={"username": "esa", "eventTypes": types})

        async def all_seen() -> bool:
            events = (await client.get("/events")).json()["events"]
            return {event["type"] for event in events} == set(types)

        await until(all_seen)
        events = (await client.get("/events")).json()["events"]
        tweet = next(event["data"] for event in events if event["type"] == "tweet.quote")
        assert (await client.get(f"/x/tweets/{tweet['id']}")).json()["tweet"]["text"] == tweet["text"]


async def test_search_monitors_emit_posts_that_contain_the_words() -> None:
    async with serve_sandbox(LIVELY) as running, client_of(running) as client:
        body = {"query": "mars rover lang:en -moon", "eventTypes": ["tweet.new"]}
        monitor = (await client.post("/monitors/keywords", json=body)).json()

        async def some() -> bool:
            return bool(await _ids(client, keywordMonitorId=monitor["id"]))

        await until(some)
        event = (await client.get("/events")).json()["events"][0]
        assert "mars rover" in event["data"]["text"]
        assert event["query"] == body["query"]


async def test_a_paused_monitor_is_silent_and_free(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    monitor = (await client.post("/monitors", json={"username": "esa", "eventTypes": ["tweet.new"]})).json()
    await until(lambda: _charged(client, 30))
    await client.patch(f"/monitors/{monitor['id']}", json={"isActive": False})
    await control(running, "/clock", advance=7_200)
    assert await _charged(client, 30)
    assert await _ids(client) == []


async def _charged(client: httpx.AsyncClient, amount: int) -> bool:
    return bool((await client.get("/credits")).json()["lifetime_used"] == str(amount))


async def test_each_active_monitor_costs_30_credits_an_hour(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    for username in ("esa", "nasa"):
        await client.post("/monitors", json={"username": username, "eventTypes": ["tweet.new"]})
    await until(lambda: _charged(client, 60))
    await control(running, "/clock", advance=3_601)
    await until(lambda: _charged(client, 120))
    assert (await client.get("/account")).json()["monitorBilling"]["activeHourlyBurn"] == "60"


async def test_a_monitor_that_cannot_be_paid_for_is_switched_off(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await client.post("/monitors", json={"username": "esa", "eventTypes": ["tweet.new"]})
    await until(lambda: _charged(client, 30))
    await control(running, "/credits", balance=20)
    await control(running, "/clock", advance=3_601)

    async def off() -> bool:
        return not (await client.get("/monitors")).json()["monitors"][0]["isActive"]

    await until(off)
    assert (await client.get("/credits")).json()["balance"] == "20"


async def test_pages_hold_still_while_new_events_arrive(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await client.post("/monitors", json={"username": "esa", "eventTypes": ["tweet.new"]})
    made = [(await control(running, "/emit", username="esa"))["id"] for _ in range(5)]
    first = (await client.get("/events?limit=2")).json()
    await control(running, "/emit", username="esa")
    # `after` is the older name of the parameter; both are accepted.
    second = (await client.get("/events", params={"limit": "2", "after": first["nextCursor"]})).json()
    third = (await client.get("/events", params={"limit": "2", "cursor": second["nextCursor"]})).json()
    seen = [event["id"] for page in (first, second, third) for event in page["events"]]
    assert seen == made[::-1]
    assert not third["hasMore"]
    assert "nextCursor" not in third
    assert (await client.get("/events?cursor=%21%21")).status_code == 400


async def _read(client: httpx.AsyncClient, count: int, last: str = "") -> list[str]:
    """The first ``count`` lines of the stream that are not empty."""
    lines: list[str] = []
    headers = {"Last-Event-ID": last} if last else {}
    async with asyncio.timeout(8), client.stream("GET", "/events/stream", headers=headers) as stream:
        async for line in stream.aiter_lines():
            if line:
                lines.append(line)
            if len(lines) == count:
                break
    return lines


async def test_the_stream_replays_then_follows(running: RunningSandbox, client: httpx.AsyncClient) -> None:
    await client.post("/monitors", json={"username": "esa", "eventTypes": ["tweet.new"]})
    ids = [(await control(running, "/emit", username="esa"))["id"] for _ in range(3)]
    reading = asyncio.create_task(_read(client, 10, last=ids[0]))
    await until(lambda: _streaming(running))
    ids.append((await control(running, "/emit", username="esa", type="tweet.reply"))["id"])
    lines = await reading
    assert [line for line in lines if line.startswith("id:")] == [f"id: {one}" for one in ids[1:]]
    assert "event: tweet.reply" in lines


async def _streaming(running: RunningSandbox) -> bool:
    return bool((await control(running, "/state", "GET"))["streams"])


async def test_an_idle_stream_sends_comments(client: httpx.AsyncClient) -> None:
    lines = await _read(client, 3)
    assert lines == [": connected", ": keep-alive", ": keep-alive"]


async def test_a_customer_may_keep_only_so_many_streams() -> None:
    config = replace(QUICK, stream=StreamRules(per_account=1))
    async with (
        serve_sandbox(config) as running,
        client_of(running) as client,
        client.stream("GET", "/events/stream") as stream,
    ):
        await anext(stream.aiter_lines())
        second = await client.get("/events/stream")
        assert (second.status_code, second.json()["error"]) == (429, "rate_limit_exceeded")
