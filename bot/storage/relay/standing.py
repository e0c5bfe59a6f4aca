"""What stands, waits or is held in lanes under a de-duplication key, inside a transaction of the caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination
from bot.storage.relay.deliveries import destination_of
from bot.storage.tables import deliveries, held

# Lanes of one statement.
_PAGE = 400
# Rows that became a message, or still may.
_ALIVE = frozenset({"waiting", "sending", "sent"})


@dataclass(frozen=True, slots=True)
class LaneMessage:
    """A message in a lane. id: of its delivery; place: what the lane is named after, also when the message
    went into a thread there; waiting: it was never tried."""

    id: int
    place: Destination
    lane: str
    purpose: str
    route: str | None
    waiting: bool


async def standing(
    connection: AsyncConnection, lanes: Sequence[str], purposes: Sequence[str]
) -> list[LaneMessage]:
    """The messages of these lanes with one of these purposes, by their ids.

    A dead letter counts as the message it became when it was sent once more, if it was.
    """
    rows = await _rows(connection, lanes, purposes)
    dead = {f"r:{row.id}": row.lane for row in rows if row.state == "dead"}
    if dead:
        rows += await _rows(connection, sorted(set(dead.values())), list(dead))
    return [_standing(row) for row in sorted(rows, key=_id) if row.state in _ALIVE]


async def leave_out_held(connection: AsyncConnection, lanes: Sequence[str], purposes: Sequence[str]) -> None:
    """Leave out what is held in these lanes with one of these purposes and is not released yet."""
    for start in range(0, len(lanes), _PAGE):
        await connection.execute(
            _LEAVE_OUT, {"lanes": list(lanes[start : start + _PAGE]), "purposes": list(purposes)}
        )


async def skip_waiting(connection: AsyncConnection, ids: Sequence[int], reason: str, now: float) -> None:
    """Let those of these deliveries that were never tried never be. now: epoch seconds."""
    if ids:
        rows = [{"delivery_id": one, "reason": reason, "now": now} for one in ids]
        await connection.execute(_SKIP, rows)


async def _rows(connection: AsyncConnection, lanes: Sequence[str], purposes: Sequence[str]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(lanes), _PAGE):
        values = {"lanes": list(lanes[start : start + _PAGE]), "purposes": list(purposes)}
        found.extend(await connection.execute(_FIND, values))
    return found


_LANES: BindParameter[str] = bindparam("lanes", expanding=True)
_PURPOSES: BindParameter[str] = bindparam("purposes", expanding=True)
_FIND = select(
    deliveries.c.id,
    deliveries.c.tenant,
    deliveries.c.channel,
    deliveries.c.thread,
    deliveries.c.lane,
    deliveries.c.purpose,
    deliveries.c.route,
    deliveries.c.state,
    deliveries.c.attempts,
).where(deliveries.c.lane.in_(_LANES), deliveries.c.purpose.in_(_PURPOSES))
_LEAVE_OUT = (
    update(held)
    .where(held.c.lane.in_(_LANES), held.c.purpose.in_(_PURPOSES), held.c.released_as.is_(None))
    .values(released_as="")
)
_SKIP = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery_id"),
        deliveries.c.state == "waiting",
        deliveries.c.attempts == 0,
    )
    .values(state="skipped", error=bindparam("reason"), settled_at=bindparam("now"))
)


def _standing(row: Row[Any]) -> LaneMessage:
    place = destination_of(row)
    return LaneMessage(
        id=row.id,
        place=place if str(place) == row.lane else replace(place, thread=None),
        lane=row.lane,
        purpose=row.purpose,
        route=row.route,
        waiting=row.state == "waiting" and row.attempts == 0,
    )


def _id(row: Row[Any]) -> int:
    return int(row.id)
