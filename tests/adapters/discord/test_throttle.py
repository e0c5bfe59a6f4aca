"""Fifty requests a second are all that a bot has: kept before Discord has to say so."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import discord
import pytest

from adapters.discord import limits
from adapters.discord.platform import DiscordConnection
from adapters.discord.rest import Rest
from tests.adapters.discord.harness import DiscordHarness
from tests.conftest import ManualClock
from tests.doubles.discord import Channel, DiscordServer, Guild, Member


class _Client:
    """Answers everything at once."""

    def __init__(self) -> None:
        self.http = self
        self._buckets: dict[str, object] = {}
        self._bucket_hashes: dict[str, str] = {}

    async def request(self, _route: Any, **_arguments: Any) -> dict[str, str]:
        return {"id": "1"}


async def test_requests_wait_for_their_turn_and_answers_to_people_do_not() -> None:
    clock, slept = ManualClock(), list[float]()

    async def pause(seconds: float) -> None:
        slept.append(round(seconds * limits.REQUESTS_A_SECOND, 3))

    rest = Rest(cast(discord.Client, _Client()), timeout=0.1, pause=pause, ticks=clock)

    async def ask(path: str = "/channels/{channel_id}") -> None:
        await rest.once("GET", path, channel_id=1, interaction_id=1)

    for _ in range(limits.REQUESTS_AT_ONCE):
        await ask()
    assert slept == []
    await ask()
    await ask("/interactions/{interaction_id}/callback")
    await ask()
    assert slept == [1.0, 2.0], "in places of the queue"
    with pytest.raises(discord.RateLimited):
        for _ in range(10):
            await ask()
    clock.advance(1.0)
    before = len(slept)
    await ask()
    assert len(slept) == before


async def test_an_answer_does_not_wait_until_its_bucket_is_full_again(
    server: DiscordServer, channel: Channel, connection: DiscordConnection
) -> None:
    async def post(text: str) -> None:
        await connection.rest.once(
            "POST", "/channels/{channel_id}/messages", json={"content": text}, channel_id=channel.id
        )

    server.limit("POST", "/channels/*/messages", 1, 25.0)
    async with asyncio.timeout(15):
        await post("one")
    following = asyncio.create_task(post("two"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(following), 0.2)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert server.invalid_requests == 0 and len(channel.messages) == 1


async def test_those_who_come_next_wait_for_the_bucket_and_no_longer(
    server: DiscordServer, channel: Channel, connection: DiscordConnection
) -> None:
    server.limit("POST", "/channels/*/messages", 2, 0.3)
    async with asyncio.timeout(15):
        for text in "abcde":
            await connection.rest.once(
                "POST", "/channels/{channel_id}/messages", json={"content": text}, channel_id=channel.id
            )
    assert server.invalid_requests == 0 and len(channel.messages) == 5


async def test_what_discord_py_counts_for_an_interaction_goes_with_it(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, house: DiscordHarness
) -> None:
    http = house.platform.client.http
    for at in range(4):
        ix = await server.slash(guild, channel, ada, "thing say", {"text": f"hello {at}"})
        await ix.wait_for_answer()
        if at == 0:
            kept = len(http._buckets)
    await house.platform.stop()
    assert len(http._buckets) <= kept
    assert not [key for key in http._buckets if ix.token in key]
