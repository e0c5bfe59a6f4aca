"""When the timing of a route changes: what is held for its lists comes as the new timing says.

Else what quiet hours or a list had taken would stay away until their old end, which a person who has just
switched them off does not expect.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.routes import Route
from bot.core.timing import next_list, quiet_until
from bot.storage.tables import held


async def retime(connection: AsyncConnection, route: Route, now: float) -> None:
    """Move what is held of a route, inside the transaction that stores it as it is now. now: epoch seconds.

    What was missed stays: it waits for the rest of its gap, two minutes at most. So does a burst while
    there are bursts.
    """
    await _move(connection, route, ("digest", "quiet"), _until(route, now), now)
    if route.rhythm.burst is None:
        await _move(connection, route, ("burst",), now, now)


def _until(route: Route, now: float) -> float:
    """When a list of what is held now is due."""
    rhythm = route.rhythm
    if rhythm.digest:
        return next_list(rhythm.digest, rhythm.timezone, now)
    until = quiet_until(rhythm.quiet, rhythm.timezone, now) if rhythm.quiet is not None else None
    return now if until is None else until


async def _move(
    connection: AsyncConnection, route: Route, reasons: Sequence[str], due_at: float, now: float
) -> None:
    await connection.execute(
        update(held)
        .where(
            held.c.lane.in_([str(place) for place in route.destinations]),
            held.c.route == route.id,
            held.c.reason.in_(reasons),
            held.c.released_as.is_(None),
            held.c.due_at > now,
            held.c.due_at != due_at,
        )
        .values(due_at=due_at)
    )
