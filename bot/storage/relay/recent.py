"""What happened last, over all tenants: the newest events, and what became of the newest messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec
from sqlalchemy import func, select

from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.tables import deliveries, events

# Messages that are looked at to say how sending goes: a step back along the primary key.
NEWEST = 5000


class RecentEvent(msgspec.Struct, frozen=True):
    """An event without what it says. received_at: epoch seconds."""

    tenant: str
    identity: str
    type: str
    via: str
    received_at: float


async def recent_events(db: Database, limit: int) -> tuple[RecentEvent, ...]:
    """The newest events of all tenants, newest first."""
    columns = (events.c.tenant, events.c.identity, events.c.type, events.c.via, events.c.received_at)
    rows = await read_all(db, select(*columns).order_by(events.c.id.desc()).limit(limit))
    return tuple(RecentEvent(row.tenant, row.identity, row.type, row.via, row.received_at) for row in rows)


async def recent_outcomes(db: Database, newest: int = NEWEST) -> Mapping[str, Mapping[str, int]]:
    """By platform and state, how many of the newest messages there are."""
    page = (
        select(deliveries.c.tenant, deliveries.c.state)
        .order_by(deliveries.c.id.desc())
        .limit(newest)
        .subquery()
    )
    found: dict[str, Counter[str]] = {}
    count = func.count().label("number")
    query = select(page.c.tenant, page.c.state, count).group_by(page.c.tenant, page.c.state)
    for row in await read_all(db, query):
        found.setdefault(row.tenant.partition(":")[0], Counter())[row.state] += row.number
    return found
