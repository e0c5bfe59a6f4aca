"""A Discord server with people, and the bot in it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app.serving import Bot
from bot.core.chat.ids import TenantId
from bot.core.commands.declaring import OptionKind
from tests.doubles.discord import Channel, DiscordServer, Guild, Interaction, Member, Message
from tests.journeys.run.harness import Plan, Vendors, give_key, start, vendors
from tests.journeys.run.scene import CATALOGUE


@dataclass
class Place:
    """A server with #alerts and #general, ada who manages it and ben who is a member."""

    vendors: Vendors
    plan: Plan
    bot: Bot
    guild: Guild
    alerts: Channel
    general: Channel
    ada: Member
    ben: Member

    @property
    def server(self) -> DiscordServer:
        """Discord."""
        return self.vendors.discord

    @property
    def tenant(self) -> TenantId:
        """The server, for the bot."""
        return TenantId("discord", str(self.guild.id))

    async def run(
        self,
        command: str,
        values: Mapping[str, tuple[str, ...]] | None = None,
        *,
        who: Member | None = None,
        where: Channel | None = None,
    ) -> Interaction:
        """Type a slash command, its values as text by option."""
        options = self.options(command, values or {})
        group = CATALOGUE.group(command.split()[0])
        root = "" if group is None or group.under is None else f"{group.under.name} "
        invoked = f"{root}{command}"
        return await self.server.slash(self.guild, where or self.alerts, who or self.ada, invoked, options)

    def options(self, command: str, values: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
        """The values as Discord's client sends them: numbers, booleans and channels as such."""
        declared = CATALOGUE.command(tuple(command.split()))
        assert declared is not None
        kinds = {p.name: OptionKind.STRING if p.many else p.kind for p in declared.parameters}
        # Of a choice the label is seen, and its value is sent.
        labels = {p.name: {str(c.label).casefold(): c.value for c in p.choices} for p in declared.parameters}
        texts = {name: ", ".join(given) for name, given in values.items()}
        picked = {name: labels[name].get(text.casefold(), text) for name, text in texts.items()}
        return {name: self._typed(kinds[name], text) for name, text in picked.items()}

    def _typed(self, kind: OptionKind, text: str) -> Any:
        match kind:
            case OptionKind.INTEGER:
                return int(text)
            case OptionKind.BOOLEAN:
                return text == "yes"
            case OptionKind.CHANNEL:
                return next(c for c in self.guild.channels.values() if c.name == text.removeprefix("#"))
            case OptionKind.SUBJECT if mention := re.fullmatch(r"<@(&?)(\d+)>", text):
                found: dict[int, Any] = self.guild.roles if mention[1] else self.guild.members
                return found[int(mention[2])]
            case OptionKind.SUBJECT if text.startswith("user:"):  # Discord's own field takes a person
                return self.ben
            case _:
                return text

    async def press(self, message: Message, label: str, who: Member | None = None) -> Interaction:
        """Press the button with that label."""
        button = message.button(label)["custom_id"]
        return await self.server.press(message, button, who or self.ada)

    async def watch(self, account: str = "nasa") -> None:
        """Watch an account: the preview that only ada sees, and her Confirm."""
        preview = await (await self.run("monitor add", {"account": (account,)})).wait_for_answer()
        await (await self.press(preview, "Confirm")).wait_for_answer()
        assert f"watching @{account}" in preview.text.lower()

    async def posted(self, command: str, values: Mapping[str, tuple[str, ...]], **where: Any) -> Message:
        """Run a command that answers in the channel; the message."""
        channel = where.get("where") or self.alerts
        before = len(channel.messages)
        await self.run(command, values, **where)
        return (await channel.wait_for_messages(before + 1))[before]

    async def restart(self) -> None:
        """Stop the bot, and start another one on what the first has stored."""
        await self.bot.stop()
        await self.server.gateway.wait_disconnected()
        self.bot = await start(self.plan.write())
        await self.server.gateway.wait_connected()

    async def elsewhere(self, key: str | None) -> Place:
        """Another server with the same bot, whose customer of Xquik is another."""
        made = furnish(self.vendors, self.plan, self.bot)
        if key is not None:
            await give_key(self.bot, made.tenant, key)
        return made


def furnish(all_vendors: Vendors, plan: Plan, bot: Bot) -> Place:
    """A server with its channels and people."""
    guild = all_vendors.discord.add_guild(name="Acme")
    alerts, general = guild.add_channel("alerts"), guild.add_channel("general")
    ada, ben = guild.add_member(name="ada", admin=True), guild.add_member(name="ben")
    guild.owner_id = ada.id
    return Place(all_vendors, plan, bot, guild, alerts, general, ada, ben)


@asynccontextmanager
async def living(directory: Path, *, key: bool = True, **nonce: Any) -> AsyncIterator[Place]:
    """The bot of a configuration with Discord alone, connected; no rule of Discord may be broken."""
    async with vendors(**nonce) as all_vendors:
        plan = Plan(all_vendors, directory, slack=None)
        bot = await start(plan.write())
        place = furnish(all_vendors, plan, bot)
        try:
            await all_vendors.discord.gateway.wait_connected()
            if key:
                await give_key(bot, place.tenant, all_vendors.sandbox.api_key)
            yield place
        finally:
            await place.bot.stop()
        assert all_vendors.broken_rules == []
