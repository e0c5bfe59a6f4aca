"""The process is killed between Confirm and the outcome: one post on X, and the channel learns of it."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.discord import Message
from tests.journeys.crash.crash_run import CrashRun, staged
from tests.journeys.run.harness import until
from tests.journeys.slack.place import button


async def _preview(stage: CrashRun, text: str) -> Message:
    """Ada asks for a post in #alerts of Discord."""
    await stage.vendors.discord.gateway.wait_connected(30)
    alerts = next(iter(stage.guild.channels.values()))
    before = len(alerts.messages)
    await stage.vendors.discord.slash(stage.guild, alerts, stage.ada, "tweet post", {"text": text})
    return (await alerts.wait_for_messages(before + 1))[before]


async def _confirm(stage: CrashRun, preview: Message) -> None:
    confirm = preview.button("Confirm")["custom_id"]
    await stage.vendors.discord.press(preview, confirm, stage.ada, wait=False)


async def _asked(stage: CrashRun, count: int) -> None:
    """Until X was asked to post that often."""
    seen = stage.vendors.sandbox.sandbox.seen
    await until(lambda: sum(n for path, n in seen.items() if "/x/tweets" in path) >= count)


async def _next_life(stage: CrashRun) -> None:
    """Killed, and started again."""
    await stage.kill()
    await stage.vendors.discord.gateway.wait_disconnected()
    await stage.start()


async def test_killed_between_confirm_and_outcome_it_posts_once_and_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.start()
        sandbox, discord = stage.vendors.sandbox.sandbox, stage.vendors.discord

        # The click is stored, the request is on its way to X, and its answer never reaches us.
        preview = await _preview(stage, "Killed while asking")
        await stage.vendors.control("faults", method="POST", path="/x/tweets", delay=0.5, times=1)
        await _confirm(stage, preview)
        await _asked(stage, 1)
        await _next_life(stage)
        await discord.world.changes.wait_for(lambda: "Posted on X" in preview.text, 30.0, "the outcome")
        assert await stage.vendors.writes() == 1

        # X has accepted it and is not finished.
        pending = await _preview(stage, "Killed while waiting [pending]")
        await _confirm(stage, pending)
        await until(lambda: any(action.status != "success" for action in sandbox.actions))
        await _next_life(stage)
        await discord.world.changes.wait_for(lambda: "Posted on X" in pending.text, 30.0, "the outcome")
        assert await stage.vendors.writes() == 2

        # The click has just reached the bot, in Slack, and it dies before or after it stored that.
        ann, alerts = stage.ws.users["U0001ANN"], next(iter(stage.ws.channels.values()))
        ix = await stage.ws.slash(ann, alerts, "/xquik", 'tweet post "Killed at the click"')
        asked = await ix.wait_for_message()
        await stage.ws.press(asked, button(asked, "Confirm"), ann)
        await _next_life(stage)
        assert stage.process is not None
        await stage.process.ready(30)
        if any("confirm" in action for action in asked.action_ids):
            # Whether the click was stored or not, a person who sees the button presses it again.
            await stage.ws.press(asked, button(asked, "Confirm"), ann)
        await stage.vendors.slack.changes.until(
            lambda: "Posted on X" in asked.visible_text, 15.0, f"the outcome in {asked.visible_text!r}"
        )
        assert await stage.vendors.writes() == 3
        assert len(sandbox.actions) == 3
        assert len(alerts.messages) == 1
