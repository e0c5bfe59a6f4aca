"""What stands, waits or is held in lanes under a de-duplication key, inside a transaction of the caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import ALIVE, DeliveryState
from bot.storage.relay.deliveries import destination_of
from bot.storage.tables import deliveries, held

# Lanes of one statement.
_PAGE = 400


class LaneMessage(msgspec.Struct, frozen=True):
    """A message in a lane. id: of its delivery; place: what the lane is named after, also when the message
    went into a thread there; waiting: it was never tried."""

    id: int
    place: Destination
    lane: str
    dedup_key: DedupKey
    route: str | None
    waiting: bool


async def lane_messages(
    connection: AsyncConnection, lanes: Sequence[str], keys: Sequence[DedupKey]
) -> list[LaneMessage]:
    """The messages of these lanes with one of these keys, by their ids.

    A dead letter counts as the message it became when it was sent once more, if it was.
    """
    rows = await _rows(connection, lanes, keys)
    dead = {dedup_keys.of_replay(row.id): row.lane for row in rows if row.state == DeliveryState.DEAD}
    if dead:
        rows += await _rows(connection, sorted(set(dead.values())), list(dead))
    return [_lane_message(row) for row in sorted(rows, key=_id) if row.state in ALIVE]


async def leave_out_held(connection: AsyncConnection, lanes: Sequence[str], keys: Sequence[DedupKey]) -> None:
    """Leave out what is held in these lanes with one of these keys and is not released yet."""
    for start in range(0, len(lanes), _PAGE):
        await connection.execute(
            _LEAVE_OUT, {"lanes": list(lanes[start : start + _PAGE]), "keys": list(keys)}
        )


async def skip_waiting(connection: AsyncConnection, ids: Sequence[int], reason: str, now: float) -> None:
    """Let those of these deliveries that were never tried never be. now: epoch seconds."""
    if ids:
        rows = [{"delivery_id": one, "reason": reason, "now": now} for one in ids]
        await connection.execute(_SKIP, rows)


async def _rows(
    connection: AsyncConnection, lanes: Sequence[str], keys: Sequence[DedupKey]
) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(lanes), _PAGE):
        values = {"lanes": list(lanes[start : start + _PAGE]), "keys": list(keys)}
        found.extend(await connection.execute(_FIND, values))
    return found


_LANES: BindParameter[str] = bindparam("lanes", expanding=True)
_KEYS: BindParameter[str] = bindparam("keys", expanding=True)
_FIND = select(
    deliveries.c.id,
    deliveries.c.tenant,
    deliveries.c.channel,
    deliveries.c.thread,
    deliveries.c.lane,
    deliveries.c.dedup_key,
    deliveries.c.route,
    deliveries.c.state,
    deliveries.c.attempts,
).where(deliveries.c.lane.in_(_LANES), deliveries.c.dedup_key.in_(_KEYS))
_LEAVE_OUT = (
    update(held)
    .where(held.c.lane.in_(_LANES), held.c.dedup_key.in_(_KEYS), held.c.released_as.is_(None))
    .values(released_as="")
)
_SKIP = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery_id"),
        deliveries.c.state == DeliveryState.WAITING,
        deliveries.c.attempts == 0,
    )
    .values(state=DeliveryState.SKIPPED, error=bindparam("reason"), settled_at=bindparam("now"))
)


def _lane_message(row: Row[Any]) -> LaneMessage:
    place = destination_of(row)
    return LaneMessage(
        id=row.id,
        place=place if str(place) == row.lane else replace(place, thread=None),
        lane=row.lane,
        dedup_key=dedup_keys.stored(row.purpose),
        route=row.route,
        waiting=row.state == DeliveryState.WAITING and row.attempts == 0,
    )


def _id(row: Row[Any]) -> int:
    return int(row.id)
