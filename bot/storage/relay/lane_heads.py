"""The heads of lanes: read, and marked as `sending`, inside a transaction of the caller.

On SQLite both are asked of the connection of sqlite3 itself (`bot.storage.engine.in_thread.driver`): they run
for every message, and SQLAlchemy takes longer over a row of thirty columns than SQLite does. Which index is
used is said to SQLite: with the statistics of ANALYZE in the file it may take another one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import (
    JSON,
    BindParameter,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind, DeliveryState
from bot.core.routes.events import Event
from bot.storage.engine.in_thread import driver
from bot.storage.intake import event_data
from bot.storage.relay.deliveries import FIRST, is_open
from bot.storage.tables import deliveries, events, route_places, routes


class Claimed(msgspec.Struct, frozen=True):
    """A lane's head, marked `sending`. interrupted: it was `sending` before, so an earlier post may
    have arrived. sending_since: epoch seconds, before the first post whose outcome is not known."""

    id: int
    destination: Destination
    lane: str
    kind: DeliveryKind
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
    about: DedupKey | None = None
    dedup_key: DedupKey = dedup_keys.NONE
    settings: str = "{}"
    attachment: str | None = None


class LaneHead(msgspec.Struct, frozen=True):
    """claimed: as it is once it is marked. not_before: epoch seconds. lost: its place is."""

    claimed: Claimed
    not_before: float
    lost: bool


async def read(connection: AsyncConnection, dialect: str, lanes: Sequence[str], now: float) -> list[LaneHead]:
    """The head of each lane that has one. now: epoch seconds, from when it would be `sending`."""
    named = {"lanes": json.dumps(lanes)}
    plain = driver(connection)
    if plain is not None:
        statement, given = _plain_heads()
        return [_head(row, now) for row in plain.execute(statement, {**given, **named}).fetchall()]
    found = await connection.execute(_HEADS[dialect], named)
    return [_head(row, now) for row in found.all()]


async def mark(connection: AsyncConnection, ids: Sequence[int], now: float) -> None:
    """Mark heads as `sending`."""
    plain = driver(connection)
    if plain is not None:
        plain.execute(_PLAIN_MARK, (now, json.dumps(ids)))
        return
    await connection.execute(_MARK, {"ids": ids, "now": now})


def _build_heads(dialect: str) -> Select[Any]:
    names: BindParameter[str] = bindparam("lanes")
    unpacked = (
        func.json_array_elements_text(cast(cast(names, Text), JSON))
        if dialect == "postgresql"
        else func.json_each(names)
    )
    lanes = unpacked.table_valued("value", name="lanes")
    row = deliveries.alias("row")
    said, value = deliveries.alias("said"), cast(lanes.c.value, Text)
    announced = select(func.min(said.c.id)).where(
        said.c.lane == value.concat(literal_column(f"'{FIRST}'")), is_open(said)
    )
    first = select(func.min(row.c.id)).where(row.c.lane == lanes.c.value, is_open(row))
    announced = announced.with_hint(said, _BY_OPEN, "sqlite")
    first = first.with_hint(row, _BY_OPEN, "sqlite")
    both = (one.correlate(lanes).scalar_subquery() for one in (announced, first))
    heads = select(func.coalesce(*both)).select_from(lanes)
    joined = deliveries.outerjoin(events, events.c.id == deliveries.c.event)
    joined = joined.outerjoin(routes, routes.c.id == deliveries.c.route)
    lost = select(route_places.c.lane).where(
        route_places.c.lane == deliveries.c.lane, route_places.c.lost_reason.is_not(None)
    )
    # In the order of `_head`.
    d, e = deliveries.c, events.c
    columns = (
        *(d.id, d.tenant, d.lane, d.channel, d.thread, d.kind, d.route, d.dedup_key, d.card, d.edit_message),
        *(d.person, d.key, d.state, d.attempts, d.not_before, d.sending_since, d.ambiguous, d.created_at),
        *(d.about, d.attachment, func.coalesce(routes.c.settings, "{}"), lost.correlate(deliveries).exists()),
        *(e.id, e.tenant, e.type, e.username, e.query, e.occurred_at, e.received_at, e.data, e.identity),
        e.account_id,
    )
    labelled = (column.label(f"c{number}") for number, column in enumerate(columns))
    return select(*labelled).select_from(joined).where(deliveries.c.id.in_(heads))


_BY_OPEN: Final = "INDEXED BY ix_deliveries_open"  # no message: SQL
_HEADS: Final = {dialect: _build_heads(dialect) for dialect in ("sqlite", "postgresql")}


@cache
def _plain_heads() -> tuple[str, dict[str, Any]]:
    """The same for sqlite3: the text, and what it is given besides the lanes."""
    compiled = _HEADS["sqlite"].compile(dialect=sqlite.dialect(paramstyle="named"))
    return str(compiled), dict(compiled.params)


_MARK: Final = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=DeliveryState.SENDING,
        attempts=deliveries.c.attempts + 1,
        sending_since=func.coalesce(deliveries.c.sending_since, bindparam("now")),
    )
)
_PLAIN_MARK: Final = (
    f"UPDATE deliveries SET state = '{DeliveryState.SENDING}', attempts = attempts + 1,"  # no message: SQL  # noqa: S608
    " sending_since = coalesce(sending_since, ?) WHERE id IN (SELECT value FROM json_each(?))"
)


def _head(row: Sequence[Any], now: float) -> LaneHead:
    number, tenant, lane, channel, thread, kind, route, dedup_key, card, edit_message = row[:10]
    person, key, state, attempts, not_before, sending_since, ambiguous, created_at = row[10:18]
    about, attachment, settings, lost, event_id = row[18:23]
    to = TenantId.parse(tenant)
    event = None
    if event_id is not None:
        event_tenant, name, username, query, occurred_at, received_at, data, identity, account = row[23:]
        event = Event(
            id=event_id,
            tenant=to if event_tenant == tenant else TenantId.parse(event_tenant),
            type=name,
            username=username,
            query=query,
            occurred_at=occurred_at,
            received_at=received_at,
            data=event_data.read(data),
            identity=identity,
            account_id=account,
        )
    claimed = Claimed(
        id=number,
        destination=Destination(to, channel, thread),
        lane=lane,
        kind=DeliveryKind(kind),
        route=route,
        key=key,
        card=card,
        edit_message=edit_message,
        person=person,
        attempts=attempts + 1,
        sending_since=sending_since or now,
        interrupted=state == DeliveryState.SENDING,
        ambiguous=bool(ambiguous),
        created_at=created_at,
        event=event,
        about=about and dedup_keys.stored(about),
        dedup_key=dedup_keys.stored(dedup_key),
        settings=settings,
        attachment=attachment,
    )
    return LaneHead(claimed, not_before, bool(lost))
