"""The steps of a lane, inside a transaction of the caller: claim its head, settle it, let it go on.

A lane's head is found by one step into the index of open rows, however long the lane is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BindParameter, bindparam, case, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.routes.deliveries import OF_ROUTES, SETTLED, TAKEN, DeliveryState
from bot.storage.relay import lane_heads, settling
from bot.storage.relay.deliveries import PARKED, drained_as, is_open
from bot.storage.relay.lane_heads import Claimed
from bot.storage.tables import deliveries, route_places

_MESSAGE_WIDTH = 120


class NotDue(msgspec.Struct, frozen=True):
    """The lane's head must wait until a moment (epoch seconds)."""

    until: float


class Settlement(msgspec.Struct, frozen=True):
    """What became of a claimed delivery. state: WAITING when it was not taken and is tried again, SENDING
    when the outcome is unknown and is to be found out. route, lane: given where its route is to be told."""

    id: int
    state: DeliveryState
    at: float
    route: str | None = None
    lane: str = ""
    message: str | None = None
    error: str | None = None
    not_before: float = 0.0
    ambiguous: bool = False


async def claim(
    connection: AsyncConnection, dialect: str, lanes: Sequence[str], now: float
) -> dict[str, Claimed | NotDue]:
    """Mark the head of each lane as `sending`; a lane that is missing in the answer is empty.

    What is to be said first (`FIRST`) is the head before what waits. Nothing is sent to a place that is lost:
    the head of its lane is put off until that is over.
    """
    found: dict[str, Claimed | NotDue] = {}
    due, standing = [], []
    for head in await lane_heads.read(connection, dialect, lanes, now):
        lane = drained_as(head.claimed.lane)
        if head.lost:
            found[lane] = NotDue(PARKED)
            standing.append(head.claimed.id)
        elif head.not_before > now:
            found[lane] = NotDue(head.not_before)
        else:
            found[lane] = head.claimed
            due.append(head.claimed.id)
    if due:
        await lane_heads.mark(connection, due, now)
    if standing:
        await connection.execute(_PUT_OFF, {"ids": standing, "parked": PARKED})
    return found


async def settle(connection: AsyncConnection, settlements: Sequence[Settlement]) -> None:
    """Write down what became of claimed deliveries, and on their routes when they last worked."""
    if not settlements:
        return
    together = connection.dialect.name == "sqlite"
    settled = [_settle_row(item) for item in settlements]
    if together:
        await settling.settle_all(connection, settled)
    else:
        await connection.execute(_SETTLE, settled)
    routed = [(s.route, s.lane, s) for s in settlements if s.route is not None]
    succeeded = {(route, lane): s.at for route, lane, s in routed if s.state is DeliveryState.SENT}
    failed = {(route, lane): s.error for route, lane, s in routed if s.error and s.state not in TAKEN}
    if succeeded and together:
        await settling.note_worked(connection, succeeded)
    elif succeeded:
        rows = [{"route_id": key[0], "in_lane": key[1], "at": at} for key, at in sorted(succeeded.items())]
        await connection.execute(_ROUTE_WORKED, rows)
    if failed:
        told = [{"route_id": key[0], "in_lane": key[1], "why": why} for key, why in sorted(failed.items())]
        await connection.execute(_ROUTE_FAILED, told)


async def keep(connection: AsyncConnection, item: Claimed, lane: str, reason: str, now: float) -> None:
    """Have a message that was refused wait with what waits for its lost place, whichever lane brought it.

    What waits there for the same dedup_key already is said once. now: epoch seconds.
    """
    await settle(
        connection, [Settlement(item.id, DeliveryState.WAITING, now, error=reason, not_before=PARKED)]
    )
    if item.lane == lane:
        return
    there = deliveries.alias()
    said = select(there.c.id).where(there.c.lane == lane, there.c.dedup_key == item.dedup_key).exists()
    moved = update(deliveries).where(deliveries.c.id == item.id, ~said).values(lane=lane)
    if not (await connection.execute(moved)).rowcount:
        await settle(connection, [Settlement(item.id, DeliveryState.SKIPPED, now, error=reason)])


async def unpark(connection: AsyncConnection, lane: str) -> None:
    """Let a lane go on that stands because its channel was gone."""
    await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.lane == lane,
            is_open(deliveries),
            deliveries.c.not_before >= PARKED,
        )
        .values(not_before=0.0)
    )


async def drop_waiting(connection: AsyncConnection, lane: str, reason: str, *, now: float, limit: int) -> int:
    """Make up to `limit` waiting events of a lane dead letters; how many it were."""
    chosen = select(deliveries.c.id).where(
        deliveries.c.lane == lane,
        is_open(deliveries),
        deliveries.c.state == DeliveryState.WAITING,
        deliveries.c.kind.in_(OF_ROUTES),
    )
    dropped = await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(chosen.order_by(deliveries.c.id).limit(limit)))
        .values(state=DeliveryState.DEAD, error=reason, settled_at=now)
    )
    return dropped.rowcount


_PUT_OFF = (
    update(deliveries)
    .where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)), deliveries.c.not_before < bindparam("parked")
    )
    .values(not_before=bindparam("parked"))
)
_STATE: BindParameter[str] = bindparam("new_state")
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
_PLACE = (route_places.c.route == bindparam("route_id")) & (route_places.c.lane == bindparam("in_lane"))
_ROUTE_WORKED = update(route_places).where(_PLACE).values(last_success_at=bindparam("at"), last_failure=None)
_ROUTE_FAILED = update(route_places).where(_PLACE).values(last_failure=bindparam("why"))


def _settle_row(item: Settlement) -> dict[str, Any]:
    return {
        "delivery_id": item.id,
        "new_state": item.state,
        "new_message": _message(item.message),
        "new_error": item.error,
        "new_not_before": item.not_before,
        "new_ambiguous": item.ambiguous,
        "new_settled_at": item.at if item.state in SETTLED else None,
        "not_taken": item.state is DeliveryState.WAITING,
    }


def _message(said: str | None) -> str | None:
    """A platform's id of a message as it can be stored. Without one it is written down all the same that
    the message stands: not to know that would post it again."""
    fits = said is not None and len(said) <= _MESSAGE_WIDTH and "\x00" not in said
    return said if fits else None
