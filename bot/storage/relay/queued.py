"""What was put into the outbox since somebody looked last, whichever process did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Integer, Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.relay.deliveries import is_open
from bot.storage.tables import deliveries


class Queued(msgspec.Struct, frozen=True):
    """lanes: those with an open message among the new ones. upto: the id to look behind next time. more:
    there were too many to look at."""

    lanes: Sequence[str]
    upto: int
    more: bool = False


async def newest(db: Database) -> int:
    """The id of the newest message there is, 0 for none."""
    return int((await read_all(db, _NEWEST))[0][0])


async def queued_behind(db: Database, after: int, limit: int = 1_000) -> Queued:
    """The messages behind the id `after`, of which SQLite has none that is committed later than a newer one.

    It costs a step into the primary key, and one for each that is new. limit: messages that are looked at.
    """

    async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await connection.execute(_BEHIND, {"behind": after, "most": limit})).all()
        return rows

    rows = await db.read(work)
    if len(rows) == limit:
        return Queued((), await newest(db), more=True)
    lanes = dict.fromkeys(str(row.lane) for row in rows if row.open)
    return Queued(tuple(lanes), int(rows[-1].id) if rows else after)


_NEWEST = select(func.coalesce(func.max(deliveries.c.id), 0))
_BEHIND = (
    select(deliveries.c.id, deliveries.c.lane, is_open(deliveries).label("open"))
    .where(deliveries.c.id > bindparam("behind"))
    .order_by(deliveries.c.id)
    .limit(bindparam("most", type_=Integer))
)
