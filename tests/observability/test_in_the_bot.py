"""The bot as `xquik-bot run` starts it, seen from outside: /metrics, the logs, the operator page."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from bot.app.serving import Bot
from bot.core.routes.tracing import trace_id
from bot.observability.logs import configure
from tests.journeys.run.events import emit, tweet
from tests.journeys.run.harness import Plan, Vendors, free_port, give_key, start, until, vendors
from tests.journeys.slack.place import furnish, place_of

TOKEN = "0123456789abcdef0123456789abcdef"
TEXT = "what this tweet says is nobody's business"

# All but what runs where a process stands by, a platform is away, or events are streamed.
WORK = (
    "capacity", "catchup", "clock", "figures", "housekeeping", "lag", "members", "monitors", "outcomes",
    "proposals", "pruning", "recovery", "releasing",
)  # fmt: skip


@dataclass
class Running:
    """A bot on Slack with one route. figures: the address of /metrics."""

    bot: Bot
    all_vendors: Vendors
    plan: Plan
    figures: str
    place: Any

    async def figure(self, line: str) -> float:
        """The value of a line of /metrics; 0 when it is not there."""
        async with httpx.AsyncClient(trust_env=False) as client:
            text = (await client.get(self.figures)).text
        found = re.search(rf"^xquik_bot_{re.escape(line)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0


@pytest.fixture(autouse=True)
def logged() -> Iterator[io.StringIO]:
    """What is logged, as JSON."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure("debug", "json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with vendors() as all_vendors:
        ws = furnish(all_vendors.slack)
        plan = Plan(all_vendors, tmp_path, discord=False)
        port = free_port()
        config = plan.write({"web": {"metrics_port": port, "operator_token": TOKEN}})
        bot = await start(config)
        try:
            await all_vendors.slack.wait_connected()
            place = place_of(all_vendors, plan, bot, ws)
            await give_key(bot, place.tenant, all_vendors.sandbox.api_key)
            yield Running(bot, all_vendors, plan, f"http://127.0.0.1:{port}/metrics", place)
        finally:
            await bot.stop()


async def test_an_event_can_be_followed_from_the_webhook_to_its_message(
    running: Running, logged: io.StringIO
) -> None:
    await running.place.watch()
    await (await running.place.run("relay add channel:#alerts account:nasa")).wait_for_ephemeral()

    async def compared() -> bool:
        return await running.figure('catchup_runs_total{outcome="ok"}') >= 1

    await until(compared)  # a new place is compared with the list once, which may bring the event too
    event = await emit(running.all_vendors, running.all_vendors.sandbox.api_key, tweet(1, TEXT))

    async def sent() -> bool:
        return await running.figure('sends_total{outcome="delivered",platform="slack"}') >= 1

    await until(sent)
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    trace = trace_id(running.place.tenant, f"e:{event}")
    # A look at the list may find it once more before it is routed.
    story = [line for line in lines if line.get("trace") == trace and line.get("fate") != "duplicate"]
    assert [line["event"] for line in story] == ["event received", "event routed", "message sent"], lines
    assert (story[0]["via"], story[0]["fate"], story[1]["deliveries"]) == ("webhook", "stored", 1)
    assert TEXT not in logged.getvalue()
    assert await running.figure('events_received_total{via="webhook"}') == 1
    assert await running.figure('end_to_end_seconds_count{platform="slack"}') == 1
    assert await running.figure("commit_seconds_count") > 0
    assert abs(await running.figure("clock_skew_seconds")) < 5


async def test_the_gauges_are_read_from_the_first_moment_on(running: Running) -> None:
    async def read() -> bool:
        return await running.figure("standing_read_timestamp_seconds") > 0

    await until(read)
    assert await running.figure("start_timestamp_seconds") > 0
    assert await running.figure("backlog") == 0

    async def lag() -> bool:
        return await running.figure("event_loop_lag_seconds_count") > 0

    await until(lag)


async def test_periodic_work_of_a_process_that_does_everything_shows_when_it_ran(
    running: Running,
) -> None:
    async def ran() -> bool:
        times = [await running.figure(f'job_last_run_timestamp_seconds{{work="{work}"}}') for work in WORK]
        return all(at > 0 for at in times)

    await until(ran)
    assert await running.figure('job_seconds_count{work="clock"}') > 0


async def test_a_clock_that_is_wrong_shows_in_the_figures(running: Running) -> None:
    hook = await running.bot.app.relay.hooks.of(running.place.tenant)
    assert hook is not None
    stamp = str(int((running.bot.app.clock() - 601) * 1000))
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"{running.plan.address}/hooks/xquik/{hook.id}",
            content=b"{}",
            headers={
                "X-Xquik-Timestamp": stamp,
                "X-Xquik-Nonce": "0" * 32,
                "X-Xquik-Signature": f"sha256={'0' * 64}",
            },
        )
    assert answer.status_code == 401
    assert -602 < await running.figure("clock_skew_seconds") < -600
    assert await running.figure('deliveries_rejected_total{cause="stale"}') == 1


async def test_the_operator_page_is_there_with_a_token_alone(running: Running, tmp_path: Path) -> None:
    async with httpx.AsyncClient(base_url=running.plan.address, trust_env=False) as client:
        assert (await client.get("/operator/")).headers["location"] == "/operator/login"
        assert "Sign in" in (await client.get("/operator/login")).text
        assert (await client.get("/operator/style.css")).headers["content-type"].startswith("text/css")
    (tmp_path / "other").mkdir()
    without = Plan(running.all_vendors, tmp_path / "other", discord=False)
    bot = await start(without.write())
    try:
        async with httpx.AsyncClient(base_url=without.address, trust_env=False) as client:
            assert (await client.get("/operator/")).status_code == 404
            assert (await client.get("/operator/login")).status_code == 404
    finally:
        await bot.stop()
