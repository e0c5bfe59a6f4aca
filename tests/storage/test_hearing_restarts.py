"""A PostgreSQL that is started again: processes hear each other again, and share the limits of a key."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Permission
from bot.core.chat.ids import TenantId
from bot.core.errors import StorageUnavailable
from bot.storage.engine.database import Database
from bot.storage.migrate import create
from bot.storage.places.grants import Grants
from bot.storage.places.request_shares import RequestShares
from bot.xquik.limits import RateLimiter, RateLimits, Window
from tests.chaos.cluster.server import Server, server
from tests.storage.test_hearing import hearing_of

HERE = TenantId("discord", "1")
PUBLISH = Permission.PUBLISH
DISK = 1 << 28


@pytest.fixture
def own_server() -> Iterator[Server]:
    with server(DISK) as started:
        yield started


async def _answers(database: Database) -> None:
    """Until the pool has found the server again: each connection of before is lost once."""
    async with asyncio.timeout(30):
        while True:
            try:
                await database.read(lambda connection: connection.execute(text("SELECT 1")))
            except StorageUnavailable:
                await asyncio.sleep(0.05)
            else:
                return


async def _count(database: Database) -> str:
    async def work(connection: AsyncConnection) -> str:
        return str((await connection.execute(text("SELECT number FROM changes"))).scalar_one())

    return await database.read(work)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_after_a_restart_what_others_change_is_heard_again(own_server: Server, mode: str) -> None:
    await create(own_server.url)
    other = await Database.open(own_server.url)
    limits = RateLimits(write=(Window(64, 60.0),), reserve=0.0, longest_wait=0.3)
    try:
        async with hearing_of(own_server.url) as (process, runs):
            gates = [RateLimiter(limits, shared=RequestShares(one)) for one in (process.database, other)]
            await Grants(other).grant(HERE, "user", "ann", PUBLISH)
            await process.until(await _count(other))
            assert await process.may_publish()
            for gate in gates:
                await gate.acquire("key", "write")
            await own_server.restart(mode)
            await process.until(None)  # it hears again
            await _answers(other)
            assert {type(error) for error in runs.errors} == {StorageUnavailable}
            await Grants(other).revoke(HERE, "user", "ann", PUBLISH)
            await process.until(await _count(other))
            assert not await process.may_publish()
            for gate in gates:
                await gate.acquire("key", "write")
                await gate.aclose()
    finally:
        await other.close()
