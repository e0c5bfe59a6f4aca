"""Lost places, which cannot be written to: which are to be looked at, and what is kept for them meanwhile.

A place is looked at every hour, and when its platform says that something changed there. What waits for
it is bounded: what grows older than is posted, and what is more than a place may have waiting, is left out
from the oldest on, and counted for whoever is told when the place can be written to again.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import ColumnElement, case, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.stored_texts import bounded
from bot.core.routes import dedup_keys
from bot.core.routes.deliveries import OF_PLACES, STANDING, DeliveryKind, DeliveryState
from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.relay.deliveries import is_open
from bot.storage.tables import deliveries, events, route_places, tenants

# Seconds from one look at a place to the next.
CHECK_EVERY = 3600.0
# Messages that wait for one place.
MOST_KEPT = 5_000
_PAGE = 1_000
# What is told as left out. What begins a thread is no message of its own.
_COUNTED = frozenset({DeliveryKind.EVENT, DeliveryKind.LIST, DeliveryKind.CARD})
# What is not worth posting when it is old. A message that is to be removed is to be, however late.
_AGEING = (*STANDING, DeliveryKind.NOTICE, DeliveryKind.PUBLISH)
_REST = tuple(kind for kind in OF_PLACES if kind not in STANDING)


class LostPlaceRow(msgspec.Struct, frozen=True):
    """A place to look at. by_person: somebody stopped it, so it is for a person to let it go on.

    away: the bot was removed from the tenant, and waits to be invited again. lost_at: epoch seconds.
    """

    place: Destination
    reason: str
    by_person: bool
    away: bool
    lost_at: float | None

    @property
    def lane(self) -> str:
        """What waits for it."""
        return str(self.place)


async def due(db: Database, now: float, limit: int) -> tuple[LostPlaceRow, ...]:
    """Lost places to look at by now (epoch seconds), one of every tenant before a second of any."""
    place = (route_places.c.tenant, route_places.c.lane, route_places.c.channel, route_places.c.thread)
    since = func.min(func.coalesce(route_places.c.check_at, 0.0))
    turn = func.row_number().over(partition_by=route_places.c.tenant, order_by=(since, route_places.c.lane))
    by_person = func.max(case((route_places.c.lost_by_person, 1), else_=0))
    lost = (
        select(
            *place,
            since.label("since"),
            turn.label("turn"),
            by_person.label("by_person"),
            func.max(route_places.c.lost_reason).label("reason"),
            func.min(route_places.c.lost_at).label("lost_at"),
        )
        .where(route_places.c.lost_reason.is_not(None))
        .group_by(*place)
        .having(since <= now)
        .subquery()
    )
    query = (
        select(lost, tenants.c.removed_at)
        .select_from(lost.outerjoin(tenants, tenants.c.tenant == lost.c.tenant))
        .order_by(lost.c.turn, lost.c.since)
        .limit(limit)
    )
    return tuple(
        LostPlaceRow(
            Destination(TenantId.parse(row.tenant), row.channel, row.thread),
            row.reason,
            bool(row.by_person),
            row.removed_at is not None,
            row.lost_at,
        )
        for row in await read_all(db, query)
    )


async def look_again(
    db: Database, now: float, *, tenant: TenantId | None = None, channel: str = "", platform: str = ""
) -> bool:
    """Let the lost places of a channel, a tenant or a platform be due now, all of them without any; whether
    there are any. Those that a person stopped are none of these."""
    where: list[ColumnElement[bool]] = [
        route_places.c.lost_reason.is_not(None),
        route_places.c.lost_by_person.is_not(true()),
    ]
    if tenant is not None:
        where.append(route_places.c.tenant == str(tenant))
    if platform:
        where.append(route_places.c.tenant.startswith(f"{platform}:", autoescape=True))
    if channel:
        where.append(or_(route_places.c.channel == channel, route_places.c.thread == channel))
    # Asked first: nearly always there are none, and a write is for all to wait for.
    if not await read_all(db, select(route_places.c.lane).where(*where).limit(1)):
        return False
    sooner = func.coalesce(route_places.c.check_at, now + 1) > now
    change = update(route_places).where(*where, sooner).values(check_at=now)
    await db.write(lambda connection: connection.execute(change))
    return True


async def look_later(db: Database, lane: str, at: float, reason: str | None = None) -> None:
    """Let a lost place be due at a moment (epoch seconds). reason: why it is lost, as it is now."""
    values: dict[str, object] = {"check_at": at}
    if reason is not None:
        values |= {"lost_reason": bounded(reason, 500), "last_failure": reason}
    here = route_places.c.lane == lane, route_places.c.lost_reason.is_not(None)
    await db.write(lambda connection: connection.execute(update(route_places).where(*here).values(**values)))


async def take_left_out(connection: AsyncConnection, lane: str) -> int:
    """How many messages were left out since the place was lost, to be said; it is counted anew then."""
    here = route_places.c.lane == lane
    query = select(func.coalesce(func.max(route_places.c.left_out), 0)).where(here)
    count = int((await connection.execute(query)).scalar_one())
    if count:
        await connection.execute(update(route_places).where(here).values(left_out=0))
    return count


async def trim(
    db: Database, lane: str, before: float | None, *, why_old: str, why_many: str, now: float
) -> None:
    """Leave out what is too old for a place, and what is too much, a page a transaction.

    before: what happened before that moment is too old; None: nothing is. now: both in epoch seconds.
    """
    while before is not None and await db.write(lambda c: _too_old(c, lane, before, why_old, now)):
        pass
    while await db.write(lambda c: _too_many(c, lane, why_many, now)):
        pass


def _waits(lane: str, kinds: Collection[str]) -> list[ColumnElement[bool]]:
    return [
        deliveries.c.lane == lane,
        is_open(deliveries),
        deliveries.c.state == DeliveryState.WAITING,
        deliveries.c.kind.in_(kinds),
    ]


async def _too_old(connection: AsyncConnection, lane: str, before: float, why: str, now: float) -> bool:
    # What a person asked for once more is as old as the question.
    asked = or_(*(deliveries.c.dedup_key.like(f"{prefix}%") for prefix in dedup_keys.ASKED_FOR))
    made = deliveries.c.created_at
    age = case((asked, made), else_=func.coalesce(events.c.occurred_at, made))
    joined = deliveries.outerjoin(events, events.c.id == deliveries.c.event)
    query = select(deliveries.c.id, deliveries.c.kind).select_from(joined)
    query = query.where(*_waits(lane, _AGEING), age < before)
    return await _leave_out(connection, lane, query.order_by(deliveries.c.id).limit(_PAGE), why, now)


async def _too_many(connection: AsyncConnection, lane: str, why: str, now: float) -> bool:
    # All but the newest: what is more than these, from the oldest on. Messages first, so that what is done
    # to those that stand takes no room from them.
    more = False
    for kinds in (STANDING, _REST):
        newest = select(deliveries.c.id).where(*_waits(lane, kinds)).order_by(deliveries.c.id.desc())
        last = newest.offset(MOST_KEPT).limit(1).scalar_subquery()
        query = select(deliveries.c.id, deliveries.c.kind)
        query = query.where(*_waits(lane, kinds), deliveries.c.id <= last).order_by(deliveries.c.id)
        more |= await _leave_out(connection, lane, query.limit(_PAGE), why, now)
    return more


async def _leave_out(connection: AsyncConnection, lane: str, query: object, why: str, now: float) -> bool:
    """Whether there may be more."""
    rows = (await connection.execute(query)).all()  # type: ignore[call-overload]
    if not rows:
        return False
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_([row.id for row in rows]))
        .values(state=DeliveryState.SKIPPED, error=why, settled_at=now, not_before=0.0)
    )
    messages = sum(1 for row in rows if row.kind in _COUNTED)
    here = route_places.c.lane == lane, route_places.c.lost_reason.is_not(None)
    more = update(route_places).where(*here).values(left_out=route_places.c.left_out + messages)
    await connection.execute(more)
    return len(rows) == _PAGE
