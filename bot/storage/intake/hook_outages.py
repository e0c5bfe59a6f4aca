"""Webhooks whose deliveries stopped and could not be switched on again, kept until they are on.

One of them is one of the installation's facts, so that its end is told once, to those who were told of
its beginning, also when the process is restarted in between.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.tables import facts

_PREFIX = "hook-outage:"
_PUT = putting(facts)


@dataclass(frozen=True, slots=True)
class HookOutage:
    """hook: its id here. name: short and unique for the tenant, for keys. people: who made the routes
    then, as far as they are known."""

    hook: str
    name: str
    people: tuple[str, ...]

    @property
    def since(self) -> float | None:
        """When it began, epoch seconds: it is named after that."""
        try:
            return float(self.name)
        except ValueError:
            return None


async def standing(db: Database, tenant: TenantId) -> HookOutage | None:
    """The tenant's outage that has not ended."""
    query = select(facts.c.value).where(facts.c.key == f"{_PREFIX}{tenant}")

    async def work(connection: AsyncConnection) -> str | None:
        return (await connection.execute(query)).scalar_one_or_none()

    found = await db.read(work)
    return None if found is None else msgspec.json.decode(found, type=HookOutage)


async def begin(connection: AsyncConnection, tenant: TenantId, outage: HookOutage) -> None:
    """Store an outage, in place of one before."""
    row = {"key": f"{_PREFIX}{tenant}", "value": msgspec.json.encode(asdict(outage)).decode()}
    await connection.execute(_PUT[connection.dialect.name], row)


async def end(connection: AsyncConnection, tenant: TenantId) -> None:
    """Forget it."""
    await connection.execute(delete(facts).where(facts.c.key == f"{_PREFIX}{tenant}"))
