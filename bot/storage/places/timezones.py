"""The timezone of a place, and those that people set for themselves there."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.chat.moments import ChosenZones
from bot.core.clocks import Clock
from bot.core.messages.message import msg
from bot.storage.engine.database import Database
from bot.storage.places.own_values import MOST, PLACE, OwnValues, values_of
from bot.storage.tables import timezones


class StoredTimezones(OwnValues):
    """The stored zones, IANA names. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(
            database,
            clock,
            timezones,
            "zone",
            detail=msg("{most} people have set a timezone here, which is the limit.", most=MOST),
            remedy=msg("The timezone that `setup timezone` sets for everyone applies to you."),
        )

    async def chosen(self, tenant: TenantId, person: str) -> ChosenZones:
        """A person's, and that of the place (`bot.core.ports.Timezones`)."""
        return await self._db.remembered.get(
            ("zones", str(tenant), person), lambda connection: chosen_zones(connection, tenant, person)
        )

    async def place(self, tenant: TenantId) -> str:
        """That of the place, "" where none is set."""
        return (await self.chosen(tenant, PLACE)).place


async def chosen_zones(connection: AsyncConnection, tenant: TenantId, person: str) -> ChosenZones:
    """A person's zone and the place's, inside a transaction of the caller."""
    found = await values_of(connection, timezones, "zone", tenant, (PLACE, person))
    place = found.pop(PLACE, "")
    return ChosenZones(found.get(person, ""), place)
