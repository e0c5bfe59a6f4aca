"""Refuses a pooler that gives each transaction another session, as pgbouncer does in transaction mode.

Through such a one locks that a session holds are lost or left behind, LISTEN hears nothing, and prepared
statements belong to others: the bot would work for a while, and post things twice under load.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import AsyncExitStack, suppress

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.core.errors import DatabaseUnusable
from bot.storage.engine.addresses import driver, patient
from bot.storage.engine.failures import unavailable

# Seconds for each question: a pooler that has no session to give lets us wait.
_ANSWER = 10.0
_PROCESS = text("SELECT pg_backend_pid()")
_NOTE = text("SELECT set_config('xquik_bot.session', :note, false)")
_NOTED = text("SELECT current_setting('xquik_bot.session', true)")


async def behind_pooler(connection: AsyncConnection) -> bool:
    """Whether something stands between us and the server: poolers give out numbers of their own for the
    session, by which a statement could be cancelled."""
    raw = await connection.get_raw_connection()
    given: int = raw.driver_connection.info.backend_pid  # type: ignore[union-attr]  # psycopg's
    known: int = (await connection.execute(_PROCESS)).scalar_one()
    return given != known


async def refuse_poolers(url: URL) -> None:
    """DatabaseUnusable through a pooler that keeps no sessions, before anything is made or locked there.

    url: of PostgreSQL, as `bot.storage.engine.addresses.address` makes it. StorageUnavailable when the server
    does not answer.
    """
    with driver():
        engine = create_async_engine(patient(url), poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            pooled = await behind_pooler(connection)
    except SQLAlchemyError as error:
        raise unavailable(error) or error from error
    finally:
        await engine.dispose()
    if pooled:
        await require_sessions(url)


async def require_sessions(url: URL) -> None:
    """DatabaseUnusable unless what a session notes is known in its next transaction, while others work."""
    engine = create_async_engine(patient(url), poolclass=NullPool, hide_parameters=True)
    # A session of the pooler's may still hold what was noted there before.
    note = secrets.token_hex(8)
    try:
        async with AsyncExitStack() as stack:
            ours, others = [await stack.enter_async_context(engine.connect()) for _ in range(2)]
            async with asyncio.timeout(_ANSWER):
                await ours.execute(_NOTE, {"note": note})
                await ours.commit()
            # The session that was used last is the one that a pooler gives out next.
            async with asyncio.timeout(_ANSWER):
                await others.execute(_PROCESS)
            async with asyncio.timeout(_ANSWER):
                kept = (await ours.execute(_NOTED)).scalar_one() == note
            await _forget(ours, others)
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


async def _forget(*sessions: AsyncConnection) -> None:
    """Leave no note behind on sessions that others get after us."""
    with suppress(DBAPIError, TimeoutError):
        async with asyncio.timeout(_ANSWER):
            for session in sessions:
                await session.execute(_NOTE, {"note": ""})
            for session in sessions:
                await session.commit()
