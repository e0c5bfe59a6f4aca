"""A channel of each platform is closed, the bot is killed meanwhile, and everything arrives in the end."""

from __future__ import annotations

import asyncio
import itertools
import re
from pathlib import Path
from typing import Any

from tests.doubles.slack import Channel
from tests.journeys.crash.crash_run import CrashRun, Sender, staged
from tests.journeys.run.harness import until

TWELVE = list(range(12))
_SEND = 1 << 11


def _numbers(texts: list[str]) -> list[int]:
    found = [re.search(r"Tweet number (\d+)", text) for text in texts]
    return [int(one[1]) for one in found if one is not None]


def _on_discord(channel: Any) -> list[int]:
    return _numbers([message.text for message in channel.messages])


def _on_slack(channel: Channel) -> list[int]:
    """A message that a kill met on its way may stand twice, and says so."""
    return [one for one, _ in itertools.groupby(_numbers([m.visible_text for m in channel.messages]))]


def _told(stage: CrashRun) -> bool:
    """Whoever owns the places is told, as the routes came from a file."""
    discord = [message.text for message in stage.vendors.discord.dm(stage.ada.user).messages]
    ann = next(user for user in stage.ws.users.values() if user.owner)
    slack = [message.visible_text for message in ann.dms]
    return all(any("A route is paused" in text for text in texts) for texts in (discord, slack))


async def test_what_comes_while_a_channel_is_closed_survives_kills_and_arrives_in_order(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path) as stage:
        on_discord, beside = stage.guild.channels.values()
        on_slack = next(iter(stage.ws.channels.values()))
        senders = [Sender(stage.plan.address, tenant) for tenant in stage.tenants]
        feeds = [asyncio.create_task(sender.run()) for sender in senders]

        async def let(count: int) -> None:
            """So many more events come, and are on the disk."""
            wanted = senders[0].sent + count
            for sender in senders:
                for _ in range(count):
                    sender.allowed.release()
            await until(lambda: all(sender.sent == wanted for sender in senders), 30.0)

        await stage.start()
        await let(1)
        await until(lambda: _on_discord(on_discord) == [0] and _on_slack(on_slack) == [0], 20.0)
        on_discord.deny(stage.guild.bot, _SEND)
        on_slack.kick_bot()
        await let(4)
        await until(lambda: _told(stage), 20.0)
        await stage.kill()
        await stage.start()
        await let(4)
        await stage.kill()
        # Nobody hears that they are open again.
        on_discord.allow(stage.guild.bot, _SEND)
        on_slack.invite_bot()
        await stage.start()
        await let(3)
        await until(lambda: len(_on_discord(on_discord)) == 12, 30.0)
        await until(lambda: set(_on_slack(on_slack)) == set(TWELVE), 40.0)
        assert _on_discord(on_discord) == TWELVE
        assert _on_slack(on_slack) == TWELVE
        assert _on_discord(beside) == TWELVE, "it went on all the time"
        assert stage.process is not None
        assert await stage.process.terminate() == 0, stage.process.output
        for feed in feeds:
            feed.cancel()
