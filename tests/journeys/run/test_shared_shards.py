"""Two processes with the role discord on one PostgreSQL share the shards out, as their settings wire them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.serving import Bot
from bot.app.shard_findings import shard_findings
from bot.core.findings import Finding
from bot.storage.engine.database import Database
from tests.conftest import PostgresServer
from tests.journeys.run.harness import Plan, free_port, start, until, vendors


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    """An empty database."""
    made = postgres.create()
    yield made
    postgres.drop(made)


def own(bot: Bot) -> list[int]:
    """Its shards."""
    return sorted(bot.platforms._made["discord"].client.shards)  # type: ignore[attr-defined]


async def found(bot: Bot) -> Finding:
    """What `check` says of the shards."""
    (one,) = await shard_findings(bot.app.settings.storage.url, bot.app.database)
    return one


async def test_a_process_that_joins_gets_half_of_the_shards_and_leaves_them_behind(
    url: str, tmp_path: Path
) -> None:
    async with vendors() as there:
        discord = there.discord
        discord.shards = discord.gateway.at_once = 2
        guilds = [discord.add_guild(id=(2000 + shard << 22) + 1, name=f"G{shard}") for shard in range(2)]
        plan = Plan(there, tmp_path, slack=None)
        changes = {"storage": {"url": url}}
        first = await start(plan.write(changes), ("discord",))
        try:
            await until(lambda: first.platforms.ready() == {"discord": True}, 30.0, "the first process")
            assert own(first) == [0, 1]
            port = {"web": {"port": free_port()}}
            second = await start(plan.write({**changes, **port}, "second.toml"), ("discord",))
            try:
                await until(lambda: (own(first), own(second)) == ([0], [1]), 30.0, "one each")
                await until(lambda: second.platforms.ready() == {"discord": True}, 30.0, "the second process")
                said = await found(first)
                process = f"{socket.gethostname()[:24]}:{os.getpid()}"
                assert (said.state, said.detail) == ("ok", f"{process} has 0, 1"), "both are this process"
                for guild in guilds:
                    place, person = guild.add_channel("general"), guild.add_member(name="ann")
                    await (await discord.slash(guild, place, person, "help")).wait_for_answer()
            finally:
                await second.stop()
            await until(lambda: own(first) == [0, 1], 30.0, "both again")
            place, person = guilds[1].add_channel("other"), guilds[1].add_member(name="ben")
            await (await discord.slash(guilds[1], place, person, "help")).wait_for_answer()
        finally:
            await first.stop()
            settings, database = first.app.settings, await Database.open(url)
            (idle,) = await shard_findings(settings.storage.url, database)
            assert idle.detail == "2, which no process connects yet"
            await database.close()
        assert discord.gateway.left_with[-1][1] == 1000
        assert there.broken_rules == []
