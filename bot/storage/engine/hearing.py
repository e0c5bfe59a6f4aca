"""What other processes say through PostgreSQL (NOTIFY), heard by one connection that does nothing else.

Hearing is only ever faster: whoever listens has a bound of its own by which it finds out without. So a
connection that breaks loses nothing, and who hears is told when something may have been missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeAlias

import psycopg
from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError

from bot.core.errors import StorageUnavailable
from bot.storage.engine.failures import LOST, detail_of, sqlstate, unavailable
from bot.storage.engine.lone_connection import lone_engine

Heard: TypeAlias = Callable[[str | None], None]
"""Told each message of a channel, from the event loop; None where some may have been missed. Must be quick
and never raise."""

# Seconds after which a connection on which nothing came is asked whether it still is one, and for the answer.
_BEAT = 15.0
_ANSWER = 10.0
# An operator's limit for idle sessions is not meant for one that listens (PostgreSQL 14).
_FOR_EVER = text(
    "SELECT CASE WHEN current_setting('server_version_num')::int >= 140000"
    " THEN set_config('idle_session_timeout', '0', false) END"
)


async def listen(url: URL, hears: Mapping[str, Heard], beat: float = _BEAT) -> None:
    """Connect, and tell what is said on these channels for as long as the connection lasts.

    Never returns: StorageUnavailable when it cannot be made, or ends. beat: seconds between two questions
    whether it still answers.
    """
    engine = lone_engine(url, "xquik-bot hearing")
    try:
        async with engine.connect() as connection:
            await connection.execute(_FOR_EVER)
            raw = await connection.get_raw_connection()
            try:
                await _hear(raw.driver_connection, hears, beat)  # type: ignore[arg-type]  # psycopg's
            finally:
                await connection.invalidate()  # nobody else gets one that listens
    except SQLAlchemyError as error:
        raise unavailable(error) or error from error
    except (psycopg.Error, OSError, TimeoutError) as error:
        state = sqlstate(error)
        raise StorageUnavailable(detail_of(state or "") or LOST, code="storage") from error
    finally:
        await engine.dispose()


async def _hear(connection: psycopg.AsyncConnection[object], hears: Mapping[str, Heard], beat: float) -> None:
    for channel in hears:
        await connection.execute(f'LISTEN "{channel}"'.encode())
    # What was said before this moment is not heard any more.
    for heard in hears.values():
        heard(None)
    while True:
        async for said in connection.notifies(timeout=beat):
            hears[said.channel](said.payload)
        async with asyncio.timeout(_ANSWER):
            await connection.execute("SELECT 1")
