"""A connection to PostgreSQL that does one thing for as long as it lasts: it holds locks, or listens.

Its engine has no pool, and what is said over it is no transaction.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from contextlib import suppress
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.core.errors import StorageUnavailable
from bot.storage.engine.addresses import driver, patient
from bot.storage.engine.failures import UNREACHABLE, unavailable

# PostgreSQL keeps 63 bytes of the name that a connection has.
_HOST_LENGTH: Final = 24


def process_name(program: str) -> str:
    """What the connection of this process is called on the server: "xquik-bot relay host-a:4711 5f0c3a1e"."""
    host = socket.gethostname()[:_HOST_LENGTH]
    # The last word tells apart what has the same name and number, as containers may.
    return f"{program} {host}:{os.getpid()} {secrets.token_hex(4)}"


def lone_engine(url: URL, name: str) -> AsyncEngine:
    """What makes such connections. url: as `bot.storage.engine.addresses.address` makes it; name: of the
    connection on the server. DatabaseUnusable when no driver is installed."""
    with driver():
        return create_async_engine(
            patient(url),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"application_name": name},
        )


async def hang_up(connection: AsyncConnection | None, patience: float) -> None:
    """End it, whatever state it is in; the server hears of it as far as it can. patience: seconds."""
    if connection is not None:
        with suppress(SQLAlchemyError, OSError, TimeoutError):
            async with asyncio.timeout(patience):
                await connection.invalidate()
                await connection.close()


def unreachable(error: Exception) -> StorageUnavailable:
    """What it means that such a connection gave no answer."""
    failure = unavailable(error) if isinstance(error, SQLAlchemyError) else None
    return failure or StorageUnavailable(UNREACHABLE, code="storage")
