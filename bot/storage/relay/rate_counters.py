"""Rate counters: what the schedule of a route counts in each of its places, in the router's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.database import DIALECTS, insert
from bot.storage.tables import rate_counters, route_places

_PAGE = 400


@dataclass(slots=True)
class RateCounts:
    """The counters of a route in a place; changed while a batch is arranged, then kept.

    window_began: when the first event of the present burst came; in_window: how many came since.
    day: "2026-11-22" in the route's timezone; in_day: messages of that day. next_at: when the next
    message may be sent. Times: epoch seconds.
    """

    window_began: float = 0.0
    in_window: int = 0
    day: str = ""
    in_day: int = 0
    next_at: float = 0.0


async def load(
    connection: AsyncConnection, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], RateCounts]:
    """The counters by (route, lane); new ones where there are none yet."""
    found = {pair: RateCounts() for pair in wanted}
    pairs = list(found)
    for start in range(0, len(pairs), _PAGE):
        page = pairs[start : start + _PAGE]
        query = select(rate_counters).where(tuple_(rate_counters.c.route, rate_counters.c.lane).in_(page))
        for row in await connection.execute(query):
            found[row.route, row.lane] = RateCounts(
                row.window_began, row.in_window, row.day, row.in_day, row.next_at
            )
    return found


async def keep(
    connection: AsyncConnection, dialect: str, counted: Iterable[tuple[tuple[str, str], RateCounts]]
) -> None:
    """Write the counters down."""
    rows = [
        {
            "new_route": route,
            "new_lane": lane,
            "new_window_began": one.window_began,
            "new_in_window": one.in_window,
            "new_day": one.day,
            "new_in_day": one.in_day,
            "new_next_at": one.next_at,
        }
        for (route, lane), one in sorted(counted, key=lambda item: item[0])
    ]
    if rows:
        await connection.execute(_KEEP[dialect], rows)


async def forget(connection: AsyncConnection, route: str | None = None) -> None:
    """Delete the counters of places that a route (its id; None: any route) leads to no more."""
    there = select(route_places.c.route).where(
        route_places.c.route == rate_counters.c.route, route_places.c.lane == rate_counters.c.lane
    )
    gone = delete(rate_counters).where(~there.exists())
    await connection.execute(gone if route is None else gone.where(rate_counters.c.route == route))


_COUNTERS = ("window_began", "in_window", "day", "in_day", "next_at")
_KEEP = {
    dialect: insert(dialect, rate_counters)
    .values({name: bindparam(f"new_{name}") for name in ("route", "lane", *_COUNTERS)})
    .on_conflict_do_update(
        index_elements=["route", "lane"],
        set_={name: bindparam(f"new_{name}") for name in _COUNTERS},
    )
    for dialect in DIALECTS
}
