"""`xquik-bot run` is killed while a post of a forum is on its way: it is there once all the same."""

from __future__ import annotations

import asyncio
import re
import time
from functools import partial
from pathlib import Path

from bot.app.wiring import App
from bot.settings import load
from tests.doubles.discord import Channel, ChannelKind, Gate
from tests.doubles.discord.faults import Fault
from tests.journeys.crash.crash_run import CrashRun, Sender, route, staged
from tests.journeys.run.harness import until


async def _forum(stage: CrashRun) -> Channel:
    """A forum that gets everything."""
    forum = stage.guild.add_channel("ideas", kind=ChannelKind.FORUM)
    app = await App.open(load(stage.config, environ={}))
    try:
        await app.services.relay.routes.add(route(stage.tenants[0], str(forum.id)), time.time())
    finally:
        await app.close()
    return forum


def _numbers(forum: Channel) -> list[int]:
    found = [re.search(r"Tweet number (\d+)", message.text) for t in forum.threads for message in t.messages]
    return [int(match[1]) for match in found if match is not None]


def _threads(forum: Channel, count: int) -> bool:
    """Whether it has as many."""
    return len(forum.threads) >= count


async def test_a_post_on_its_way_at_the_kill_is_there_once(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        forum = await _forum(stage)
        sender = Sender(stage.plan.address, stage.tenants[0])
        feed = asyncio.create_task(sender.run())
        for life, arrives in enumerate((True, False)):
            gate = Gate()
            # Discord reads the request; what becomes of it, the process does not live to see.
            path, cut = f"/channels/{forum.id}/threads", None if arrives else "before"
            stage.vendors.discord.faults.add(Fault("POST", path, 1, cut=cut, gate=gate))
            await stage.start()
            sender.allowed.release()
            await gate.reached(30.0)
            await stage.kill()
            gate.open()
            if arrives:
                await until(partial(_threads, forum, life + 1), 10.0)
        sender.allowed.release()
        await stage.start()
        await until(lambda: len(_numbers(forum)) >= 3, 30.0)
        assert stage.process is not None
        assert await stage.process.terminate() == 0, stage.process.output
        feed.cancel()
        assert _numbers(forum) == [0, 1, 2]
