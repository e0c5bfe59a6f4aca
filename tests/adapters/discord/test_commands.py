"""Slash commands, from the gateway to the answer."""

from __future__ import annotations

from tests.adapters.discord.house import House
from tests.doubles.discord import Channel, DiscordServer, Guild, Member


async def test_a_private_command_is_answered_for_the_person_alone(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, house: House
) -> None:
    ix = await server.slash(guild, channel, ada, "thing say", {"text": "hello", "times": 2, "loud": True})
    message = await ix.wait_for_answer()
    assert ix.ephemeral
    assert "It is done." in message.text
    assert channel.messages == []
    ((what, args),) = house.stage.seen
    assert (what, args.text, args.times, args.loud) == ("thing say", "hello", 2, True)
