"""Events that wait to become one message with others: a digest, quiet hours, a burst, what was missed.

A row is written by the router's transaction, and released, with the message it became part of, by one
transaction of its own: each event ends in exactly one message, or is left out and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Row, and_, bindparam, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.storage.engine import stored_bytes
from bot.storage.engine.bulk import insert_new
from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.relay.deliveries import NewDelivery, add, destination_of
from bot.storage.tables import deliveries, held

# Rows of one statement with a pair of values for each.
_PAGE = 400
LEFT_OUT: Final = dedup_keys.NONE
"""What `released_as` is of what became no message."""


class NewHeld(msgspec.Struct, frozen=True):
    """An event to hold for a route in a place. reason: digest, quiet, burst or missed.

    due_at: epoch seconds. dedup_key: as the delivery of the event would have.
    """

    route: str
    destination: Destination
    lane: str
    event: int
    dedup_key: DedupKey
    reason: str
    due_at: float
    created_at: float


class HeldGroup(msgspec.Struct, frozen=True):
    """What becomes one message: the held events of a route in a place, for one reason.

    first_at, last_at: when the first and the last of them were held; due_at: the earliest. Epoch seconds.
    """

    tenant: TenantId
    route: str
    lane: str
    reason: str
    due_at: float
    first_at: float
    last_at: float
    waiting: int


class HeldEvent(msgspec.Struct, frozen=True):
    """A held event. released_as: None while it waits, LEFT_OUT, or the dedup_key of its message."""

    id: int
    route: str
    destination: Destination
    lane: str
    event: int
    dedup_key: DedupKey
    reason: str
    due_at: float
    released_as: DedupKey | None


class HeldEvents:
    """What is held."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def due(self, now: float, limit: int = 200) -> tuple[HeldGroup, ...]:
        """The groups of which something is due: one of every tenant before a second of any, the longest due
        first, so that a flood in one place holds up no other."""
        waits = held.c.released_as.is_(None)
        group = (held.c.tenant, held.c.route, held.c.lane, held.c.reason)
        since = func.min(held.c.due_at)
        turn = func.row_number().over(partition_by=held.c.tenant, order_by=(since, held.c.lane, held.c.route))
        due = (
            select(*group, since.label("due_at"), turn.label("turn"))
            .where(waits, held.c.due_at <= now)
            .group_by(*group)
            .subquery()
        )
        chosen = select(due).order_by(due.c.turn, due.c.due_at).limit(limit).subquery()
        same = [held.c[name] == chosen.c[name] for name in ("route", "lane", "reason")]
        query = (
            select(
                chosen,
                func.min(held.c.created_at).label("first_at"),
                func.max(held.c.created_at).label("last_at"),
                func.count().label("waiting"),
            )
            .join(held, and_(*same, waits))
            .group_by(*chosen.c)
            .order_by(chosen.c.turn, chosen.c.due_at)
        )
        return tuple(
            HeldGroup(
                TenantId.parse(row.tenant),
                row.route,
                row.lane,
                row.reason,
                row.due_at,
                row.first_at,
                row.last_at,
                row.waiting,
            )
            for row in await read_all(self._db, query)
        )

    async def of_group(self, group: HeldGroup, due_by: float, limit: int) -> tuple[HeldEvent, ...]:
        """The oldest events of a group that are due by then."""
        query = (
            select(held)
            .where(
                held.c.route == group.route,
                held.c.lane == group.lane,
                held.c.reason == group.reason,
                held.c.released_as.is_(None),
                held.c.due_at <= due_by,
            )
            .order_by(held.c.id)
            .limit(limit)
        )
        return tuple(_held(row) for row in await read_all(self._db, query))

    async def for_event(self, tenant: TenantId, event: int) -> tuple[HeldEvent, ...]:
        """Where an event is or was held."""
        query = select(held).where(held.c.event == event, held.c.tenant == str(tenant)).order_by(held.c.id)
        return tuple(_held(row) for row in await read_all(self._db, query))

    async def waiting(self, tenant: TenantId) -> dict[str, tuple[int, float]]:
        """How many events of each route are held, and when the first of them is due."""
        query = (
            select(held.c.route, func.count().label("waiting"), func.min(held.c.due_at).label("due_at"))
            .where(held.c.tenant == str(tenant), held.c.released_as.is_(None))
            .group_by(held.c.route)
        )
        return {row.route: (int(row.waiting), float(row.due_at)) for row in await read_all(self._db, query)}

    async def release(self, chosen: Sequence[tuple[HeldEvent, DedupKey]], new: Sequence[NewDelivery]) -> bool:
        """Give each event what it was released as, and add the messages, all or nothing.

        False when one of them was released, or left out, by somebody else meanwhile.
        """
        rows = [{"held_id": one.id, "becomes": dedup_key} for one, dedup_key in chosen]

        async def work(connection: AsyncConnection) -> bool:
            ids = [row["held_id"] for row in rows]
            waits = select(held.c.id).where(held.c.id.in_(ids), held.c.released_as.is_(None))
            # Locked, in the order of ids: what a deletion leaves out meanwhile may be in no list.
            locked = await connection.execute(waits.order_by(held.c.id).with_for_update())
            if len(locked.all()) != len(ids):
                return False
            await connection.execute(_RELEASE, rows)
            await add(connection, new)
            return True

        return await self._db.write(work)

    async def prune(self, before: float, start: int, limit: int = 1000) -> int | None:
        """Delete released rows made before a moment, looking at `limit` rows from id `start` on.

        Returns where to go on; None when the rest is too young.
        """
        page = (
            select(held.c.id, held.c.released_as, held.c.created_at, held.c.tenant)
            .where(held.c.id > start)
            .order_by(held.c.id)
            .limit(limit)
        )
        drop = delete(held).where(held.c.id == bindparam("held_id"))

        async def work(connection: AsyncConnection) -> int | None:
            rows = (await connection.execute(page)).all()
            old = [row for row in rows if row.created_at < before]
            released = [row for row in old if row.released_as is not None]
            if released:
                await connection.execute(drop, [{"held_id": row.id} for row in released])
                await stored_bytes.subtract(
                    connection, "messages", [(row.tenant, stored_bytes.HELD) for row in released]
                )
            return int(rows[-1].id) if rows and len(old) == len(rows) == limit else None

        return await self._db.write(work)


async def hold(connection: AsyncConnection, new: Sequence[NewHeld]) -> None:
    """Hold events; one that is held in the place already stays as it is."""
    if await insert_new(connection, held, _COLUMNS, [_row(one) for one in new]) == len(new):
        await stored_bytes.add(
            connection, "messages", [(str(one.destination.tenant), stored_bytes.HELD) for one in new]
        )


async def known(
    connection: AsyncConnection, wanted: Sequence[tuple[str, DedupKey]]
) -> set[tuple[str, DedupKey]]:
    """Which of these (lane, dedup_key) have a message, or are held, already."""
    found: set[tuple[str, DedupKey]] = set()
    for start in range(0, len(wanted), _PAGE):
        page = wanted[start : start + _PAGE]
        for table in (deliveries, held):
            query = select(table.c.lane, table.c.dedup_key.label("dedup_key")).where(
                tuple_(table.c.lane, table.c.dedup_key).in_(page)
            )
            found.update(
                (row.lane, dedup_keys.stored(row.dedup_key)) for row in await connection.execute(query)
            )
    return found


_RELEASE = update(held).where(held.c.id == bindparam("held_id")).values(released_as=bindparam("becomes"))
_COLUMNS = (
    "tenant",
    "route",
    "lane",
    "channel",
    "thread",
    "event",
    "purpose",
    "reason",
    "due_at",
    "created_at",
)


def _row(new: NewHeld) -> tuple[Any, ...]:
    return (
        str(new.destination.tenant),
        new.route,
        new.lane,
        new.destination.channel,
        new.destination.thread,
        new.event,
        new.dedup_key,
        new.reason,
        new.due_at,
        new.created_at,
    )


def _held(row: Row[Any]) -> HeldEvent:
    return HeldEvent(
        row.id,
        row.route,
        destination_of(row),
        row.lane,
        row.event,
        dedup_keys.stored(row.purpose),
        row.reason,
        row.due_at,
        None if row.released_as is None else dedup_keys.stored(row.released_as),
    )
