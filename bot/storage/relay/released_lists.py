"""What a list was made of: the held events that were released as it, and what was done to them since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Row, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind, DeliveryState
from bot.core.routes.events import Event
from bot.storage.engine.database import Database
from bot.storage.intake.events import Events
from bot.storage.relay.deliveries import destination_of
from bot.storage.tables import deliveries, held

# Lanes of one statement.
_PAGE = 400


class InList(msgspec.Struct, frozen=True):
    """A held event that is part of a list. id: of its row in `held`; dedup_key: that of the list."""

    id: int
    place: Destination
    lane: str
    dedup_key: DedupKey
    route: str


async def in_lists(
    connection: AsyncConnection, lanes: Sequence[str], keys: Sequence[DedupKey]
) -> list[InList]:
    """What was held in these lanes with one of these keys, and became part of a list.

    Lists that are dead letters count: they may be sent once more.
    """
    found: list[InList] = []
    for start in range(0, len(lanes), _PAGE):
        values = {"lanes": list(lanes[start : start + _PAGE]), "keys": list(keys)}
        rows: Sequence[Row[Any]] = (await connection.execute(_IN_LISTS, values)).all()
        found += [
            InList(r.id, destination_of(r), r.lane, dedup_keys.stored(r.released_as), r.route) for r in rows
        ]
    return found


class Lists:
    """Reading what lists are made of. Every method raises StorageUnavailable when it cannot."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._events = Events(db)

    async def lines(self, lane: str, dedup_key: DedupKey, first: int) -> dict[int, int]:
        """The held events of a list in its order: the id of each row, and of its event.

        first: the least of those ids, so that what the lane held long before is not looked at.
        """
        query = (
            select(held.c.id, held.c.event)
            .where(held.c.lane == lane, held.c.released_as == dedup_key, held.c.id >= first)
            .order_by(held.c.id)
        )
        return {row.id: row.event for row in await self._rows(query)}

    async def kinds(self, lane: str, keys: Sequence[DedupKey]) -> dict[DedupKey, DeliveryKind]:
        """The kinds of those deliveries of a lane that there are, by their keys."""
        query = select(deliveries.c.dedup_key, deliveries.c.kind).where(
            deliveries.c.lane == lane, deliveries.c.dedup_key.in_(keys)
        )
        return {dedup_keys.stored(row.purpose): DeliveryKind(row.kind) for row in await self._rows(query)}

    async def card(self, lane: str, dedup_key: DedupKey) -> str | None:
        """The card of the delivery with that dedup_key, as it was first drawn; None when it is gone."""
        query = select(deliveries.c.card).where(
            deliveries.c.lane == lane, deliveries.c.dedup_key == dedup_key
        )
        rows = await self._rows(query)
        return rows[0].card if rows else None

    async def dedup_key(self, lane: str, delivery: int) -> DedupKey | None:
        """What a delivery of a lane is about; None when it is no longer stored."""
        query = select(deliveries.c.dedup_key).where(deliveries.c.id == delivery, deliveries.c.lane == lane)
        rows = await self._rows(query)
        return dedup_keys.stored(rows[0].purpose) if rows else None

    async def events(self, tenant: TenantId, ids: Sequence[int]) -> dict[int, Event]:
        """Those of a tenant's events that are still stored, by their ids."""
        return await self._events.several(tenant, ids)

    async def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
            return rows

        return await self._db.read(work)


_LANES: BindParameter[str] = bindparam("lanes", expanding=True)
_KEYS: BindParameter[str] = bindparam("keys", expanding=True)
_IN_LISTS: Select[Any] = (
    select(
        held.c.id,
        held.c.tenant,
        held.c.channel,
        held.c.thread,
        held.c.lane,
        held.c.route,
        held.c.released_as,
    )
    # An event that was released as itself is no list's.
    .join(
        deliveries,
        (deliveries.c.lane == held.c.lane)
        & (deliveries.c.dedup_key == held.c.released_as)
        & (deliveries.c.kind == DeliveryKind.LIST)
        & (deliveries.c.state != DeliveryState.SKIPPED),
    )
    .where(held.c.lane.in_(_LANES), held.c.dedup_key.in_(_KEYS))
    .order_by(held.c.id)
)
