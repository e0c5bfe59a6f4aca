"""What is stored of a person or of a place: given out, and deleted."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Column, ColumnElement, Table, delete, func, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.messages.message import Message
from bot.storage.engine import stored_bytes
from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.places.former_people import WordOf, by_chance, word_for
from bot.storage.places.personal_tables import (
    HIDDEN,
    LARGE,
    NOT_OF_PLACE,
    OF_PERSONS,
    OPEN_TO_ALL,
    RowFate,
)
from bot.storage.places.stored_names import names_of, take_out
from bot.storage.tables import charges, deliveries, metadata

_BATCH: Final = 500


class Forgotten(msgspec.Struct, frozen=True):
    """What became of a person's data. rows: how many were deleted, and stay without the person; stays: why
    something does, once each."""

    deleted: int
    blanked: int
    stays: tuple[Message, ...]


class PersonalData:
    """Knows every table by `bot.storage.places.personal_tables`."""

    def __init__(self, database: Database, words: WordOf = by_chance) -> None:
        """words: under which charges stay."""
        self._db = database
        self._words = words

    async def of_person(self, tenant: TenantId, person: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """Every row that is of a person in a place, with the name of its table."""
        seen: set[tuple[str, tuple[Any, ...]]] = set()
        for one in OF_PERSONS:
            async for row in self._rows(one.table, one.of(str(tenant), person)):
                key = (one.table.name, tuple(row[column] for column in one.table.primary_key))
                if key not in seen:
                    seen.add(key)
                    yield one.table.name, _shown(one.table, row)

    async def look(self, tenant: TenantId, person: str) -> Forgotten:
        """What `forget` would do."""

        async def work(connection: AsyncConnection) -> Forgotten:
            found = []
            for one in OF_PERSONS:
                query = select(func.count()).select_from(one.table).where(one.of(str(tenant), person))
                found.append((await connection.execute(query)).scalar_one())
            return _forgotten(found)

        return await self._db.read(work)

    async def forget(self, tenant: TenantId, person: str) -> Forgotten:
        """Delete what is of a person, in one transaction; what stays and names them says why."""

        word = await self._words(tenant, person)

        async def work(connection: AsyncConnection) -> Forgotten:
            found = []
            await take_out(connection, str(tenant), await names_of(connection, str(tenant), person))
            for one in OF_PERSONS:
                rows = one.of(str(tenant), person)
                if one.fate is RowFate.DELETED and one.table is deliveries:
                    found.append(await _unsent(connection, str(tenant), rows))
                elif one.fate is RowFate.DELETED:
                    found.append((await connection.execute(delete(one.table).where(rows))).rowcount)
                elif one.fate is RowFate.BLANKED:
                    blank = one.blank
                    if one.table is charges:
                        # What is reserved meanwhile waits: it counts what was used, in whose place it stands.
                        await self._db.serialised(connection, f"budgets {tenant}")
                        blank = {"person": await word_for(connection, str(tenant), person, word)}
                    change = update(one.table).where(rows).values(blank)
                    found.append((await connection.execute(change)).rowcount)
                else:
                    query = select(func.count()).select_from(one.table).where(rows)
                    found.append((await connection.execute(query)).scalar_one())
            return _forgotten(found)

        return await self._db.change(work)

    async def of_place(self, tenant: TenantId, table: Table) -> AsyncIterator[dict[str, Any]]:
        """Every row of a place in a table but what single persons alone may see, the newest first where it is
        a large one."""
        newest, which = table.name in LARGE, table.c.tenant == str(tenant)
        if (seen := OPEN_TO_ALL.get(table.name)) is not None:
            which &= seen
        async for row in self._rows(table, which, newest=newest):
            yield _shown(table, row)

    async def _rows(
        self, table: Table, which: ColumnElement[bool], *, newest: bool = False
    ) -> AsyncIterator[Mapping[Any, Any]]:
        """Such rows, a batch in memory at a time, by their keys; newest: from the last one."""
        keys = list(table.primary_key)
        query = select(table).where(which).limit(_BATCH)
        query = query.order_by(*(key.desc() if newest else key.asc() for key in keys))
        last: tuple[Any, ...] | None = None
        while True:
            # From the last row on, and not by number: what comes and goes meanwhile moves no other row.
            rows = await read_all(self._db, query if last is None else query.where(_past(keys, last, newest)))
            for row in rows:
                yield row._mapping
            if len(rows) < _BATCH:
                return
            last = tuple(rows[-1]._mapping[key] for key in keys)


def _past(keys: Sequence[Column[Any]], last: tuple[Any, ...], newest: bool) -> ColumnElement[bool]:
    """What comes after a row, in the order of its keys."""
    mine, others = tuple_(*keys), tuple_(*(literal(v, k.type) for k, v in zip(keys, last, strict=True)))
    return mine < others if newest else mine > others


def place_tables() -> tuple[Table, ...]:
    """Those of an export of a place, in order: what may be large is last."""
    found = [t for t in metadata.sorted_tables if "tenant" in t.c and t.name not in NOT_OF_PLACE]
    place = {name: number for number, name in enumerate(LARGE)}
    return tuple(sorted(found, key=lambda table: (place.get(table.name, -1), table.name)))


async def _unsent(connection: AsyncConnection, tenant: str, which: ColumnElement[bool]) -> int:
    """Delete deliveries, and count them no more."""
    size = stored_bytes.message_column(deliveries.c.card)
    gone = await connection.execute(delete(deliveries).where(which).returning(size))
    sizes = [int(one) for one in gone.scalars()]
    await stored_bytes.subtract(connection, "messages", [(tenant, sum(sizes))])
    return len(sizes)


def _forgotten(found: list[int]) -> Forgotten:
    by_fate = dict.fromkeys(RowFate, 0)
    stays: dict[Message, None] = {}
    for one, number in zip(OF_PERSONS, found, strict=True):
        by_fate[one.fate] += number
        if number and one.why is not None:
            stays[one.why] = None
    return Forgotten(by_fate[RowFate.DELETED], by_fate[RowFate.BLANKED], tuple(stays))


def _shown(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    hidden = HIDDEN.get(table.name, frozenset())
    return {one.name: _plain(row[one]) for one in table.columns if one.name not in hidden}


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
