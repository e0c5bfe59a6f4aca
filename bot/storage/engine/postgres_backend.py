"""PostgreSQL in use: ordinary transactions on a pool, run again when they met another one."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.core.clocks import Sleep
from bot.core.errors import StorageUnavailable
from bot.storage.engine.addresses import driver, patient
from bot.storage.engine.failures import collided, lost_before_asked, unavailable
from bot.storage.engine.group_commit import CommitTimed
from bot.storage.engine.hearing import Heard, listen
from bot.storage.engine.poolers import behind_pooler, require_sessions

T = TypeVar("T")

ATTEMPTS = 5
# Of a transaction that says nothing. None of ours waits for anything but its own statements, so it is of a
# process that stands still; where only the loop was late, the transaction is run again.
_SILENT = "10s"
# Seconds before the second attempt of a transaction; doubled each time.
FIRST_PAUSE = 0.02

# In one round trip, in this order: a select list is worked off from left to right. An operator's limit stays.
_LOCK = text(
    "SELECT CASE WHEN current_setting('lock_timeout') = '0'"
    " THEN set_config('lock_timeout', :patience, true) END,"
    " pg_advisory_xact_lock(hashtextextended(:name, 0))"
)


class PostgresBackend:
    """Reading and writing one PostgreSQL database. sleep: waits the given seconds. committed: told the
    seconds of each commit."""

    def __init__(
        self,
        url: URL,
        sleep: Sleep,
        committed: CommitTimed | None = None,
    ) -> None:
        self._url = url
        with driver():
            self._engine = create_async_engine(
                patient(url), pool_size=10, max_overflow=10, pool_timeout=10, hide_parameters=True
            )
        event.listen(self._engine.sync_engine, "connect", _not_for_ever)
        event.listen(self._engine.sync_engine, "checkout", _as_the_server_says)
        # Both are sent along with BEGIN, without a round trip of their own.
        self._readers = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._sleep = sleep
        self._committed = committed

    async def start(self) -> None:
        """Check that the server answers; StorageUnavailable when it does not, DatabaseUnusable through a
        pooler that keeps no sessions."""
        try:
            if await self.read(behind_pooler):
                await require_sessions(self._url)
        except BaseException:
            await self._engine.dispose()
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """See `Database.read`."""
        return await self._attempts(lambda _: self._read(work))

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """See `Database.write`."""
        return await self._attempts(lambda committing: self._write(work, committing))

    async def serialised(self, connection: AsyncConnection, name: str, patience: float) -> None:
        """Hold the lock of that name until the transaction ends."""
        await connection.execute(_LOCK, {"name": name, "patience": f"{round(patience * 1000)}ms"})

    def shared(self) -> None:
        """See `Database.shared`."""

    async def write_back(self) -> bool:
        """Nothing to do."""
        return True

    async def listen(self, hears: Mapping[str, Heard]) -> None:
        """See `Database.listen`."""
        await listen(self._url, hears)

    async def backup(self, path: Path) -> None:
        """ValueError: PostgreSQL has its own tool."""
        msg = f"a PostgreSQL database is backed up with pg_dump, as in: pg_dump --file={path}"
        raise ValueError(msg)

    async def _read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async with self._readers.connect() as connection:
            return await work(connection)

    async def _write(self, work: Callable[[AsyncConnection], Awaitable[T]], committing: list[bool]) -> T:
        async with self._engine.connect() as connection:
            value = await work(connection)
            committing.append(True)
            began = time.perf_counter()
            await connection.commit()
            if self._committed is not None:
                self._committed(time.perf_counter() - began)
            return value

    async def _attempts(self, transaction: Callable[[list[bool]], Awaitable[T]]) -> T:
        """Run a transaction until it neither collides nor finds its connection gone."""
        pause = FIRST_PAUSE
        for attempt in range(1, ATTEMPTS + 1):
            committing: list[bool] = []
            try:
                return await transaction(committing)
            except DBAPIError as error:
                lost = error.connection_invalidated
                if lost and committing and not lost_before_asked(error):
                    raise _perhaps_saved() from error
                if attempt == ATTEMPTS or not (lost or collided(error)):
                    raise _translated(error) from error
            except SQLAlchemyError as error:
                raise _translated(error) from error
            await self._sleep(pause)
            pause *= 2
        raise AssertionError  # the last attempt returned or raised


def _not_for_ever(connection: Any, *_: object) -> None:
    """Have the server end a transaction of ours that says nothing.

    Of a process that is stopped, or whose machine is gone, it hears nothing either; what the transaction has
    locked would stand still for everybody else. A limit of the operator's own stays. And names are those of
    the schema that the server has for us: a pooler may give out a session that was left on another one.
    """
    cursor = connection.cursor()
    cursor.execute(
        "SET search_path TO DEFAULT;"
        " SELECT CASE WHEN current_setting('idle_in_transaction_session_timeout') = '0'"
        f" THEN set_config('idle_in_transaction_session_timeout', '{_SILENT}', false) END"
    )
    cursor.close()
    connection.commit()


def _as_the_server_says(connection: Any, *_: object) -> None:
    """Let a transaction write or not as the server has it by default.

    After a reader SQLAlchemy leaves "READ WRITE" on the connection. That would overrule an operator's
    default_transaction_read_only, and a server that became a standby answers it with 0A000, as if it were
    a mistake of ours.
    """
    if connection.read_only is not None:
        connection.set_read_only(None)


def _translated(error: SQLAlchemyError) -> Exception:
    return unavailable(error) or error


def _perhaps_saved() -> StorageUnavailable:
    return StorageUnavailable(
        "The connection to the database was lost while it was saving.",
        remedy="Look whether it was saved before you try again.",
        code="perhaps_saved",
    )
