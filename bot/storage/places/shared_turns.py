"""Turns that all processes on a PostgreSQL database share, by name: a pace of so many a second.

The generic cell rate algorithm, as in `bot.core.throttle`, with its one number in a row and by the clock of
the server: machines need not agree on the time. What a crash of the server loses of it is not worth a flush.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.stores import Turns
from bot.storage.engine.database import Database

# Seconds that turns may be ahead, at most: when the server's clock is set back they would be for as long.
_AHEAD: Final = 60.0


# By the server's clock at that moment, not at the beginning of the transaction.
_TAKE = text(
    "WITH taken AS ("
    " INSERT INTO turns AS t (name, due) VALUES (:name, extract(epoch FROM clock_timestamp()) + :length)"
    " ON CONFLICT (name) DO UPDATE SET due = :length + least("
    "greatest(t.due, extract(epoch FROM clock_timestamp())), extract(epoch FROM clock_timestamp()) + :ahead)"
    " RETURNING due - :length - extract(epoch FROM clock_timestamp()) AS seconds,"
    " set_config('synchronous_commit', 'off', true))"
    " SELECT '' AS name, seconds FROM taken"
    " UNION ALL SELECT name, least(due - extract(epoch FROM clock_timestamp()), :ahead) FROM turns"
    " WHERE due > extract(epoch FROM clock_timestamp()) AND starts_with(name, :closed)"
)
_CLOSE = text(
    "INSERT INTO turns AS t (name, due) VALUES (:name, extract(epoch FROM clock_timestamp()) + :seconds)"
    " ON CONFLICT (name) DO UPDATE SET due = greatest("
    "least(t.due, extract(epoch FROM clock_timestamp()) + :ahead),"
    " extract(epoch FROM clock_timestamp()) + :seconds)"
    " RETURNING set_config('synchronous_commit', 'off', true)"
)
_LEFT = text(
    "SELECT least(due - extract(epoch FROM clock_timestamp()), :ahead) FROM turns WHERE name = :name"
)


class SharedTurns:
    """See `bot.core.stores.SharedPace`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, name: str, count: int, interval: float, closed: str) -> Turns:
        """See `SharedPace`."""
        values = {"name": name, "length": count * interval, "ahead": _AHEAD, "closed": closed}

        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            return (await connection.execute(_TAKE, values)).all()

        rows = await self._database.write(work)
        found = {row.name: float(row.seconds) for row in rows}
        return Turns(found.pop(""), {key.removeprefix(closed): left for key, left in found.items()})

    async def close(self, name: str, seconds: float) -> None:
        """See `SharedPace`."""
        values = {"name": name, "seconds": seconds, "ahead": max(_AHEAD, seconds)}
        await self._database.write(lambda connection: connection.execute(_CLOSE, values))

    async def left(self, name: str) -> float:
        """See `SharedPace`."""
        values = {"name": name, "ahead": _AHEAD}

        async def work(connection: AsyncConnection) -> float:
            return float((await connection.execute(_LEFT, values)).scalar_one_or_none() or 0.0)

        return max(0.0, await self._database.read(work))
