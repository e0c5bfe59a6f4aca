"""What Discord writes in place of what a person saw is turned back, and nothing else is."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.notation import values_seen
from bot.core.chat.ids import TenantId
from tests.adapters.discord.harness import DiscordHarness
from tests.doubles.discord import Channel, DiscordServer, Guild, Member


async def said(
    server: DiscordServer, guild: Guild, channel: Channel, who: Member, house: DiscordHarness, text: str
) -> str:
    await (await server.slash(guild, channel, who, "thing say", {"text": text})).wait_for_answer()
    return str(house.stage.seen[-1][1].text)


async def test_people_roles_and_channels_become_their_names(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, house: DiscordHarness
) -> None:
    role = guild.add_role("editors")
    text = f"ask <@{ada.id}>, <@!{ada.id}> and <@&{role.id}> in <#{channel.id}>"
    seen = await said(server, guild, channel, ada, house, text)
    assert seen == "ask @ada, @ada and @editors in #alerts"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("at <t:1700000000:R>", "at 2023-11-14 22:13 UTC"),
        ("at <t:99999999999999:R>", "at <t:99999999999999:R>"),
        ("try </draw run:123456789012345678>", "try /draw run"),
        ("see <https://x.com/a> now", "see https://x.com/a now"),
        # No character says this; a preview warns of it.
        ("so <:pepe:123456789012345678> and <a:dance:123456789012345678>",) * 2,
        ("nobody <@999999999999999999> <@&999999999999999999> <#999999999999999999>",) * 2,
        ("Tom &amp; Jerry :tada: <b>",) * 2,
    ],
)
async def test_the_text_of_a_command_is_what_the_person_saw(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ada: Member,
    house: DiscordHarness,
    text: str,
    seen: str,
) -> None:
    assert await said(server, guild, channel, ada, house, text) == seen


async def test_what_discord_sends_along_is_not_asked_for_and_what_is_late_is_left() -> None:
    from bot.core.commands.grammar import Parsed, parse
    from tests.adapters.scripted_commands import ScriptedCommands
    from tests.adapters.slack.scripted_commands import catalogue

    class Slow:
        async def person(self, _tenant: TenantId, _user: str) -> str | None:
            await asyncio.Event().wait()
            return None

        role = channel_name = person

    parsed = parse(catalogue(ScriptedCommands()), "thing say hello <@12345> and <@67890>")
    assert isinstance(parsed, Parsed)
    resolved = {"users": {"12345": {"username": "ada", "global_name": "Ada"}}, "members": {}}
    seen = await values_seen(parsed.command, parsed.values, resolved, Slow(), TenantId("discord", "1"))
    assert seen["text"] == ("hello @Ada and <@67890>",)
