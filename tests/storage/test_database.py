"""Reading and writing, on a SQLite file and on PostgreSQL alike."""

from __future__ import annotations

import asyncio

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import facts


async def _keys(database: Database) -> list[str]:
    async def work(connection: AsyncConnection) -> list[str]:
        return list((await connection.execute(select(facts.c.key).order_by(facts.c.key))).scalars())

    return await database.read(work)


def _adding(key: str) -> object:
    async def work(connection: AsyncConnection) -> str:
        await connection.execute(facts.insert().values(key=key, value="v"))
        return key

    return work


async def test_what_was_written_is_read(database: Database) -> None:
    assert await database.write(_adding("a")) == "a"
    assert await _keys(database) == ["a"]


async def test_many_writers_at_once_lose_nothing(database: Database) -> None:
    keys = [f"k{i:03}" for i in range(300)]
    assert await asyncio.gather(*(database.write(_adding(key)) for key in keys)) == keys
    assert await _keys(database) == keys


async def test_only_the_failing_writers_get_their_errors(database: Database) -> None:
    await database.write(_adding("k010"))
    keys = [f"k{i:03}" for i in range(100)]
    answers = await asyncio.gather(*(database.write(_adding(k)) for k in keys), return_exceptions=True)
    assert [k for k, a in zip(keys, answers, strict=True) if isinstance(a, IntegrityError)] == ["k010"]
    assert await _keys(database) == keys
