"""The numbers of draws, drafts and extractions in a place: given once, in order, never again to another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database, insert
from bot.storage.engine.statements import putting, read_all
from bot.storage.tables import local_counts, local_numbers

_PUT: Final = putting(local_counts)


class Numbered(StrEnum):
    """What has numbers, each kind of its own."""

    DRAW = "draw"
    DRAFT = "draft"
    EXTRACTION = "extract"


class LocalNumbers:
    """Over the table of numbers. An item is an id of Xquik's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, tenant: TenantId, kind: Numbered, items: Sequence[str]) -> Mapping[str, int]:
        """The numbers of all these, by item; those that have none get the next ones, in the order given."""
        known = await self.known(tenant, kind, items)
        if all(item in known for item in items):
            return known

        async def work(connection: AsyncConnection) -> dict[str, int]:
            # Two that list at the same moment must not give two numbers to one item.
            await self._database.serialised(connection, f"numbers:{tenant}")
            found = await _known(connection, tenant, kind, items)
            new = [item for item in dict.fromkeys(items) if item not in found]
            if new:
                of = {"tenant": str(tenant), "kind": kind.value}
                last = await _last(connection, tenant, kind)
                given = {item: last + at for at, item in enumerate(new, start=1)}
                rows = [of | {"number": number, "item": item} for item, number in given.items()]
                await connection.execute(insert(self._database.dialect, local_numbers), rows)
                put = _PUT[self._database.dialect]
                await connection.execute(put, of | {"last": last + len(new)})
                found |= given
            return found

        return await self._database.write(work)

    async def known(self, tenant: TenantId, kind: Numbered, items: Collection[str]) -> Mapping[str, int]:
        """The numbers of those that have one, by item."""
        return await self._database.read(lambda connection: _known(connection, tenant, kind, items))

    async def item(self, tenant: TenantId, kind: Numbered, number: int) -> str | None:
        """What has that number; None for a number that was not given here, or whose item was deleted."""
        query = select(local_numbers.c.item).where(
            local_numbers.c.tenant == str(tenant),
            local_numbers.c.kind == kind.value,
            local_numbers.c.number == number,
        )
        rows = await read_all(self._database, query)
        return str(rows[0].item) if rows else None

    async def forget(self, tenant: TenantId, kind: Numbered, item: str) -> None:
        """The item was deleted. Its number is not given again."""
        gone = delete(local_numbers).where(
            local_numbers.c.tenant == str(tenant),
            local_numbers.c.kind == kind.value,
            local_numbers.c.item == item,
        )
        await self._database.write(lambda connection: connection.execute(gone))


_KNOWN: Final = select(local_numbers.c.item, local_numbers.c.number).where(
    local_numbers.c.tenant == bindparam("of"),
    local_numbers.c.kind == bindparam("which"),
    local_numbers.c.item.in_(bindparam("items", expanding=True)),
)


async def _known(
    connection: AsyncConnection, tenant: TenantId, kind: Numbered, items: Collection[str]
) -> dict[str, int]:
    values = {"of": str(tenant), "which": kind.value, "items": list(dict.fromkeys(items))}
    return {row.item: row.number for row in await connection.execute(_KNOWN, values)}


async def _last(connection: AsyncConnection, tenant: TenantId, kind: Numbered) -> int:
    query = select(local_counts.c.last).where(
        local_counts.c.tenant == str(tenant), local_counts.c.kind == kind.value
    )
    return int((await connection.execute(query)).scalar() or 0)
