"""One installation in several processes on one SQLite file, and how a process stops."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from tests.doubles.discord import Channel as DiscordChannel
from tests.doubles.slack import Channel as SlackChannel
from tests.journeys.crash.crash_run import CrashRun, Sender, staged
from tests.journeys.run.harness import free_port, until
from tests.journeys.run.process import Process, started

ROLES = ("web", "relay", "discord", "slack")


async def _split(stage: CrashRun, stack: AsyncExitStack) -> dict[str, Process]:
    """A process for each role, all ready."""
    processes: dict[str, Process] = {}
    for role in ROLES:
        port = stage.plan.port if role == "web" else free_port()
        processes[role] = await stack.enter_async_context(
            started(
                *("run", "--config", str(stage.config), "--role", role),
                log=stage.plan.directory / f"{role}.log",
                address=f"http://127.0.0.1:{port}",
                env={"XQUIK_BOT_WEB__PORT": str(port)},
            )
        )
        if role == "web":
            await processes[role].ready(30)  # the first one makes the tables
    await asyncio.gather(*(one.ready(40) for one in processes.values()))
    return processes


async def test_what_one_process_takes_another_one_posts(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage, AsyncExitStack() as stack:
        processes = await _split(stage, stack)
        sender = Sender(stage.plan.address, stage.tenants[0])
        feed = asyncio.create_task(sender.run())
        sender.allowed.release()
        alerts, general = stage.guild.channels.values()
        await alerts.wait_for_messages(1, 10)
        await general.wait_for_messages(1, 10)
        # A click that the Discord process takes: its outcome is sent by the relay process.
        discord = stage.vendors.discord
        await discord.slash(stage.guild, alerts, stage.ada, "tweet post", {"text": "Hello [pending]"})
        preview = (await alerts.wait_for_messages(2))[1]
        await discord.press(preview, preview.button("Confirm")["custom_id"], stage.ada)
        await discord.world.changes.wait_for(lambda: "Posted on X" in preview.text, 20.0, "the outcome")
        assert await stage.vendors.writes() == 1
        feed.cancel()
        for role, process in processes.items():
            assert await process.terminate() == 0, (role, process.output)
            assert "Traceback" not in process.output, (role, process.output)


async def test_sigterm_ends_it_soon_with_nothing_lost_and_nothing_twice(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.vendors.slack.fail_next("chat.postMessage", delay=0.1, times=1_000)
        stage.vendors.discord.delay("POST", "*/messages", 0.1, times=None)
        senders = [Sender(stage.plan.address, tenant) for tenant in stage.tenants]
        feeds = [asyncio.create_task(sender.run()) for sender in senders]
        for sender in senders:
            for _ in range(10):
                sender.allowed.release()
        process = await stage.start()
        await until(lambda: all(sender.sent >= 5 for sender in senders), 30.0)
        asked = time.monotonic()
        assert await process.terminate() == 0, process.output
        assert time.monotonic() - asked < 10
        assert "Traceback" not in process.output
        await stage.start()
        await until(lambda: all(sender.sent == 10 for sender in senders), 30.0)
        places: list[DiscordChannel | SlackChannel] = [
            *stage.guild.channels.values(),
            *stage.ws.channels.values(),
        ]
        await until(lambda: all(len(place.messages) >= 10 for place in places), 20.0)
        for feed in feeds:
            feed.cancel()
        assert [len(place.messages) for place in places] == [10] * 4
        for channel in stage.ws.channels.values():
            assert not any("Possibly a repeat" in message.visible_text for message in channel.messages)


async def test_before_it_stops_listening_it_says_that_it_is_not_ready(tmp_path: Path) -> None:
    """A load balancer sees that, and nothing that it still sends here is refused."""
    async with staged(tmp_path) as stage:
        stage.config = stage.plan.write({"web": {"drain_seconds": 2}})
        running = await stage.start()
        await running.ready(40)
        sender = Sender(stage.plan.address, stage.tenants[0])
        feed = asyncio.create_task(sender.run())
        asked = time.monotonic()
        ended = asyncio.create_task(running.terminate(30))
        async with httpx.AsyncClient(base_url=stage.plan.address, trust_env=False) as client:

            async def not_ready() -> bool:
                answer = await client.get("/readyz")
                return answer.status_code == 503 and answer.json()["checks"]["staying"] is False

            await until(not_ready, 1.5, "the word that it leaves")
            for _ in range(5):
                sender.allowed.release()
            await until(lambda: sender.sent == 5, 1.5, "what was sent here all the same")
            assert (sender.tries, ended.done()) == (5, False)
        assert await ended == 0, running.output
        feed.cancel()
        assert time.monotonic() - asked >= 2
        assert "leaving" in running.output and "Traceback" not in running.output
