"""Two real processes on one database: one relays, the other says so and stops, or takes over."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import groupby
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.journeys.crash.crash_run import CrashRun, Sender, prepare, route
from tests.journeys.run import process
from tests.journeys.run.harness import Plan, free_port, until, vendors
from tests.journeys.run.process import Process, started
from tests.journeys.slack.place import furnish

EVENTS = 60
FIRST_TAKES = 20
MARK = "Possibly a repeat"


@pytest.fixture
def url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """An empty database of either kind."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'bot.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    made = server.create()
    yield made
    server.drop(made)


async def staged(stack: AsyncExitStack, directory: Path, url: str) -> CrashRun:
    """A guild and a workspace whose channels get everything. Discord recognises a key that comes twice;
    Slack does not, so there every double shows."""
    all_vendors = await stack.enter_async_context(vendors())
    guild = all_vendors.discord.add_guild(name="Acme")
    ada = guild.add_member(name="ada", admin=True)
    ws = furnish(all_vendors.slack)
    plan = Plan(all_vendors, directory)
    config = plan.write({"storage": {"url": url}, "relay": {"ingest": "webhook"}})
    stage = CrashRun(all_vendors, plan, config, guild, ada, ws)
    channels = [str(guild.add_channel(name).id) for name in ("alerts", "general")]
    places = dict(zip(stage.tenants, (channels, list(ws.channels)), strict=True))
    await prepare(stage, [route(tenant, place) for tenant, here in places.items() for place in here])
    # So that two that send meet each other's messages, and a kill meets some on their way.
    all_vendors.discord.delay("POST", "*/messages", 0.02, times=None)
    all_vendors.slack.fail_next("chat.postMessage", delay=0.02, times=1_000_000)
    return stage


async def life(stage: CrashRun, stack: AsyncExitStack, name: str, port: int, **env: str) -> Process:
    """One process of the installation."""
    return await stack.enter_async_context(
        started(
            *("run", "--config", str(stage.config)),
            log=stage.plan.directory / f"{name}.log",
            address=f"http://127.0.0.1:{port}",
            env={"XQUIK_BOT_WEB__PORT": str(port), **env},
        )
    )


async def test_the_one_that_stands_by_takes_over_and_nothing_stands_twice(tmp_path: Path, url: str) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, tmp_path, url)
        standby = {"XQUIK_BOT_RELAY__STANDBY": "true"} if url.startswith("sqlite") else {}
        first = await life(stage, stack, "first", stage.plan.port)
        await first.ready(40)
        port = free_port()
        second = await life(stage, stack, "second", port, **standby)
        await second.ready(40)
        assert "standing by" in second.output
        assert f"process {first.process.pid} on " in second.output
        # The one that stands by takes events as well; only who relays posts them.
        to_first = [Sender(first.address, tenant) for tenant in stage.tenants]
        to_second = [Sender(second.address, tenant, sent=FIRST_TAKES) for tenant in stage.tenants]
        feeds = [asyncio.create_task(sender.run()) for sender in (*to_first, *to_second)]
        stack.callback(lambda: [feed.cancel() for feed in feeds])
        await taken(to_first, FIRST_TAKES)
        await taken(to_second, EVENTS)
        first_channel = next(iter(stage.guild.channels.values()))
        await first_channel.wait_for_messages(EVENTS // 2, 30)
        await first.kill()
        wanted = list(range(EVENTS))
        await until(lambda: all({n for n, _ in one} >= set(wanted) for one in stood(stage)), 60.0, "all")
        assert "taking over" in second.output
        assert await second.terminate(30) == 0
        on_discord, on_slack = stood(stage)[:2], stood(stage)[2:]
        assert on_discord == [[(number, False) for number in wanted]] * 2
        for channel in on_slack:
            assert [number for number, _ in groupby(n for n, _ in channel)] == wanted
            again = [one for place, one in enumerate(channel) if one[0] in [n for n, _ in channel[:place]]]
            assert all(marked for _, marked in again), channel
            assert len(again) <= 1, "at most what was on its way when it was killed"
        assert stage.vendors.broken_rules == []


async def taken(senders: list[Sender], count: int) -> None:
    """Until each has brought its events up to a number."""
    for sender in senders:
        for _ in range(count - sender.sent):
            sender.allowed.release()
    await until(lambda: all(sender.sent == count for sender in senders), 30.0, "the deliveries")


def stood(stage: CrashRun) -> list[list[tuple[int, bool]]]:
    """The events in each channel, Discord's first, each with whether it says that it may be a repeat."""
    texts = [[m.text for m in channel.messages] for channel in stage.guild.channels.values()]
    texts += [[m.visible_text for m in channel.messages] for channel in stage.ws.channels.values()]
    return [[(int(re.findall(r"Tweet number (\d+)", t)[0]), MARK in t) for t in one] for one in texts]


async def test_without_standby_a_second_one_on_a_file_says_who_relays_and_stops(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, tmp_path, f"sqlite:///{tmp_path / 'bot.db'}")
        first = await life(stage, stack, "first", stage.plan.port)
        await first.ready(40)
        for roles in ((), ("--role", "relay")):
            code, said = await process.finished(
                *("run", "--config", str(stage.config), *roles), log=tmp_path / "second.log"
            )
            assert code == 1
            assert f"Another process is relaying on this database: process {first.process.pid} on " in said
            assert "relay.standby" in said
            assert "Traceback" not in said
        assert first.running
        # What does not relay may run beside it.
        port = free_port()
        web = await stack.enter_async_context(
            started(
                *("run", "--config", str(stage.config), "--role", "web"),
                log=tmp_path / "web.log",
                address=f"http://127.0.0.1:{port}",
                env={"XQUIK_BOT_WEB__PORT": str(port)},
            )
        )
        await web.ready(40)


async def test_a_demo_and_a_run_do_not_share_a_database(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        data = tmp_path / "data"
        stage = await staged(stack, tmp_path, f"sqlite:///{data / 'bot.db'}")
        first = await life(stage, stack, "first", stage.plan.port)
        await first.ready(40)
        code, said = await process.finished(
            "demo", "--port", "0", "--data", str(data), log=tmp_path / "demo.log"
        )
        assert code == 1
        assert f"process {first.process.pid} on " in said
