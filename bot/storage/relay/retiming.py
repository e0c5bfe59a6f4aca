"""When the timing of a route changes: what waits because of the old timing goes as the new one says.

Else what quiet hours, a list or the pace of an hour had put off would stay away until the old moment,
which a person who has just switched them off does not expect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.routes.deliveries import DeliveryState
from bot.core.routes.route import Route
from bot.core.routes.schedule_moments import next_list, quiet_until
from bot.storage.relay.deliveries import PARKED
from bot.storage.tables import deliveries, held, rate_counters

# Seconds by which a message is not worth being moved.
_SAME = 1.0


async def retime(connection: AsyncConnection, route: Route, now: float) -> None:
    """Move what waits of a route, inside the transaction that stores it as it is now. now: epoch seconds.

    What was missed stays: it waits for the rest of its gap, two minutes at most. So does a burst while
    there are bursts. A slower pace is that of what comes from now on.
    """
    reason, due_at = _list(route, now)
    await _move(connection, route, ("digest", "quiet"), reason, due_at, now)
    if route.schedule.burst is None:
        await _move(connection, route, ("burst",), "burst", now, now)
    for place in route.destinations:
        await _respace(connection, route, str(place), now)


def _list(route: Route, now: float) -> tuple[str, float]:
    """For what reason, and until when, events are held from now on; what is held for nothing any more
    is one list, due now."""
    schedule = route.schedule
    if schedule.digest:
        return "digest", next_list(schedule.digest, schedule.timezone, now)
    until = quiet_until(schedule.quiet, schedule.timezone, now) if schedule.quiet is not None else None
    return ("digest", now) if until is None else ("quiet", until)


async def _move(
    connection: AsyncConnection, route: Route, held_for: Sequence[str], reason: str, due_at: float, now: float
) -> None:
    await connection.execute(
        update(held)
        .where(
            held.c.lane.in_([str(place) for place in route.destinations]),
            held.c.route == route.id,
            held.c.reason.in_(held_for),
            held.c.released_as.is_(None),
            held.c.due_at > now,
            or_(held.c.due_at != due_at, held.c.reason != reason),
        )
        .values(due_at=due_at, reason=reason)
    )


async def _respace(connection: AsyncConnection, route: Route, lane: str, now: float) -> None:
    """Bring forward the messages that wait for their turn in the hour, and the turn behind them."""
    gap = 3600.0 / route.schedule.per_hour if route.schedule.per_hour else 0.0
    rows = (await connection.execute(_WAITING, {"a_lane": lane, "a_route": route.id, "now": now})).all()
    if not rows:
        return
    # At the pace so far the first of them is never further away than one step.
    first = min(rows[0].not_before, now + gap)
    wanted = [(row, min(row.not_before, first + number * gap)) for number, row in enumerate(rows)]
    earlier: list[dict[str, Any]] = [
        {"an_id": row.id, "moment": at} for row, at in wanted if row.not_before - at > _SAME
    ]
    if earlier:
        await connection.execute(_EARLIER, earlier)
        behind = {"a_lane": lane, "a_route": route.id, "moment": wanted[-1][1] + gap}
        await connection.execute(_BEHIND, behind)


_WAITING = (
    select(deliveries.c.id, deliveries.c.not_before)
    .where(
        deliveries.c.lane == bindparam("a_lane"),
        deliveries.c.route == bindparam("a_route"),
        deliveries.c.state == DeliveryState.WAITING,
        deliveries.c.attempts == 0,
        deliveries.c.not_before > bindparam("now"),
        deliveries.c.not_before < PARKED,
    )
    .order_by(deliveries.c.id)
)
_EARLIER = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("an_id"), deliveries.c.state == DeliveryState.WAITING)
    .values(not_before=bindparam("moment"))
)
_BEHIND = (
    update(rate_counters)
    .where(rate_counters.c.route == bindparam("a_route"), rate_counters.c.lane == bindparam("a_lane"))
    .values(next_at=bindparam("moment"))
)
