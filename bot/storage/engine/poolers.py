"""Refuses a pooler that gives each transaction another session, as pgbouncer does in transaction mode.

Through such a one locks that a session holds are lost or left behind, LISTEN hears nothing, and prepared
statements belong to others: the bot would work for a while, and post things twice under load.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.core.errors import DatabaseUnusable
from bot.storage.engine.addresses import patient

# Seconds for each question: a pooler that has no session to give lets us wait.
_ANSWER = 10.0
_PROCESS = text("SELECT pg_backend_pid()")
_NOTE = text("SELECT set_config('xquik_bot.session', 'ours', false)")
_NOTED = text("SELECT current_setting('xquik_bot.session', true)")


async def behind_pooler(connection: AsyncConnection) -> bool:
    """Whether something stands between us and the server: poolers give out numbers of their own for the
    session, by which a statement could be cancelled."""
    raw = await connection.get_raw_connection()
    given: int = raw.driver_connection.info.backend_pid  # type: ignore[union-attr]  # psycopg's
    known: int = (await connection.execute(_PROCESS)).scalar_one()
    return given != known


async def require_sessions(url: URL) -> None:
    """DatabaseUnusable unless what a session notes is known in its next transaction, while others work."""
    engine = create_async_engine(patient(url), poolclass=NullPool, hide_parameters=True)
    try:
        async with AsyncExitStack() as stack:
            ours, others = [await stack.enter_async_context(engine.connect()) for _ in range(2)]
            async with asyncio.timeout(_ANSWER):
                await ours.execute(_NOTE)
                await ours.commit()
            # The session that was used last is the one that a pooler gives out next.
            async with asyncio.timeout(_ANSWER):
                await others.execute(_PROCESS)
            async with asyncio.timeout(_ANSWER):
                kept = (await ours.execute(_NOTED)).scalar_one() == "ours"
    except (DBAPIError, TimeoutError):
        kept = False  # it takes no transactions at all, or has a single session
    finally:
        await engine.dispose()
    if not kept:
        raise DatabaseUnusable(
            "Between the bot and PostgreSQL is a pooler that gives each transaction another session "
            "(pgbouncer in transaction mode). The bot's locks and notifications do not work through it.",
            remedy="Name the server itself in storage.url, or set pool_mode = session for this database.",
            code="pooler",
        )
