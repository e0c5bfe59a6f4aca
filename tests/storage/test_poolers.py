"""A pooler that keeps no sessions is refused at the start, with a word; one that keeps them is taken."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.core.errors import DatabaseUnusable
from bot.storage.engine.database import Database
from bot.storage.engine.poolers import behind_pooler
from tests.doubles.pooler import pooler


async def test_a_session_for_each_transaction_is_refused(postgres_url: str) -> None:
    async with pooler(postgres_url) as between:
        with pytest.raises(DatabaseUnusable, match="pgbouncer in transaction mode") as refused:
            await Database.open(between.url)
    assert "pool_mode = session" in refused.value.remedy


async def test_a_session_for_each_client_is_taken(postgres_url: str) -> None:
    async with pooler(postgres_url, whole=True) as between:
        database = await Database.open(between.url)
        try:
            found = await database.read(lambda c: c.execute(text("SELECT count(*) FROM tenants")))
            assert found.scalar_one() == 0
        finally:
            await database.close()


async def test_only_behind_something_more_is_asked(postgres_url: str) -> None:
    database = await Database.open(postgres_url)
    try:
        assert not await database.read(behind_pooler)
    finally:
        await database.close()
