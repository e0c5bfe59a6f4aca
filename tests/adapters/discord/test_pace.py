"""Processes of one bot share Discord's limits: 45 requests a second in sum, and empty buckets."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import discord
import pytest

from adapters.discord.pace import CommonPace
from adapters.discord.platform import DiscordConnection
from bot.core.errors import StorageUnavailable
from bot.core.stores import Turns
from bot.storage.engine.database import Database
from bot.storage.places.shared_turns import SharedTurns
from tests.adapters.discord.harness import settings_for
from tests.adapters.discord.pacing_child import SETTINGS
from tests.conftest import ManualClock
from tests.doubles.discord import Channel, DiscordServer, Guild
from tests.journeys.run.harness import until

APPLICATION = 4711


@asynccontextmanager
async def paced(url: str, *, pause: object = asyncio.sleep) -> AsyncIterator[CommonPace]:
    """The pace of a process of its own."""
    database = await Database.open(url)
    pace = CommonPace(SharedTurns(database), lambda: APPLICATION, pause, time.monotonic)  # type: ignore[arg-type]
    try:
        yield pace
    finally:
        await pace.close()
        await database.close()


@asynccontextmanager
async def posting(server: DiscordServer, url: str, waits: list[float]) -> AsyncIterator[DiscordConnection]:
    """A process that posts. waits: what it waited."""

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    database = await Database.open(url)
    made = DiscordConnection(settings_for(server), pace=SharedTurns(database), pause=pause)
    try:
        await made.open()
        yield made
    finally:
        await made.stop()
        await database.close()


@asynccontextmanager
async def known(url: str) -> AsyncIterator[SharedTurns]:
    """What all processes know."""
    database = await Database.open(url)
    try:
        yield SharedTurns(database)
    finally:
        await database.close()


async def closed(turns: SharedTurns, name: str) -> bool:
    return await turns.left(name) > 0


def most_in_a_second(moments: Sequence[float]) -> int:
    """Of any second."""
    ordered = sorted(moments)
    return max(sum(start <= other < start + 1.0 for other in ordered) for start in ordered)


async def post(connection: DiscordConnection, channel: Channel, text: str) -> None:
    await connection.rest.once(
        "POST", "/channels/{channel_id}/messages", json={"content": text}, channel_id=channel.id
    )


async def test_several_busy_processes_have_45_a_second_in_sum_and_even_shares(postgres_url: str) -> None:
    async with AsyncExitStack() as stack:
        paces = [await stack.enter_async_context(paced(postgres_url)) for _ in range(3)]
        given: list[list[float]] = [[], [], []]

        async def busy(pace: CommonPace, moments: list[float]) -> None:
            waiting = [asyncio.create_task(pace.moment("b")) for _ in range(40)]
            for one in waiting:
                moments.append(await one)

        await asyncio.gather(*map(busy, paces, given))
        every = [moment for moments in given for moment in moments]
        assert most_in_a_second(every) <= 45
        assert max(every) - min(every) < 120 / 40 * 1.3, "and none is left out"
        ends = [max(moments) for moments in given]
        assert max(ends) - min(ends) < 1.0, "who asks as much gets as much"


async def test_one_that_is_busy_alone_gets_nearly_all_of_it(postgres_url: str) -> None:
    async with paced(postgres_url) as idle, paced(postgres_url) as busy:
        await idle.turn("b", 1.0)
        moments = await asyncio.gather(*(busy.moment("b") for _ in range(81)))
        assert max(moments) - min(moments) < 80 / 36
        assert most_in_a_second(moments) <= 45
        began = time.monotonic()
        moment = await idle.moment("b")
        assert moment - began < 0.5, "what one took ahead is no queue for others"


async def test_discord_never_has_to_refuse_one_of_three_processes(
    server: DiscordServer, postgres_url: str
) -> None:
    server.limits._global = 50
    given = {"token": server.token, "api": server.api_url, "database": postgres_url, "requests": 50}
    children = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.adapters.discord.pacing_child"),
            cwd=Path(__file__).parents[3],
            env={**os.environ, SETTINGS: json.dumps(given)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    try:
        for child in children:
            assert child.stdout is not None and child.stdin is not None
            assert await asyncio.wait_for(child.stdout.readline(), 30) == b"ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write(b"\n")
            await child.stdin.drain()
        for child in children:
            assert child.stdout is not None
            assert await asyncio.wait_for(child.stdout.readline(), 30) == b"done\n"
            await child.wait()
    finally:
        for child in children:
            if child.returncode is None:
                child.kill()
    asked = [request.at for request in server.requests if request.path == "/users/@me/guilds"]
    assert len(asked) == 150
    assert server.invalid_requests == 0
    assert most_in_a_second(asked) <= 50, "also where the machine is late with some"
    assert max(asked) - min(asked) < 150 / 40 * 1.5


async def test_a_bucket_that_one_process_emptied_is_left_alone_by_the_others(
    server: DiscordServer, guild: Guild, channel: Channel, postgres_url: str
) -> None:
    server.limit("POST", f"/channels/{channel.id}/messages", 1, 20.0)
    other, waits = guild.add_channel("other"), list[float]()
    async with (
        posting(server, postgres_url, []) as first,
        posting(server, postgres_url, waits) as second,
        known(postgres_url) as turns,
    ):
        await post(first, channel, "one")
        name = f"discord:{server.application_id}:bucket:POST /channels/{{channel_id}}/messages:{channel.id}"
        await until(partial(closed, turns, name), 5.0, "the news")
        await post(second, other, "elsewhere")
        assert not [wait for wait in waits if wait > 1.0]
        server.limits._limits.clear()  # as after that time, which is not waited for
        await post(second, channel, "two")
        assert [round(wait, -1) for wait in waits if wait > 1.0] == [20.0]
        assert server.invalid_requests == 0


async def test_a_limit_of_the_whole_bot_is_everybodys(
    server: DiscordServer, channel: Channel, postgres_url: str
) -> None:
    server.fail_next(
        "GET", "/users/@me/guilds", 429, headers={"X-RateLimit-Scope": "global", "Retry-After": "25"}
    )
    waits: list[float] = []
    async with (
        posting(server, postgres_url, []) as first,
        posting(server, postgres_url, waits) as second,
        known(postgres_url) as turns,
    ):
        asked = asyncio.create_task(first.rest.once("GET", "/users/@me/guilds"))
        await server.wait_for_request("GET", "/users/@me/guilds")
        name = f"discord:{server.application_id}:bucket:"
        await until(partial(closed, turns, name), 5.0, "the news")
        await post(second, channel, "elsewhere")
        assert [round(wait) for wait in waits if wait > 1.0] in ([24], [25])
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)


async def test_what_would_take_too_long_is_refused(postgres_url: str) -> None:
    async with paced(postgres_url) as pace:
        pace.heard("b", 429, {"Retry-After": "40"})

        async def refused() -> bool:
            try:
                await pace.turn("b", 30.0)
            except discord.RateLimited as error:
                return 30 < error.retry_after <= 40
            return False

        await until(refused, 5.0, "the news")
        await pace.turn("another", 30.0)


async def test_while_the_database_is_away_fewer_are_sent_and_none_is_lost() -> None:
    clock, slept = ManualClock(), list[float]()

    class Away:
        away = True

        async def take(self, _name: str, _count: int, _interval: float, _closed: str) -> Turns:
            if self.away:
                raise StorageUnavailable("the database cannot be reached", code="storage")
            return Turns(0.0, {})

        async def close(self, _name: str, _seconds: float) -> None:
            raise StorageUnavailable("the database cannot be reached", code="storage")

        async def left(self, _name: str) -> float:
            return 0.0

    async def pause(seconds: float) -> None:
        slept.append(seconds)
        clock.advance(seconds)

    shared = Away()
    pace = CommonPace(shared, lambda: APPLICATION, pause, clock)
    began = clock()
    for _ in range(21):
        await pace.turn("b", 60.0)
    assert clock() - began == pytest.approx(2.0, abs=0.2)
    pace.heard("b", 429, {"Retry-After": "1"})
    shared.away = False
    slept.clear()
    await pace.turn("b", 60.0)
    assert slept == []
    await pace.close()
