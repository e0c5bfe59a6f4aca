"""The language of a place, and those that people set for themselves there."""

from __future__ import annotations

import time
from typing import Final

from cachetools import TTLCache
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.chat.languages import ChosenLanguages
from bot.core.clocks import Clock, Monotonic
from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.storage.engine.database import Database
from bot.storage.engine.statements import count, putting
from bot.storage.tables import languages

MOST: Final = 20_000
"""Of one tenant: everybody may set their own."""
PLACE: Final = ""
"""The subject of the place itself."""
TOLD: Final = "*"
"""The subject of what the platform tells of the place; nobody's id is that."""
UNTOLD: Final = "en"
"""What is spoken where nothing is stored."""
# Every message that is posted asks for its place's. Another process hears of a change this late.
_HELD: Final = 5_000
_HELD_SECONDS: Final = 30.0

_PUT = putting(languages)
_L = languages.c


class StoredLanguages:
    """The stored tags of BCP 47 (`bot.core.ports.ReaderLanguages`). clock: epoch seconds; ticks: seconds that
    never go back."""

    def __init__(self, database: Database, clock: Clock, ticks: Monotonic = time.monotonic) -> None:
        self._db = database
        self._clock = clock
        self._places: TTLCache[TenantId, ChosenLanguages] = TTLCache(_HELD, _HELD_SECONDS, ticks)

    async def chosen(self, tenant: TenantId, person: str) -> ChosenLanguages:
        """A person's, and those of the place; of the place alone (`PLACE`) they may be half a minute old."""
        if person == PLACE and (held := self._places.get(tenant)) is not None:
            return held
        chosen = await self._db.read(lambda connection: chosen_languages(connection, tenant, person))
        if person == PLACE:
            self._places[tenant] = chosen
        return chosen

    async def place(self, tenant: TenantId) -> str:
        """That of the place, "" where none is set."""
        return (await self.chosen(tenant, PLACE)).place

    async def told(self, tenant: TenantId, language: str) -> None:
        """What the platform says of the place; stored where it is something new. What no place needs told
        (`UNTOLD`) is stored only in the place of something else."""
        if (await self.chosen(tenant, PLACE)).told not in (language, "" if language == UNTOLD else language):
            await self.put(tenant, TOLD, language)

    async def put(self, tenant: TenantId, subject: str, language: str) -> None:
        """Set that of a person, or of the place (`PLACE`). LimitReached when the tenant has as many as it
        may."""
        row = {"tenant": str(tenant), "subject": subject, "language": language, "set_at": self._clock()}
        of_tenant = select(func.count()).select_from(languages).where(_L.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> None:
            await self._db.serialised(connection, f"languages:{tenant}")
            await connection.execute(_PUT[self._db.dialect], row)
            # The place's own have their room in any case.
            if subject not in (PLACE, TOLD) and (await connection.execute(of_tenant)).scalar_one() > MOST:
                raise LimitReached(
                    msg("{most} people have set a language here, which is the limit.", most=MOST),
                    remedy=msg("The language that `setup language` sets for everyone applies to you."),
                )

        await self._db.write(work)
        self._places.pop(tenant, None)

    async def remove(self, tenant: TenantId, subject: str) -> bool:
        """Take it back; False when there was none."""
        statement = delete(languages).where(_L.tenant == str(tenant), _L.subject == subject)
        removed = await self._db.write(lambda connection: count(connection, statement)) > 0
        self._places.pop(tenant, None)
        return removed


async def chosen_languages(connection: AsyncConnection, tenant: TenantId, person: str) -> ChosenLanguages:
    """A person's language and the place's, inside a transaction of the caller."""
    subjects = {PLACE, TOLD, person}
    query = select(_L.subject, _L.language).where(_L.tenant == str(tenant), _L.subject.in_(subjects))
    found = {row.subject: str(row.language) for row in await connection.execute(query)}
    place, told = found.pop(PLACE, ""), found.pop(TOLD, "")
    return ChosenLanguages(found.get(person, ""), place, told)
