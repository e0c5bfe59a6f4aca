"""Places that could not be reached for a while, kept until they can be: who is told, and since when.

One outage is one of the installation's facts, so that it is neither told twice nor forgotten when the
process is restarted in the middle of it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.deliveries import is_open
from bot.storage.statements import putting
from bot.storage.tables import deliveries, facts, route_places, routes

_PREFIX = "outage:"
_PUT = putting(facts)
# Messages counted; nobody needs to know more exactly how many more than these wait.
COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Outage:
    """lane: of the place. name: short and unique, for purposes. since: epoch seconds."""

    lane: str
    name: str
    since: float


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


async def end(connection: AsyncConnection, outage: Outage) -> None:
    """Forget it."""
    await connection.execute(delete(facts).where(facts.c.key == _PREFIX + outage.name))


async def forget_tenant(connection: AsyncConnection, tenant: str) -> None:
    """Forget the outages of all places of a tenant (as its id is written)."""
    query = select(facts).where(facts.c.key.startswith(_PREFIX, autoescape=True))
    for row in (await connection.execute(query)).all():
        if msgspec.json.decode(row.value, type=Outage).lane.startswith(f"{tenant}/"):
            await connection.execute(delete(facts).where(facts.c.key == row.key))


async def makers(connection: AsyncConnection, lane: str) -> tuple[str, ...]:
    """The people who made the routes to a place, as far as they are known."""
    query = (
        select(routes.c.created_by)
        .distinct()
        .join(route_places, route_places.c.route == routes.c.id)
        .where(route_places.c.lane == lane, routes.c.created_by != "")
        .order_by(routes.c.created_by)
    )
    return tuple((await connection.execute(query)).scalars())


async def waiting(connection: AsyncConnection, lane: str) -> int:
    """How many messages of a lane are open, counted up to `COUNTED`."""
    found = select(deliveries.c.id).where(deliveries.c.lane == lane, is_open(deliveries)).limit(COUNTED)
    count = select(func.count()).select_from(found.subquery())
    return int((await connection.execute(count)).scalar_one())
