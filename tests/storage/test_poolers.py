"""A pooler that keeps no sessions is refused at the start, with a word; one that keeps them is taken."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.core.errors import DatabaseUnusable
from bot.storage.engine.addresses import address
from bot.storage.engine.database import Database
from bot.storage.engine.job_tables import SCHEMA
from bot.storage.engine.poolers import behind_pooler
from bot.storage.engine.relay_lock import relay_lock
from bot.storage.migrate import migrate, pending
from tests.conftest import PostgresServer
from tests.doubles.pooler import pooler


async def test_a_session_for_each_transaction_is_refused(postgres_url: str) -> None:
    async with pooler(postgres_url) as between:
        with pytest.raises(DatabaseUnusable, match="pgbouncer in transaction mode") as refused:
            await Database.open(between.url)
    assert "pool_mode = session" in refused.value.remedy


async def test_it_is_refused_again_at_the_next_start(postgres_url: str) -> None:
    """The pooler keeps the server's sessions, and with them what was noted on them."""
    async with pooler(postgres_url) as between:
        for _ in range(4):
            with pytest.raises(DatabaseUnusable, match="pgbouncer in transaction mode"):
                await Database.open(between.url)
        assert await _on_every_session(between.url, "current_setting('xquik_bot.session', true)") <= {
            "",
            None,
        }


async def test_a_pooler_that_keeps_no_sessions_is_refused_before_tables_are_made(
    postgres: PostgresServer,
) -> None:
    url = postgres.create()
    async with pooler(url) as between:
        for _ in range(2):
            with pytest.raises(DatabaseUnusable, match="pgbouncer in transaction mode"):
                await migrate(between.url)
    assert await _tables(url) == set()
    postgres.drop(url)


async def test_a_pooler_that_keeps_no_sessions_is_refused_before_the_lock_is_taken(postgres_url: str) -> None:
    async with pooler(postgres_url) as between:
        behind = relay_lock(between.url)
        with pytest.raises(DatabaseUnusable, match="pgbouncer in transaction mode"):
            await behind.take()
        await behind.release()
        straight = relay_lock(postgres_url)
        assert await straight.take() is None
        await straight.release()


async def test_a_session_that_was_left_on_the_schema_of_jobs_gets_no_tables_there(
    postgres: PostgresServer,
) -> None:
    """A pooler in session mode that resets nothing gives out what the shared work had before."""
    url = postgres.create()
    await migrate(url)
    before = await _tables(url)
    left = make_url(url).update_query_dict({"options": "-c search_path=public"})
    async with pooler(url, whole=True, left_over=f"SET search_path TO {SCHEMA}") as between:
        await migrate(between.url)
        database = await Database.open(between.url)
        assert not await pending(database)
        await database.read(lambda c: c.execute(text("SELECT count(*) FROM tenants")))
        await database.close()
    assert await _tables(url) == before
    named = await Database.open(left.render_as_string(hide_password=False))
    assert not await pending(named)  # a path that the operator named stays
    await named.close()
    postgres.drop(url)


async def _tables(url: str) -> set[tuple[str, str]]:
    """The schema and name of each."""
    engine = create_async_engine(address(url))
    async with engine.connect() as connection:
        found = await connection.execute(
            text("SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_)'")
        )
    await engine.dispose()
    return {(row.schemaname, row.tablename) for row in found}


async def _on_every_session(url: str, expression: str) -> set[str | None]:
    """What it is on each of the sessions that a pooler has free."""
    engine = create_async_engine(address(url))
    async with AsyncExitStack() as stack:
        some = [await stack.enter_async_context(engine.connect()) for _ in range(4)]
        found = [await one.execute(text(f"SELECT {expression}")) for one in some]
    await engine.dispose()
    return {one.scalar_one() for one in found}


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
