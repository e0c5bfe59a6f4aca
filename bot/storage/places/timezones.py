"""The timezone of a place, and those that people set for themselves there."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.chat.moments import ChosenZones
from bot.core.clocks import Clock
from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.storage.engine.database import Database
from bot.storage.engine.statements import count, putting
from bot.storage.tables import timezones

MOST: Final = 20_000
"""Of one tenant: everybody may set their own."""
PLACE: Final = ""
"""The subject of the place itself."""

_PUT = putting(timezones)
_T = timezones.c


class StoredTimezones:
    """The stored zones, IANA names. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def chosen(self, tenant: TenantId, person: str) -> ChosenZones:
        """A person's, and that of the place (`bot.core.ports.Timezones`)."""
        return await self._db.read(lambda connection: chosen_zones(connection, tenant, person))

    async def place(self, tenant: TenantId) -> str:
        """That of the place, "" where none is set."""
        return (await self.chosen(tenant, PLACE)).place

    async def put(self, tenant: TenantId, subject: str, zone: str) -> None:
        """Set that of a person, or of the place (`PLACE`). LimitReached when the tenant has as many as it
        may."""
        row = {"tenant": str(tenant), "subject": subject, "zone": zone, "set_at": self._clock()}
        of_tenant = select(func.count()).select_from(timezones).where(_T.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> None:
            await self._db.serialised(connection, f"timezones:{tenant}")
            await connection.execute(_PUT[self._db.dialect], row)
            # The place's own has its room in any case.
            if subject != PLACE and (await connection.execute(of_tenant)).scalar_one() > MOST:
                raise LimitReached(
                    msg("{most} people have set a timezone here, which is the limit.", most=MOST),
                    remedy=msg("The timezone that `setup timezone` sets for everyone applies to you."),
                )

        await self._db.write(work)

    async def remove(self, tenant: TenantId, subject: str) -> bool:
        """Take it back; False when there was none."""
        statement = delete(timezones).where(_T.tenant == str(tenant), _T.subject == subject)
        return await self._db.write(lambda connection: count(connection, statement)) > 0


async def chosen_zones(connection: AsyncConnection, tenant: TenantId, person: str) -> ChosenZones:
    """A person's zone and the place's, inside a transaction of the caller."""
    query = select(_T.subject, _T.zone).where(_T.tenant == str(tenant), _T.subject.in_({PLACE, person}))
    found = {row.subject: str(row.zone) for row in await connection.execute(query)}
    place = found.pop(PLACE, "")
    return ChosenZones(found.get(person, ""), place)
