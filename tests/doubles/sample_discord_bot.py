"""A small bot on plain discord.py with one of everything, for the tests of the Discord double."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui


class Question(ui.Modal, title="Draft"):
    text: ui.Label[Any] = ui.Label(text="Text", component=ui.TextInput(custom_id="text", max_length=20))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        assert isinstance(self.text.component, ui.TextInput)
        await interaction.response.send_message(f"You wrote {self.text.component.value}", ephemeral=True)


class Bot(discord.Client):
    """A small bot with one of everything."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.01)
        self.tree = app_commands.CommandTree(self)
        self.presses: list[str] = []
        self.resumed = 0
        self.removed: list[int] = []
        draw = app_commands.Group(name="draw", description="Draws")
        admin = app_commands.Group(name="admin", description="Deeper", parent=draw)
        draw.command(name="run", description="Draw winners")(_run)
        admin.command(name="purge", description="Two levels down")(_purge)
        self.tree.add_command(draw)
        self.tree.command(name="ask", description="Open a form")(_ask)
        self.tree.command(name="silent", description="Never answers")(_silent)
        trends = self.tree.command(name="trends", description="Trends")(_trends)
        trends.autocomplete("region")(_regions)
        self.tree.context_menu(name="Quote")(_quote)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        custom_id = str(dict(interaction.data or {}).get("custom_id", ""))
        if interaction.type is discord.InteractionType.component and custom_id.startswith("x1:"):
            self.presses.append(custom_id)
            await interaction.response.edit_message(content="Pressed", view=None)

    async def on_resumed(self) -> None:
        self.resumed += 1

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.removed.append(guild.id)


@app_commands.describe(tweet="The tweet", winners="How many")
async def _run(
    interaction: discord.Interaction[Any], tweet: str, winners: app_commands.Range[int, 1, 10] = 1
) -> None:
    await interaction.response.defer(ephemeral=True)
    view: ui.View = ui.View(timeout=None)
    view.add_item(ui.Button(label="Again", custom_id="x1:again:1"))
    await interaction.edit_original_response(content=f"{winners} of {tweet}", view=view)


async def _purge(interaction: discord.Interaction[Any], channel: discord.TextChannel) -> None:
    await interaction.response.send_message(f"purged {channel.name}")


async def _ask(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_modal(Question())


async def _silent(interaction: discord.Interaction[Any]) -> None:
    return None


@app_commands.describe(region="Where")
async def _trends(interaction: discord.Interaction[Any], region: str) -> None:
    view = ui.LayoutView()
    view.add_item(ui.Container(ui.TextDisplay(f"Trends of {region} for @everyone")))
    await interaction.response.defer()
    await interaction.followup.send(view=view, allowed_mentions=discord.AllowedMentions.none())


async def _regions(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    names = ["United States", "United Kingdom", "Japan"]
    return [app_commands.Choice(name=n, value=n) for n in names if n.lower().startswith(current.lower())]


async def _quote(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}", ephemeral=True)
