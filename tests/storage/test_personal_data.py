"""What is stored of a person: every table is known to giving out and to deleting, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.places.personal_data import PersonalData, place_tables
from bot.storage.places.personal_tables import (
    DELETED,
    HIDDEN,
    LARGE,
    NO_PERSON,
    NOT_OF_PLACE,
    OF_PERSONS,
    RowFate,
)
from bot.storage.places.playground import PlaygroundLog
from bot.storage.tables import metadata

HERE, ELSEWHERE = TenantId("discord", "1"), TenantId("discord", "2")
ME, OTHER = "me-4711", "other-4711"
# Columns that hold ids or names of persons, by what such columns are called.
TELLING = {
    *("person", "requester", "requester_name", "decided_by", "decided_by_name", "stopped_by"),
    *("author", "viewer", "moved_by", "moved_by_name", "muted_by", "created_by", "set_by"),
}


def test_every_table_is_known() -> None:
    names = set(metadata.tables)
    of_persons = {one.table.name for one in OF_PERSONS}
    assert of_persons | set(NO_PERSON) == names, "decide in bot/storage/places/personal_tables.py"
    assert not of_persons & set(NO_PERSON)
    with_tenant = {name for name, table in metadata.tables.items() if "tenant" in table.c}
    assert {table.name for table in place_tables()} | set(NOT_OF_PLACE) == with_tenant
    assert set(NOT_OF_PLACE) <= with_tenant and set(HIDDEN) <= names and set(LARGE) <= with_tenant


def test_every_column_that_is_called_after_a_person_is_known() -> None:
    known = {(one.table.name, column.name) for one in OF_PERSONS for column in one.columns}
    known |= {(one.table.name, name) for one in OF_PERSONS for name in one.blank}
    for table in metadata.sorted_tables:
        for column in table.c:
            if column.name in TELLING:
                assert (table.name, column.name) in known, (table.name, column.name)


def test_what_is_sealed_is_given_to_nobody() -> None:
    for table in metadata.sorted_tables:
        if "ciphertext" in table.c and "tenant" in table.c:
            assert "ciphertext" in HIDDEN[table.name], table.name
    # By its hash a short message could be guessed.
    assert {"sealed", "payload_hash"} <= HIDDEN["proposals"]


def row_of(one: Any, person: str, tenant: TenantId, number: int) -> dict[str, Any]:
    """A row of a person, with something in each column that must have something."""
    row: dict[str, Any] = {}
    for column in one.table.c:
        if column.name == "tenant":
            row[column.key] = str(tenant)
        elif column in one.columns:
            row[column.key] = person
        elif column.primary_key or not (column.nullable or column.server_default is not None):
            if column.primary_key and column.autoincrement is True:
                continue
            kind = column.type.python_type
            row[column.key] = {str: f"x{number}", int: number, float: 1.0, bool: False, bytes: b"x"}[kind]
    return row | _matching(one, row)


def _matching(one: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What makes a row one of those that a rule is about."""
    match (one.table.name, one.fate):
        case ("default_accounts", RowFate.DELETED):
            return {"scope": "person"}
        case ("default_accounts", _):
            return {"scope": "channel"}
        case ("contacts", _):
            return {"kind": "setup" if row["subject"] == ME else "installer"}
        case ("grants" | "policy_rules", _):
            return {"kind": "user"}
        case ("deliveries", RowFate.DELETED):
            return {"settled_at": 1.0, "event": None}
        case ("deliveries", _):
            return {"settled_at": None, "event": None}
        case ("topups", RowFate.STAYS):
            return {"look_at": 1.0}
        case ("proposals", RowFate.DELETED):
            return {"state": "expired"}
        case ("proposals", RowFate.STAYS):
            return {"state": "polling", "decided_by": None}
        case ("proposals", _):
            by = {"requester": OTHER} if "requester" not in one.blank else {"decided_by": OTHER}
            return {"state": "done", **by}
        case _:
            return {}


async def test_of_a_person_everything_is_given_out_and_deleted_and_of_others_nothing(
    database: Database,
) -> None:
    rows = [
        (one, row_of(one, person, tenant, number * 10 + place))
        for number, one in enumerate(OF_PERSONS, start=1)
        for place, (tenant, person) in enumerate(((HERE, ME), (HERE, OTHER), (ELSEWHERE, ME)))
    ]
    for one, row in rows:
        await put(database, one.table, row)
    personal = PersonalData(database)
    given = [table async for table, _ in personal.of_person(HERE, ME)]
    assert sorted(set(given)) == sorted({one.table.name for one in OF_PERSONS})
    async for table, row in personal.of_person(HERE, ME):
        assert not HIDDEN.get(table, frozenset()) & set(row)

    others = await everything(database, ME)
    told = await personal.look(HERE, ME)
    done = await personal.forget(HERE, ME)
    assert told == done and done.deleted and done.blanked and len(done.stays) >= 4
    left = await everything(database, ME)
    assert [one for one in others if one[1] != str(HERE)] == [one for one in left if one[1] != str(HERE)]
    stays = {one.table.name for one in OF_PERSONS if one.fate is RowFate.STAYS}
    assert {name for name, tenant, _ in left if tenant == str(HERE)} <= stays
    assert any(DELETED in str(row) for _, _, row in await everything(database, DELETED))
    again = await personal.forget(HERE, ME)
    assert (again.deleted, again.blanked) == (0, 0)


async def put(database: Database, table: Table, row: dict[str, Any]) -> None:
    """Store a row."""
    await database.write(lambda connection: connection.execute(insert(table).values(row)))


async def everything(database: Database, word: str) -> list[tuple[str, str, str]]:
    """Every row in which a word stands."""
    found = []
    for table in metadata.sorted_tables:

        async def work(connection: Any, table: Any = table) -> list[Any]:
            return [row._mapping for row in await connection.execute(select(table))]

        for row in await database.read(work):
            text = str({column.name: row[column] for column in table.c})
            if word in text:
                found.append((table.name, str(row.get("tenant", "")), text))
    return found


async def test_a_large_table_of_a_place_is_read_newest_first(database: Database) -> None:
    events = metadata.tables["events"]
    for number in range(3):
        row = {
            "tenant": str(HERE), "identity": f"i{number}", "body_hash": b"h", "type": "tweet.new",
            "data": "{}", "occurred_at": 1.0, "received_at": 1.0, "via": "webhook",
        }  # fmt: skip
        await put(database, events, row)
    found = [row["identity"] async for row in PersonalData(database).of_place(HERE, events)]
    assert found == ["i2", "i1", "i0"]


async def test_of_the_page_a_place_is_given_what_everybody_there_reads(database: Database) -> None:
    log = PlaygroundLog(database)
    await log.append(HERE, "general", author=ME, body='{"text":"For all"}', at=1.0)
    await log.append(HERE, "general", author="bot", body='{"text":"For one"}', viewer=ME, at=2.0)
    await log.append(ELSEWHERE, "general", author=ME, body='{"text":"Elsewhere"}', at=3.0)
    table = metadata.tables["playground_messages"]
    assert table in place_tables()
    found = [row["body"] async for row in PersonalData(database).of_place(HERE, table)]
    assert found == ['{"text":"For all"}']


@pytest.mark.parametrize("name", ["events", "known_accounts", "thread_parts"])
async def test_no_row_of_a_place_is_missed_or_given_twice_while_the_bot_writes(
    database: Database, name: str
) -> None:
    table = metadata.tables[name]

    async def put_one(number: int) -> None:
        row: dict[str, Any] = {}
        for column in table.c:
            if column.name == "tenant":
                row[column.key] = str(HERE)
            elif not (column.primary_key and column.autoincrement is True):
                texts = f"{number:05}"
                known = {str: texts, int: number, float: 1.0, bool: False, bytes: texts.encode()}
                row[column.key] = known[column.type.python_type]
        await put(database, table, row)

    async def remove(which: Any) -> None:
        await database.write(lambda connection: connection.execute(delete(table).where(which)))

    for number in range(0, 2_400, 2):
        await put_one(number)
    told = next(c for c in table.c if c.name in ("identity", "username", "account", "part", "number", "key"))
    before = {row[told.name] async for row in PersonalData(database).of_place(HERE, table)}
    assert len(before) == 1_200
    given: list[Any] = []
    async for row in PersonalData(database).of_place(HERE, table):
        given.append(row[told.name])
        if len(given) in (300, 800):
            await remove(told.in_(given[:200]))
            await put_one(2_001 + len(given))
            await put_one(1 + len(given))
    assert len(given) == len(set(given)), "none twice"
    assert before <= set(given), "none is missed"


@pytest.mark.parametrize("one", OF_PERSONS, ids=lambda one: one.table.name)
def test_what_stays_says_why(one: Any) -> None:
    assert one.fate is not RowFate.STAYS or one.why is not None
    assert (one.fate is RowFate.BLANKED) is bool(one.blank)
