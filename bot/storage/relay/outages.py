"""Places that could not be reached for a while, kept until they can be: who is told, and since when.

One outage is one of the installation's facts, so that it is neither told twice nor forgotten when the
process is restarted in the middle of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.routes.deliveries import STANDING, DeliveryState
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.relay.deliveries import is_open
from bot.storage.tables import deliveries, facts, route_places, routes

_PREFIX = "outage:"
_PUT = putting(facts)
# Messages counted; nobody needs to know more exactly how many more than these wait.
COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Outage:
    """lane: of the place. name: short and unique, for keys. since: epoch seconds.

    lost: the platform said that nothing can be posted there; else it only does not answer.
    """

    lane: str
    name: str
    since: float
    lost: bool = False


async def open_outages(db: Database) -> dict[str, Outage]:
    """Those that have not ended, by lane."""
    query = select(facts.c.value).where(facts.c.key.startswith(_PREFIX, autoescape=True))

    async def work(connection: AsyncConnection) -> list[str]:
        return [str(value) for value in (await connection.execute(query)).scalars()]

    found = [msgspec.json.decode(value, type=Outage) for value in await db.read(work)]
    return {one.lane: one for one in found}


async def begin(connection: AsyncConnection, outage: Outage) -> None:
    """Store an outage."""
    row = {"key": _PREFIX + outage.name, "value": msgspec.json.encode(asdict(outage)).decode()}
    await connection.execute(_PUT[connection.dialect.name], row)


async def end(connection: AsyncConnection, outage: Outage) -> bool:
    """Forget it; False when somebody else had."""
    gone = await connection.execute(delete(facts).where(facts.c.key == _PREFIX + outage.name))
    return gone.rowcount > 0


async def stored(connection: AsyncConnection, name: str) -> bool:
    """Whether the outage of that name has not ended."""
    query = select(facts.c.key).where(facts.c.key == _PREFIX + name)
    return (await connection.execute(query)).first() is not None


async def end_in(connection: AsyncConnection, lanes: Collection[str]) -> None:
    """Forget the outages of these lanes: a person let them go on, and says so."""
    query = select(facts).where(facts.c.key.startswith(_PREFIX, autoescape=True))
    for row in (await connection.execute(query)).all():
        if msgspec.json.decode(row.value, type=Outage).lane in lanes:
            await connection.execute(delete(facts).where(facts.c.key == row.key))


async def forget_tenant(connection: AsyncConnection, tenant: str) -> None:
    """Forget the outages of all places of a tenant (as its id is written)."""
    query = select(facts).where(facts.c.key.startswith(_PREFIX, autoescape=True))
    for row in (await connection.execute(query)).all():
        if msgspec.json.decode(row.value, type=Outage).lane.startswith(f"{tenant}/"):
            await connection.execute(delete(facts).where(facts.c.key == row.key))


async def makers(connection: AsyncConnection, lane: str) -> tuple[str, ...]:
    """The people who made the routes to a place; "" where it is not known who did."""
    query = (
        select(routes.c.created_by)
        .distinct()
        .join(route_places, route_places.c.route == routes.c.id)
        .where(route_places.c.lane == lane)
        .order_by(routes.c.created_by)
    )
    return tuple((await connection.execute(query)).scalars())


async def following(connection: AsyncConnection, lane: str) -> int:
    """How many messages wait in a lane to stand there, counted up to `COUNTED`; one that is being sent stands
    there already, or is about to."""
    waits = deliveries.c.lane == lane, is_open(deliveries), deliveries.c.state == DeliveryState.WAITING
    found = select(deliveries.c.id).where(*waits, deliveries.c.kind.in_(STANDING)).limit(COUNTED)
    count = select(func.count()).select_from(found.subquery())
    return int((await connection.execute(count)).scalar_one())


async def waiting(connection: AsyncConnection, lane: str) -> int:
    """How many messages of a lane are open, counted up to `COUNTED`."""
    found = select(deliveries.c.id).where(deliveries.c.lane == lane, is_open(deliveries)).limit(COUNTED)
    count = select(func.count()).select_from(found.subquery())
    return int((await connection.execute(count)).scalar_one())
