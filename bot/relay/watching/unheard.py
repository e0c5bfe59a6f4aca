"""That credits run out where nobody can be told: the places themselves, which learn no figure of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.silences import quiet_soon_here
from bot.core.chat.ids import TenantId
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.silences import AHEAD
from bot.relay.sending.outbox import enqueue_notice, place_of_lane
from bot.storage.relay import silences
from bot.storage.tables import route_places

_MOST: Final = 20


async def in_the_places(
    connection: AsyncConnection, tenant: TenantId, dedup_key: DedupKey, now: float
) -> list[str]:
    """Tell the places of the tenant's routes; the lanes to wake. Of all other causes they were told before.
    dedup_key: of what nobody was told."""
    told = dedup_keys.silence(dedup_key)
    one = await silences.with_id(connection, tenant, told) if told is not None else None
    if one is None or one.cause not in AHEAD:
        return []
    query = select(route_places.c.lane).where(
        route_places.c.tenant == str(tenant), route_places.c.lost_reason.is_(None)
    )
    rows = await connection.execute(query.distinct().order_by(route_places.c.lane).limit(_MOST))
    places = [place_of_lane(row.lane) for row in rows]
    return [
        await enqueue_notice(
            connection, to, dedup_keys.of_silence_soon(one.id), quiet_soon_here(one), now=now, first=False
        )
        for to in places
        if to is not None
    ]
