"""Many rows in one statement, and the ids of events stored together."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.bulk import insert_new
from bot.storage.engine.database import Database
from bot.storage.intake.events import ORDER_LOCK, NewEvent, store_events
from bot.storage.tables import deliveries, events, facts


def _event(identity: str, tenant: str = "slack:T1") -> NewEvent:
    digest = hashlib.sha256(identity.encode()).digest()
    return NewEvent(tenant, identity, digest, "tweet.new", "nasa", None, "{}", 1.0, 2.0, "webhook")


async def _store(database: Database, *group: NewEvent) -> list[int | None]:
    async def work(connection: AsyncConnection) -> list[int | None]:
        await database.serialised(connection, ORDER_LOCK)
        return await store_events(connection, group)

    return await database.write(work)


async def _stored(database: Database) -> dict[str, int]:
    async def work(connection: AsyncConnection) -> dict[str, int]:
        rows = await connection.execute(select(events.c.identity, events.c.id))
        return {row.identity: row.id for row in rows}

    return await database.read(work)


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, 63, 64, 65, 256, 257, 700])
async def test_any_number_of_rows_goes_in_and_none_is_made_up(database: Database, count: int) -> None:
    rows = [(f"k{i:03}", str(i)) for i in range(count)]

    async def work(connection: AsyncConnection) -> int:
        return await insert_new(connection, facts, ("key", "value"), rows)

    async def found(connection: AsyncConnection) -> list[tuple[str, str]]:
        query = select(facts.c.key, facts.c.value).order_by(facts.c.key)
        return [(row.key, row.value) for row in await connection.execute(query)]

    assert await database.write(work) == count
    assert await database.read(found) == rows
    assert await database.write(work) == 0


async def test_rows_that_stand_already_stay_as_they_are(database: Database) -> None:
    async def work(connection: AsyncConnection) -> tuple[int, int]:
        columns = ("key", "value")
        first = await insert_new(connection, facts, columns, [("a", "1"), ("c", "1")])
        return first, await insert_new(connection, facts, columns, [(key, "2") for key in "abcd"])

    assert await database.write(work) == (2, 2)

    async def found(connection: AsyncConnection) -> dict[str, str]:
        return {row.key: row.value for row in await connection.execute(select(facts))}

    assert await database.read(found) == {"a": "1", "b": "2", "c": "1", "d": "2"}


class _Word(StrEnum):
    ONE = "one"


async def test_values_of_every_kind_stand_beside_each_other(database: Database) -> None:
    columns = ("tenant", "lane", "channel", "kind", "key", "created_at", "purpose", "event", "state", "card")
    rows: list[tuple[Any, ...]] = [
        ("slack:T1", "l", "C1", _Word.ONE, "k1", 1.5, 'a "quoted", {b}\\', 1, "waiting", None),
        ("slack:T1", "l", "C1", "two", "k2", 2, "NULL", 2**40, _Word.ONE, None),
        ("slack:T1", "l", "C1", "", "k3", 3, "ağ 🎉", None, "waiting", None),
    ]

    async def work(connection: AsyncConnection) -> int:
        return await insert_new(connection, deliveries, columns, rows)

    async def found(connection: AsyncConnection) -> list[tuple[Any, ...]]:
        names = {column.name: column for column in deliveries.columns}
        query = select(*(names[name] for name in columns)).order_by(deliveries.c.id)
        return [tuple(row) for row in await connection.execute(query)]

    assert await database.write(work) == 3
    assert await database.read(found) == rows


async def test_new_events_get_the_ids_they_are_stored_under(database: Database) -> None:
    ids = await _store(database, *(_event(f"e:{i}") for i in range(300)))
    assert ids == sorted(ids, key=lambda number: number or 0)
    assert await _stored(database) == {f"e:{i}": number for i, number in enumerate(ids)}


async def test_an_event_that_came_before_gets_no_id_and_its_neighbours_get_theirs(database: Database) -> None:
    (first,) = await _store(database, _event("e:1"))
    group = [_event("e:0"), _event("e:1"), _event("e:2"), _event("e:2"), _event("e:1", "slack:T2")]
    ids = await _store(database, *group)
    assert [number is not None for number in ids] == [True, False, True, False, True]
    stored = await _stored(database)
    assert (stored["e:0"], stored["e:2"]) == (ids[0], ids[2])
    assert ids[4] not in (None, first, ids[0], ids[2])
    assert await _store(database, _event("e:0"), _event("e:2")) == [None, None]
