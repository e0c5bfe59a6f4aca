"""Two real processes on one database: one relays, the other says so and stops, or takes over."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.journeys.crash.stage import Sender, Stage, prepare, route
from tests.journeys.run import process
from tests.journeys.run.house import Plan, free_port, until, vendors
from tests.journeys.run.process import Process, started
from tests.journeys.slack.place import furnish

EVENTS = 120
FIRST_TAKES = 30


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


async def staged(stack: AsyncExitStack, directory: Path, url: str) -> Stage:
    """A guild whose channels get everything, on Discord alone: there every double shows."""
    all_vendors = await stack.enter_async_context(vendors())
    guild = all_vendors.discord.add_guild(name="Acme")
    ada = guild.add_member(name="ada", admin=True)
    ws = furnish(all_vendors.slack)
    plan = Plan(all_vendors, directory)
    config = plan.write({"storage": {"url": url}, "relay": {"ingest": "webhook"}})
    stage = Stage(all_vendors, plan, config, guild, ada, ws)
    places = [str(guild.add_channel(name).id) for name in ("alerts", "general")]
    await prepare(stage, [route(stage.tenants[0], place) for place in places])
    return stage


async def life(stage: Stage, stack: AsyncExitStack, name: str, port: int, **env: str) -> Process:
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
        to_first, to_second = (
            Sender(first.address, stage.tenants[0]),
            Sender(second.address, stage.tenants[0]),
        )
        to_second.sent = FIRST_TAKES
        feeds = [asyncio.create_task(sender.run()) for sender in (to_first, to_second)]
        stack.callback(lambda: [feed.cancel() for feed in feeds])
        for _ in range(FIRST_TAKES):
            to_first.allowed.release()
        await until(lambda: to_first.sent == FIRST_TAKES, 20.0, "what the first takes")
        for _ in range(EVENTS - FIRST_TAKES):
            to_second.allowed.release()
        alerts, general = stage.guild.channels.values()
        await alerts.wait_for_messages(EVENTS // 3, 30)
        await first.kill()
        for channel in (alerts, general):
            await channel.wait_for_messages(EVENTS, 60)
        assert "taking over" in second.output
        assert await second.terminate(30) == 0
        for channel in (alerts, general):
            stood = Counter(
                re.findall(r"Tweet number (\d+)", message.text)[0] for message in channel.messages
            )
            assert sorted(map(int, stood)) == list(range(EVENTS))
            assert set(stood.values()) == {1}
        assert stage.vendors.broken_rules == []


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
            assert f"On this database relays process {first.process.pid} on " in said
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
