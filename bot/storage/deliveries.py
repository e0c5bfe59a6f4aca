"""The outbox: one row a message, in lanes that keep the order of `id`.

States: waiting -> sending (durable before the post) -> sent | dead, and back to waiting when the
platform did not take it. The functions work inside a transaction of the caller; `Deliveries` answers
questions about what is there. A lane's head is found by one step into the index of open rows,
however long the lane is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    ColumnElement,
    Row,
    Select,
    Text,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.events import Event
from bot.core.ids import Destination, TenantId
from bot.storage.database import Database, insert
from bot.storage.tables import deliveries, events, routes

# `not_before` of a head whose channel is gone: the lane stands until someone resumes a route there.
PARKED = 32_503_680_000.0  # the year 3000

# Literals, not parameters: a partial index serves only what is visibly its own condition.
_OPEN = (literal_column("'waiting'"), literal_column("'sending'"))


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message to send. lane, purpose: together unique. kind: event, card or tell.

    card: JSON of `bot.core.card_json`; event: the id of a stored event instead.
    """

    destination: Destination
    lane: str
    kind: str
    purpose: str
    key: str
    created_at: float
    event: int | None = None
    route: str | None = None
    card: str | None = None
    edit_message: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A lane's head, marked `sending`. interrupted: it was `sending` before, so an earlier post may
    have arrived. sending_since: epoch seconds, before the first post whose outcome is not known."""

    id: int
    destination: Destination
    lane: str
    kind: str
    route: str | None
    key: str
    card: str | None
    edit_message: str | None
    person: str | None
    attempts: int
    sending_since: float
    interrupted: bool
    ambiguous: bool
    created_at: float
    event: Event | None


@dataclass(frozen=True, slots=True)
class NotDue:
    """The lane's head must wait until a moment (epoch seconds)."""

    until: float


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed delivery. state: sent, dead, waiting (not taken, try again) or
    sending (outcome unknown, find out)."""

    id: int
    state: str
    at: float
    route: str | None = None
    message: str | None = None
    error: str | None = None
    not_before: float = 0.0
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery as people ask for it."""

    id: int
    destination: Destination
    state: str
    event: int | None
    route: str | None
    attempts: int
    message: str | None
    error: str | None
    created_at: float
    settled_at: float | None


class Deliveries:
    """What is in the outbox."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def open_lanes(self, after: str, limit: int) -> tuple[str, ...]:
        """The names behind `after` of lanes with something to send, in order."""
        return await self._db.read(lambda connection: open_lanes(connection, after, limit))

    async def backlog(self, tenant: TenantId | None = None, limit: int = 100_000) -> int:
        """How many deliveries are open, counted up to `limit`."""
        query = select(deliveries.c.id).where(deliveries.c.state.in_(_OPEN)).limit(limit)
        if tenant is not None:
            query = query.where(deliveries.c.tenant == str(tenant))
        count = select(func.count()).select_from(query.subquery())
        return int((await self._rows(count))[0][0])

    async def for_event(self, tenant: TenantId, event: int) -> tuple[Standing, ...]:
        """Where an event went, and what became of it there."""
        query = select(deliveries).where(deliveries.c.event == event, deliveries.c.tenant == str(tenant))
        return tuple(_standing(row) for row in await self._rows(query.order_by(deliveries.c.id)))

    async def dead(self, tenant: TenantId, limit: int) -> tuple[Standing, ...]:
        """The tenant's newest dead letters, newest first."""
        query = (
            select(deliveries)
            .where(deliveries.c.tenant == str(tenant), deliveries.c.state == "dead")
            .order_by(deliveries.c.id.desc())
            .limit(limit)
        )
        return tuple(_standing(row) for row in await self._rows(query))

    async def prune(self, before: float, start: int, limit: int = 1000) -> int | None:
        """Delete settled rows made before a moment, looking at `limit` rows from id `start` on.

        Returns where to go on; None when the rest is too young.
        """
        page = (
            select(deliveries.c.id, deliveries.c.state, deliveries.c.created_at)
            .where(deliveries.c.id > start)
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        drop = delete(deliveries).where(deliveries.c.id == bindparam("delivery_id"))

        async def work(connection: AsyncConnection) -> int | None:
            rows = (await connection.execute(page)).all()
            old = [row for row in rows if row.created_at < before]
            settled = [{"delivery_id": row.id} for row in old if row.state in ("sent", "dead")]
            if settled:
                await connection.execute(drop, settled)
            return int(rows[-1].id) if rows and len(old) == len(rows) == limit else None

        return await self._db.write(work)

    async def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            return (await connection.execute(query)).all()

        return await self._db.read(work)


async def add(connection: AsyncConnection, dialect: str, new: Sequence[NewDelivery]) -> None:
    """Store deliveries; one whose lane has its purpose already is left as it stands."""
    if new:
        await connection.execute(
            insert(dialect, deliveries).on_conflict_do_nothing(), [_row(item) for item in new]
        )


async def claim(
    connection: AsyncConnection, dialect: str, lanes: Sequence[str], now: float
) -> dict[str, Claimed | NotDue]:
    """Mark the head of each lane as `sending`; a lane that is missing in the answer is empty."""
    found: dict[str, Claimed | NotDue] = {}
    due = []
    heads = await connection.execute(_heads(dialect), {"lanes": json.dumps(lanes)})
    for row in heads.all():
        if row.not_before > now:
            found[row.lane] = NotDue(row.not_before)
        else:
            found[row.lane] = _claimed(row, now)
            due.append(row.id)
    if due:
        await connection.execute(_MARK, {"ids": due, "now": now})
    return found


async def settle(connection: AsyncConnection, settlements: Sequence[Settlement]) -> None:
    """Write down what became of claimed deliveries, and on their routes when they last worked."""
    if not settlements:
        return
    await connection.execute(_SETTLE, [_settle_row(item) for item in settlements])
    succeeded = {s.route: s.at for s in settlements if s.route and s.state == "sent"}
    failed = {s.route: s.error for s in settlements if s.route and s.error and s.state != "sent"}
    if succeeded:
        rows = [{"route_id": route, "at": at} for route, at in sorted(succeeded.items())]
        await connection.execute(_ROUTE_WORKED, rows)
    if failed:
        rows = [{"route_id": route, "why": why} for route, why in sorted(failed.items())]
        await connection.execute(_ROUTE_FAILED, rows)


async def open_lanes(connection: AsyncConnection, after: str, limit: int) -> tuple[str, ...]:
    """The names behind `after` of lanes with open rows: one index step for each, not one a row."""
    rows = await connection.execute(_OPEN_LANES, {"after": after, "limit": limit})
    return tuple(row.lane for row in rows)


async def unpark(connection: AsyncConnection, lane: str) -> None:
    """Let a lane go on that stands because its channel was gone."""
    await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.lane == lane,
            deliveries.c.state.in_(_OPEN),
            deliveries.c.not_before >= PARKED,
        )
        .values(not_before=0.0)
    )


async def drop_waiting(connection: AsyncConnection, lane: str, reason: str, *, now: float, limit: int) -> int:
    """Make up to `limit` waiting events of a lane dead letters; how many it were."""
    chosen = select(deliveries.c.id).where(
        deliveries.c.lane == lane,
        deliveries.c.state.in_(_OPEN),
        deliveries.c.state == "waiting",
        deliveries.c.kind == "event",
    )
    dropped = await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(chosen.order_by(deliveries.c.id).limit(limit)))
        .values(state="dead", error=reason, settled_at=now)
    )
    return dropped.rowcount


def _is_open(table: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.state.in_(_OPEN)
    return condition


def _build_heads(dialect: str) -> Select[Any]:
    names = bindparam("lanes")
    unpacked = (
        func.json_array_elements_text(cast(cast(names, Text), JSON))
        if dialect == "postgresql"
        else func.json_each(names)
    )
    lanes = unpacked.table_valued("value", name="lanes")
    row = deliveries.alias("row")
    first = select(func.min(row.c.id)).where(row.c.lane == lanes.c.value, _is_open(row))
    heads = select(first.correlate(lanes).scalar_subquery()).select_from(lanes)
    of_event = [column.label(f"event_{column.name}") for column in events.c if column.name != "body_hash"]
    joined = deliveries.outerjoin(events, events.c.id == deliveries.c.event)
    return select(deliveries, *of_event).select_from(joined).where(deliveries.c.id.in_(heads))


_HEADS = {dialect: _build_heads(dialect) for dialect in ("sqlite", "postgresql")}


def _heads(dialect: str) -> Select[Any]:
    return _HEADS[dialect]


_MARK = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="sending",
        attempts=deliveries.c.attempts + 1,
        sending_since=func.coalesce(deliveries.c.sending_since, bindparam("now")),
    )
)
_STATE = bindparam("new_state")
_SETTLE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery_id"))
    .values(
        state=_STATE,
        message=bindparam("new_message"),
        error=bindparam("new_error"),
        not_before=bindparam("new_not_before"),
        ambiguous=or_(deliveries.c.ambiguous, bindparam("new_ambiguous", type_=deliveries.c.ambiguous.type)),
        settled_at=bindparam("new_settled_at"),
        sending_since=case(
            (bindparam("not_taken", type_=deliveries.c.ambiguous.type), null()),
            else_=deliveries.c.sending_since,
        ),
    )
)
_ROUTE_WORKED = (
    update(routes).where(routes.c.id == bindparam("route_id")).values(last_success_at=bindparam("at"))
)
_ROUTE_FAILED = (
    update(routes).where(routes.c.id == bindparam("route_id")).values(last_failure=bindparam("why"))
)
_OPEN_LANES = text(
    "WITH RECURSIVE found(lane) AS ("
    " SELECT min(lane) FROM deliveries WHERE lane > :after AND state IN ('waiting', 'sending')"
    " UNION ALL"
    " SELECT (SELECT min(d.lane) FROM deliveries d"
    "  WHERE d.lane > found.lane AND d.state IN ('waiting', 'sending'))"
    " FROM found WHERE found.lane IS NOT NULL"
    ") SELECT lane FROM found WHERE lane IS NOT NULL LIMIT :limit"
)


def _row(new: NewDelivery) -> dict[str, Any]:
    return {
        "tenant": str(new.destination.tenant),
        "lane": new.lane,
        "channel": new.destination.channel,
        "thread": new.destination.thread,
        "kind": new.kind,
        "event": new.event,
        "route": new.route,
        "purpose": new.purpose,
        "card": new.card,
        "edit_message": new.edit_message,
        "person": new.person,
        "key": new.key,
        "created_at": new.created_at,
    }


def _settle_row(item: Settlement) -> dict[str, Any]:
    return {
        "delivery_id": item.id,
        "new_state": item.state,
        "new_message": item.message,
        "new_error": item.error,
        "new_not_before": item.not_before,
        "new_ambiguous": item.ambiguous,
        "new_settled_at": item.at if item.state in ("sent", "dead") else None,
        "not_taken": item.state == "waiting",
    }


def _destination(row: Row[Any]) -> Destination:
    return Destination(TenantId.parse(row.tenant), row.channel, row.thread)


def _claimed(row: Row[Any], now: float) -> Claimed:
    return Claimed(
        id=row.id,
        destination=_destination(row),
        lane=row.lane,
        kind=row.kind,
        route=row.route,
        key=row.key,
        card=row.card,
        edit_message=row.edit_message,
        person=row.person,
        attempts=row.attempts + 1,
        sending_since=row.sending_since or now,
        interrupted=row.state == "sending",
        ambiguous=row.ambiguous,
        created_at=row.created_at,
        event=_event(row),
    )


def _event(row: Row[Any]) -> Event | None:
    if row.event_id is None:
        return None
    return Event(
        id=row.event_id,
        tenant=TenantId.parse(row.event_tenant),
        type=row.event_type,
        username=row.event_username,
        query=row.event_query,
        occurred_at=row.event_occurred_at,
        received_at=row.event_received_at,
        data=msgspec.json.decode(row.event_data),
        identity=row.event_identity,
    )


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        id=row.id,
        destination=_destination(row),
        state=row.state,
        event=row.event,
        route=row.route,
        attempts=row.attempts,
        message=row.message,
        error=row.error,
        created_at=row.created_at,
        settled_at=row.settled_at,
    )
