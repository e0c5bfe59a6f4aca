"""The language of a place, and those that people set for themselves there."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.chat.languages import ChosenLanguages
from bot.core.clocks import Clock
from bot.core.messages.message import msg
from bot.storage.engine.database import Database
from bot.storage.places.own_values import MOST, PLACE, OwnValues, values_of
from bot.storage.tables import languages

TOLD: Final = "*"
"""The subject of what the platform tells of the place; nobody's id is that."""
UNTOLD: Final = "en"
"""What is spoken where nothing is stored."""


class StoredLanguages(OwnValues):
    """The stored tags of BCP 47 (`bot.core.ports.ReaderLanguages`). clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(
            database,
            clock,
            languages,
            "language",
            spared=(PLACE, TOLD),
            detail=msg("{most} people have set a language here, which is the limit.", most=MOST),
            remedy=msg("The language that `setup language` sets for everyone applies to you."),
        )

    async def chosen(self, tenant: TenantId, person: str) -> ChosenLanguages:
        """A person's, and those of the place."""
        return await self._db.remembered.get(
            ("languages", str(tenant), person),
            lambda connection: chosen_languages(connection, tenant, person),
        )

    async def place(self, tenant: TenantId) -> str:
        """That of the place, "" where none is set."""
        return (await self.chosen(tenant, PLACE)).place

    async def told(self, tenant: TenantId, language: str) -> None:
        """What the platform says of the place; stored where it is something new. What no place needs told
        (`UNTOLD`) is stored only in the place of something else."""
        if (await self.chosen(tenant, PLACE)).told not in (language, "" if language == UNTOLD else language):
            await self.put(tenant, TOLD, language)


async def chosen_languages(connection: AsyncConnection, tenant: TenantId, person: str) -> ChosenLanguages:
    """A person's language and the place's, inside a transaction of the caller."""
    found = await values_of(connection, languages, "language", tenant, (PLACE, TOLD, person))
    place, told = found.pop(PLACE, ""), found.pop(TOLD, "")
    return ChosenLanguages(found.get(person, ""), place, told)
