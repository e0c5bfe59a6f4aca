"""The outbox: one row a delivery, which is a message, in lanes that keep the order of `id`.

States: waiting -> sending (durable before the post) -> sent | dead, and back to waiting when the
platform did not take it. `bot.storage.relay.lane_steps` moves them; here they are added, asked about and,
when old, deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.stored_texts import as_stored
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import ALIVE, OPEN, SETTLED, DeliveryKind, DeliveryState
from bot.storage.engine import stored_bytes
from bot.storage.engine.bulk import insert_new
from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.intake import columns
from bot.storage.tables import deliveries, held
from bot.storage.tables.deliveries import IN_OPEN

# `not_before` of a head whose channel is gone: the lane stands until someone resumes a route there.
PARKED = 32_503_680_000.0  # the year 3000
# What is said before all that waits for a place stands in a lane of this name behind the place's. It is
# drained as the beginning of the place's lane, never by itself.
FIRST = "#first"
# Pairs of one statement.
_PAIRS = 400

# Literals, not parameters: a partial index serves only what is visibly its own condition.
_COUNTS = stored_bytes.message_column(deliveries.c.card).label("counts")
_OPEN: tuple[ColumnElement[str], ...] = tuple(literal_column(f"'{state}'") for state in OPEN)


class NewDelivery(msgspec.Struct, frozen=True):
    """A message to send. lane, dedup_key: together unique.

    card: JSON of `bot.core.chat.card_json`; event: the id of a stored event instead. about: the dedup_key of
    another message in the same place. attachment: the file that goes with it. not_before: epoch seconds.
    state: WAITING, or SKIPPED with `error` as the reason, for what a rule leaves out.
    """

    destination: Destination
    lane: str
    kind: DeliveryKind
    dedup_key: DedupKey
    key: str
    created_at: float
    event: int | None = None
    route: str | None = None
    card: str | None = None
    edit_message: str | None = None
    person: str | None = None
    about: DedupKey | None = None
    attachment: str | None = None
    not_before: float = 0.0
    state: DeliveryState = DeliveryState.WAITING
    error: str | None = None


class DeliveryStatus(msgspec.Struct, frozen=True):
    """A delivery as people ask for it. Times: epoch seconds. lane: that of its place, also where the
    destination is a thread below it."""

    id: int
    destination: Destination
    state: DeliveryState
    event: int | None
    route: str | None
    attempts: int
    message: str | None
    error: str | None
    created_at: float
    settled_at: float | None
    kind: DeliveryKind = DeliveryKind.EVENT
    dedup_key: DedupKey = dedup_keys.NONE
    not_before: float = 0.0
    ambiguous: bool = False
    lane: str = ""


class Deliveries:
    """What is in the outbox."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def open_lanes(self, after: str, limit: int) -> tuple[str, ...]:
        """The names behind `after` of lanes with something to send, in order."""
        return await self._db.read(lambda connection: open_lanes(connection, after, limit))

    async def due_lanes(self, after: str, limit: int) -> tuple[tuple[str, float], ...]:
        """The same, each with the moment from which on its first message may go (epoch seconds)."""
        return await self._db.read(lambda connection: due_lanes(connection, after, limit))

    async def backlog(self, tenant: TenantId | None = None, limit: int = 100_000) -> int:
        """How many deliveries are open, counted up to `limit`."""
        query = select(deliveries.c.id).where(is_open(deliveries)).limit(limit)
        if tenant is not None:
            query = query.where(deliveries.c.tenant == str(tenant))
        count = select(func.count()).select_from(query.subquery())
        return int((await read_all(self._db, count))[0][0])

    async def waiting(self, tenant: TenantId, limit: int = 100_000) -> dict[str, int]:
        """How many deliveries are open in each lane of the tenant, of `limit` in all."""
        found = select(deliveries.c.lane).where(is_open(deliveries), deliveries.c.tenant == str(tenant))
        lanes = found.limit(limit).subquery()
        count = select(lanes.c.lane, func.count().label("open")).group_by(lanes.c.lane)
        return {str(row.lane): int(row.open) for row in await read_all(self._db, count)}

    async def for_event(self, tenant: TenantId, event: int) -> tuple[DeliveryStatus, ...]:
        """Where an event went, and what became of it there."""
        query = select(deliveries).where(deliveries.c.event == event, deliveries.c.tenant == str(tenant))
        return tuple(_status(row) for row in await read_all(self._db, query.order_by(deliveries.c.id)))

    async def of_lane(self, lane: str, limit: int = 1_000) -> tuple[DeliveryStatus, ...]:
        """The newest deliveries of a lane, whatever became of them, oldest first."""
        query = select(deliveries).where(deliveries.c.lane == lane).order_by(deliveries.c.id.desc())
        return tuple(_status(row) for row in reversed(await read_all(self._db, query.limit(limit))))

    async def oldest(self, tenant: TenantId, now: float) -> float | None:
        """When the delivery of the tenant was made that has waited longest of those that could go by `now`
        (epoch seconds): what is kept for later on purpose, and what stands behind it, does not count."""
        heads = select(func.min(deliveries.c.id)).where(
            is_open(deliveries), deliveries.c.tenant == str(tenant)
        )
        query = select(func.min(deliveries.c.created_at)).where(
            deliveries.c.id.in_(heads.group_by(deliveries.c.lane)),
            deliveries.c.not_before < PARKED,
            or_(deliveries.c.not_before <= now, deliveries.c.attempts > 0),
        )
        found = (await read_all(self._db, query))[0][0]
        return None if found is None else float(found)

    async def standing_or_coming(self, lane: str, wanted: Mapping[int, DedupKey]) -> set[int]:
        """Which events of ours a lane has got, or is about to get: by their id, by the same tweet, or as
        part of a list. wanted: the dedup_key of each."""
        found: set[int] = set()
        events = list(wanted)
        for start in range(0, len(events), _PAIRS):
            page = events[start : start + _PAIRS]
            meant = [wanted[event] for event in page]
            alive = deliveries.c.state.in_(ALIVE)
            made = select(deliveries.c.event, deliveries.c.dedup_key).where(
                deliveries.c.lane == lane,
                alive,
                or_(deliveries.c.event.in_(page), deliveries.c.dedup_key.in_(meant)),
            )
            kept = select(held.c.event, held.c.dedup_key).where(
                held.c.lane == lane,
                held.c.dedup_key.in_(meant),
                or_(held.c.released_as.is_(None), held.c.released_as != ""),
            )
            rows = [*await read_all(self._db, made), *await read_all(self._db, kept)]
            there = {row.event for row in rows} | {row.purpose for row in rows}
            found.update(event for event in page if event in there or wanted[event] in there)
        return found

    async def with_dedup_key(self, lane: str, dedup_key: DedupKey) -> DeliveryStatus | None:
        """The delivery of a lane that is about something."""
        query = select(deliveries).where(deliveries.c.lane == lane, deliveries.c.dedup_key == dedup_key)
        rows = await read_all(self._db, query)
        return _status(rows[0]) if rows else None

    async def made_of(self, lane: str, keys: Sequence[DedupKey]) -> set[str]:
        """Which of these keys have a delivery in a lane, whatever became of it."""
        found: set[str] = set()
        for start in range(0, len(keys), _PAIRS):
            page = keys[start : start + _PAIRS]
            there = deliveries.c.lane == lane, deliveries.c.dedup_key.in_(page)
            found.update(
                row.purpose for row in await read_all(self._db, select(deliveries.c.dedup_key).where(*there))
            )
        return found

    async def dead(self, tenant: TenantId, limit: int) -> tuple[DeliveryStatus, ...]:
        """The tenant's newest dead letters, newest first."""
        query = (
            select(deliveries)
            .where(deliveries.c.tenant == str(tenant), deliveries.c.state == DeliveryState.DEAD)
            .order_by(deliveries.c.id.desc())
            .limit(limit)
        )
        return tuple(_status(row) for row in await read_all(self._db, query))

    async def prune(self, before: float, start: int, limit: int = 1000) -> int | None:
        """Delete settled rows made before a moment, looking at `limit` rows from id `start` on.

        Returns where to go on; None when the rest is too young.
        """
        page = (
            select(deliveries.c.id, deliveries.c.state, deliveries.c.created_at, deliveries.c.tenant, _COUNTS)
            .where(deliveries.c.id > start)
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        drop = delete(deliveries).where(deliveries.c.id == bindparam("delivery_id"))

        async def work(connection: AsyncConnection) -> int | None:
            rows = (await connection.execute(page)).all()
            old = [row for row in rows if row.created_at < before]
            settled = [row for row in old if row.state in SETTLED]
            if settled:
                await connection.execute(drop, [{"delivery_id": row.id} for row in settled])
                await stored_bytes.subtract(
                    connection, "messages", [(row.tenant, int(row.counts)) for row in settled]
                )
            return int(rows[-1].id) if rows and len(old) == len(rows) == limit else None

        return await self._db.write(work)


async def add(connection: AsyncConnection, new: Sequence[NewDelivery]) -> None:
    """Store deliveries; one whose lane has its dedup_key already is left as it stands."""
    if not new:
        return
    stored = await insert_new(connection, deliveries, columns.DELIVERY, [delivery_row(item) for item in new])
    await stored_bytes.add(connection, "messages", await _counted(connection, new, stored))


async def move_notices(connection: AsyncConnection, lane: str, to: str) -> None:
    """Let the words about a place that wait in a lane wait in another one, where nothing puts them off.

    What has its dedup_key there already stays where it is.
    """
    here = deliveries.c.lane == lane, is_open(deliveries), deliveries.c.state == DeliveryState.WAITING
    there = deliveries.alias()
    said = select(there.c.id).where(there.c.lane == to, there.c.dedup_key == deliveries.c.dedup_key).exists()
    noticed = update(deliveries).where(*here, deliveries.c.kind == DeliveryKind.NOTICE, ~said)
    await connection.execute(noticed.values(lane=to, not_before=0.0))


async def withdraw(connection: AsyncConnection, lane: str, dedup_key: DedupKey) -> bool:
    """Take back what waits and nobody has begun to send; False when there is no such message any more."""
    waits = (
        deliveries.c.lane == lane,
        deliveries.c.dedup_key == dedup_key,
        deliveries.c.state == DeliveryState.WAITING,
    )
    gone = await connection.execute(delete(deliveries).where(*waits).returning(deliveries.c.tenant, _COUNTS))
    sizes = [(row.tenant, int(row.counts)) for row in gone]
    await stored_bytes.subtract(connection, "messages", sizes)
    return bool(sizes)


async def _counted(
    connection: AsyncConnection, new: Sequence[NewDelivery], stored: int
) -> list[tuple[str, int]]:
    """What each that was stored counts of its tenant's share."""
    if stored == len(new):
        return [(str(one.destination.tenant), stored_bytes.message_size(one.card)) for one in new]
    newest = select(deliveries.c.tenant, _COUNTS).order_by(deliveries.c.id.desc()).limit(stored)
    return [(row.tenant, int(row.counts)) for row in await connection.execute(newest)]


async def drop_of(connection: AsyncConnection, events: Sequence[int]) -> int:
    """Delete what is settled of some events; the bytes that were counted for it."""
    settled = deliveries.c.event.in_(events) & ~is_open(deliveries)
    gone = await connection.execute(delete(deliveries).where(settled).returning(deliveries.c.tenant, _COUNTS))
    sizes = [(row.tenant, int(row.counts)) for row in gone]
    await stored_bytes.subtract(connection, "messages", sizes)
    return sum(size for _, size in sizes)


async def open_lanes(connection: AsyncConnection, after: str, limit: int) -> tuple[str, ...]:
    """The names behind `after` of lanes with open rows: one index step for each, not one a row."""
    rows = await connection.execute(_OPEN_LANES, {"after": after, "limit": limit})
    return tuple(row.lane for row in rows)


async def due_lanes(connection: AsyncConnection, after: str, limit: int) -> tuple[tuple[str, float], ...]:
    """The same, each with the moment from which on its first message may go (epoch seconds)."""
    rows = await connection.execute(_OPEN_LANES, {"after": after, "limit": limit})
    return tuple((row.lane, float(row.at or 0.0)) for row in rows)


def drained_as(lane: str) -> str:
    """The lane with which the messages of a lane are drained."""
    return lane.removesuffix(FIRST)


def is_open(table: Any) -> ColumnElement[bool]:
    """The condition of the index of open rows, for `deliveries` or an alias of it."""
    condition: ColumnElement[bool] = table.c.state.in_(_OPEN)
    return condition


def destination_of(row: Row[Any]) -> Destination:
    """The place a row of `deliveries` goes to."""
    return Destination(TenantId.parse(row.tenant), row.channel, row.thread)


_OPEN_LANES = text(
    "WITH RECURSIVE found(lane) AS ("  # noqa: S608 - our own text only
    f" SELECT min(lane) FROM deliveries WHERE lane > :after AND state IN ({IN_OPEN})"
    " UNION ALL"
    " SELECT (SELECT min(d.lane) FROM deliveries d"
    f"  WHERE d.lane > found.lane AND d.state IN ({IN_OPEN}))"
    " FROM found WHERE found.lane IS NOT NULL"
    ") SELECT lane, (SELECT CASE WHEN d.state = 'sending' THEN 0.0 ELSE d.not_before END"
    f"  FROM deliveries d WHERE d.lane = found.lane AND d.state IN ({IN_OPEN}) ORDER BY d.id LIMIT 1) AS at"
    " FROM found WHERE lane IS NOT NULL LIMIT :limit"
)


def delivery_row(new: NewDelivery) -> tuple[Any, ...]:
    """The values of a message, in the order of `columns.DELIVERY`."""
    return (
        str(new.destination.tenant),
        new.lane,
        new.destination.channel,
        new.destination.thread,
        str(new.kind),  # as plain text: a driver binds it several times quicker
        new.event,
        new.route,
        new.dedup_key,
        new.card,
        new.edit_message,
        new.person,
        new.key,
        new.created_at,
        new.about,
        new.not_before,
        str(new.state),
        new.error and as_stored(new.error),
        new.created_at if new.state in SETTLED else None,
        new.attachment,
    )


def _status(row: Row[Any]) -> DeliveryStatus:
    return DeliveryStatus(
        id=row.id,
        destination=destination_of(row),
        state=DeliveryState(row.state),
        event=row.event,
        route=row.route,
        attempts=row.attempts,
        message=row.message,
        error=row.error,
        created_at=row.created_at,
        settled_at=row.settled_at,
        kind=DeliveryKind(row.kind),
        dedup_key=dedup_keys.stored(row.purpose),
        not_before=row.not_before,
        ambiguous=row.ambiguous,
        lane=row.lane,
    )
