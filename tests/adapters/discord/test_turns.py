"""Somebody who comes too often is told so at once, and nothing of it is stored."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.core.throttle import Throttle
from bot.storage.engine.database import Database
from bot.storage.tables import button_states, claims
from tests.adapters.discord.harness import running
from tests.conftest import ManualClock
from tests.doubles.discord import Channel, DiscordServer, Guild, Member


async def _rows(store: Database) -> list[int]:
    async def work(connection):  # type: ignore[no-untyped-def]  # test
        tables = (claims, button_states)
        return [
            (await connection.execute(select(func.count()).select_from(one))).scalar_one() for one in tables
        ]

    return await store.read(work)


async def test_who_comes_too_often_is_refused_alone_and_stores_nothing(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, store: Database
) -> None:
    clock = ManualClock()
    ben = guild.add_member(name="ben")
    async with running(server, store, turns=Throttle(1.0, 3, clock)) as house:
        for _ in range(3):
            await (await server.slash(guild, channel, ada, "thing say", {"text": "hello"})).wait_for_answer()
        before = await _rows(store)
        for _ in range(20):
            refused = await server.slash(guild, channel, ada, "thing say", {"text": "hello"})
            assert "Too many requests" in (await refused.wait_for_answer()).text
            assert refused.ephemeral
        assert await _rows(store) == before
        assert len(house.stage.seen) == 3
        other = await server.slash(guild, channel, ben, "thing say", {"text": "hello"})
        assert "It is done." in (await other.wait_for_answer()).text
        clock.advance(1.0)
        again = await server.slash(guild, channel, ada, "thing say", {"text": "hello"})
        assert "It is done." in (await again.wait_for_answer()).text
