"""`xquik-bot run` is killed again and again while events come in: none is lost, none out of order."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
from functools import partial
from pathlib import Path

from tests.journeys.crash.crash_run import CrashRun, Sender, staged
from tests.journeys.run.harness import until

KILLS = 4
# Slack takes about one message a second in a channel, and the bot keeps to it.
EVENTS_A_LIFE = 4
MARK = "Possibly a repeat"


def _number(text: str) -> int:
    found = re.search(r"Tweet number (\d+)", text)
    assert found is not None, text
    return int(found[1])


def _on_discord(stage: CrashRun) -> list[list[int]]:
    """The tweets of each channel, in order."""
    channels = stage.guild.channels.values()
    return [[_number(message.text) for message in channel.messages] for channel in channels]


def _on_slack(stage: CrashRun) -> list[list[tuple[int, bool]]]:
    """The tweets of each channel in order, each with whether it says that it may be a repeat."""
    return [
        [(_number(m.visible_text), MARK in m.visible_text) for m in channel.messages]
        for channel in stage.ws.channels.values()
    ]


def _further(senders: list[Sender], before: list[int]) -> bool:
    """Whether each has sent more than that."""
    return all(sender.sent > sent for sender, sent in zip(senders, before, strict=True))


async def test_killed_at_any_moment_it_posts_every_event_in_order(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    async with staged(tmp_path) as stage:
        # Slow platforms, so that a kill meets messages on their way.
        stage.vendors.discord.delay("POST", "*/messages", 0.02, times=None)
        stage.vendors.slack.fail_next("chat.postMessage", delay=0.02, times=1_000_000)
        senders = [Sender(stage.plan.address, tenant) for tenant in stage.tenants]
        feeds = [asyncio.create_task(sender.run()) for sender in senders]
        for life in range(KILLS + 1):
            before = [sender.sent for sender in senders]
            for sender in senders:
                for _ in range(EVENTS_A_LIFE):
                    sender.allowed.release()
            await stage.start()
            await until(partial(_further, senders, before), 30.0)
            if life < KILLS:
                await asyncio.sleep(chance.random() * 0.3)
                await stage.kill()
        total = (KILLS + 1) * EVENTS_A_LIFE
        await until(lambda: all(sender.sent == total for sender in senders), 20.0)
        wanted = list(range(total))
        await until(lambda: all(len(channel) >= total for channel in _on_discord(stage)), 30.0)
        await until(lambda: all({n for n, _ in channel} == set(wanted) for channel in _on_slack(stage)), 60.0)
        assert stage.process is not None
        assert await stage.process.terminate() == 0, stage.process.output
        for feed in feeds:
            feed.cancel()
        assert _on_discord(stage) == [wanted, wanted]
        for channel in _on_slack(stage):
            assert [number for number, _ in itertools.groupby(n for n, _ in channel)] == wanted
            for number in wanted:
                marks = [marked for n, marked in channel if n == number]
                assert len(marks) <= 2 and all(marks[1:]), (number, marks)
