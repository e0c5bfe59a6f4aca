"""A vendor that is away when the bot starts, or that shuts it out while it runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app.platforms import served
from bot.core.chat.ids import TenantId
from bot.core.errors import BotError
from tests.journeys.run.events import emit, tweet
from tests.journeys.run.harness import Plan, give_key, start, until, vendors
from tests.journeys.slack.place import furnish, place_of


async def test_an_outage_of_discord_keeps_slack_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "AGAIN_SECONDS", 0.05)
    async with vendors() as all_vendors:
        guild = all_vendors.discord.add_guild(name="Acme")
        alerts = guild.add_channel("alerts")
        ada = guild.add_member(name="ada", admin=True)
        ws = furnish(all_vendors.slack)
        plan = Plan(all_vendors, tmp_path)
        config = plan.write()
        await all_vendors.discord.stop()
        bot = await start(config)
        try:
            await all_vendors.slack.wait_connected()
            place = place_of(all_vendors, plan, bot, ws)
            key = all_vendors.sandbox.api_key
            await give_key(bot, place.tenant, key)
            await give_key(bot, TenantId("discord", str(guild.id)), key)
            assert (await place.posted("radar source:github")).channel is place.alerts
            # Discord comes back: its commands work, and it gets its events.
            await all_vendors.discord.start()
            await all_vendors.discord.gateway.wait_connected(10)
            added = await all_vendors.discord.slash(guild, alerts, ada, "monitor add", {"account": "nasa"})
            preview = await added.wait_for_answer()
            confirm = preview.button("Confirm")["custom_id"]
            await (await all_vendors.discord.press(preview, confirm, ada)).wait_for_answer()
            routed = await all_vendors.discord.slash(guild, alerts, ada, "relay add", {"channel": alerts})
            await routed.wait_for_answer()
            await emit(all_vendors, key, tweet(1))
            await alerts.wait_for_messages(1)
        finally:
            await bot.stop()
        assert all_vendors.broken_rules == []


async def test_a_token_that_is_reset_while_it_runs_ends_the_bot_with_a_word(tmp_path: Path) -> None:
    async with vendors() as all_vendors:
        all_vendors.discord.add_guild(name="Acme")
        bot = await start(Plan(all_vendors, tmp_path, slack=None).write())
        try:
            await all_vendors.discord.gateway.wait_connected()
            waiting = asyncio.create_task(bot.until(asyncio.Event()))
            all_vendors.discord.gateway.drop(4004)
            await until(waiting.done)
            error = waiting.exception()
            assert isinstance(error, BotError)
            assert "4004" in error.detail and "discord.token" in error.remedy
        finally:
            await bot.stop()
