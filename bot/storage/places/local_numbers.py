"""The numbers of draws, drafts and extractions in a place: given once, in order, never again to another.

With a number stands which Xquik key its item was seen with, by what may be shown of that key: with the key of
another account Xquik does not know the item.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, bindparam, delete, select, update
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


KeyShown: TypeAlias = Callable[[TenantId], Awaitable[str | None]]
"""What may be shown of the Xquik key of a place; None where it has none."""


async def no_key(_tenant: TenantId) -> str | None:
    """It is not known."""
    return None


class LocalNumbers:
    """Over the table of numbers. An item is an id of Xquik's. key: of the place, now."""

    def __init__(self, database: Database, key: KeyShown = no_key) -> None:
        self._database = database
        self._key = key

    async def give(self, tenant: TenantId, kind: Numbered, items: Sequence[str]) -> Mapping[str, int]:
        """The numbers of all these, which Xquik has just named, by item; those that have none get the next
        ones, in the order given."""
        hint = await self._hint(tenant)
        rows = await self._database.read(lambda connection: _rows(connection, tenant, kind, items))
        elsewhere = [row.item for row in rows if hint and row.key_hint != hint]
        known = {row.item: row.number for row in rows}
        if not elsewhere and all(item in known for item in items):
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
                rows = [of | {"number": n, "item": item, "key_hint": hint} for item, n in given.items()]
                await connection.execute(insert(self._database.dialect, local_numbers), rows)
                put = _PUT[self._database.dialect]
                await connection.execute(put, of | {"last": last + len(new)})
                found |= given
            if elsewhere:
                seen = update(local_numbers).where(*_are(tenant, kind), local_numbers.c.item.in_(elsewhere))
                await connection.execute(seen.values(key_hint=hint))
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

    async def is_elsewhere(self, tenant: TenantId, kind: Numbered, item: str) -> bool:
        """Whether it was seen with another key last than the one of the place now; False where either is not
        known. Two keys may be of one account: only what Xquik does not find is asked about."""
        now = await self._hint(tenant)
        rows = await self._database.read(lambda connection: _rows(connection, tenant, kind, (item,)))
        return bool(now) and any(row.key_hint and row.key_hint != now for row in rows)

    async def may_be_elsewhere(self, tenant: TenantId, kind: Numbered, item: str) -> bool:
        """The same where it is not known with which key it was seen last: what was numbered before the bot
        noted that, and nobody has listed since."""
        now = await self._hint(tenant)
        rows = await self._database.read(lambda connection: _rows(connection, tenant, kind, (item,)))
        return bool(now) and any(row.key_hint != now for row in rows)

    async def forget(self, tenant: TenantId, kind: Numbered, item: str) -> None:
        """The item was deleted. Its number is not given again."""
        gone = delete(local_numbers).where(*_are(tenant, kind), local_numbers.c.item == item)
        await self._database.write(lambda connection: connection.execute(gone))

    async def _hint(self, tenant: TenantId) -> str:
        """What is stored of the key of now; "" where it is not known."""
        return (await self._key(tenant) or "")[:_HINT]


_HINT: Final = 40
_KNOWN: Final = select(local_numbers.c.item, local_numbers.c.number, local_numbers.c.key_hint).where(
    local_numbers.c.tenant == bindparam("of"),
    local_numbers.c.kind == bindparam("which"),
    local_numbers.c.item.in_(bindparam("items", expanding=True)),
)


async def _known(
    connection: AsyncConnection, tenant: TenantId, kind: Numbered, items: Collection[str]
) -> dict[str, int]:
    return {row.item: row.number for row in await _rows(connection, tenant, kind, items)}


async def _rows(
    connection: AsyncConnection, tenant: TenantId, kind: Numbered, items: Collection[str]
) -> Sequence[Any]:
    values = {"of": str(tenant), "which": kind.value, "items": list(dict.fromkeys(items))}
    return (await connection.execute(_KNOWN, values)).all()


def _are(tenant: TenantId, kind: Numbered) -> tuple[ColumnElement[bool], ...]:
    return (local_numbers.c.tenant == str(tenant), local_numbers.c.kind == kind.value)


async def _last(connection: AsyncConnection, tenant: TenantId, kind: Numbered) -> int:
    query = select(local_counts.c.last).where(
        local_counts.c.tenant == str(tenant), local_counts.c.kind == kind.value
    )
    return int((await connection.execute(query)).scalar() or 0)
