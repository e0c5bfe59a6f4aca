"""What is read for every command from memory: never older than a second, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Grant, Permission
from bot.core.chat.ids import TenantId
from bot.core.errors import StorageUnavailable
from bot.core.policy import PolicyRule
from bot.storage.engine import remembered as subject
from bot.storage.engine.database import Database
from bot.storage.engine.remembered import Remembered
from bot.storage.places.grants import Grants
from bot.storage.places.languages import StoredLanguages
from bot.storage.places.own_values import PLACE
from bot.storage.places.policy_rules import PolicyRules
from bot.storage.places.tenants import StoredTenants
from bot.storage.places.timezones import StoredTimezones
from bot.storage.secrets.keys import TenantKeys
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault, new_key
from bot.storage.tables import metadata
from bot.storage.tables.changes import COUNTED, changes

HERE = TenantId("discord", "1")
THERE = TenantId("discord", "2")


class Ticks:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Reading:
    """A database's reads, counted; broken, or held up, as a test wants."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.number = 0
        self.broken = False
        self.after: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, work: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
        self.number += 1
        if self.broken:
            raise StorageUnavailable("the database is away")
        found = await self.database.read(work)
        after, self.after = self.after, None
        if after is not None:
            await after()
        return found


@pytest.fixture
async def other(database_url: str, database: Database) -> AsyncIterator[Database]:
    """The same tables as another process has them open."""
    assert database
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


def _watched(database: Database) -> tuple[Reading, Ticks]:
    reading, ticks = Reading(database), Ticks()
    database.remembered = Remembered(reading, ticks)
    return reading, ticks


async def test_it_is_read_once_while_nobody_changes_it(database: Database) -> None:
    reading, ticks = _watched(database)
    grants = Grants(database)
    for _ in range(5):
        assert (await grants.policy(HERE)).grants == ()
        assert (await grants.policy(THERE)).grants == ()
    assert reading.number == 2
    ticks.now += subject.FRESH
    for _ in range(5):
        await grants.policy(HERE)
        await grants.policy(THERE)
    assert reading.number == 3  # one look says that both still stand


async def test_a_change_by_this_process_holds_at_once_for_every_store(database: Database) -> None:
    vault = Vault((new_key(),))
    keys = TenantKeys(Secrets(database, vault, lambda: 1.0))
    grants, rules = Grants(database), PolicyRules(database)
    zones, languages = StoredTimezones(database, lambda: 1.0), StoredLanguages(database, lambda: 1.0)
    tenants = StoredTenants(database, lambda: 1.0)
    rule = PolicyRule("draw")

    async def seen() -> tuple[object, ...]:
        policy = await grants.policy(HERE)
        return (
            tuple((one.kind, one.permissions) for one in policy.grants),
            len(policy.rules),
            await keys.has_key(HERE),
            await zones.place(HERE),
            await languages.place(HERE),
        )

    spend, manage = Permission.SPEND, Permission.MANAGE
    assert await seen() == ((), 0, False, "", "")
    await tenants.ensure(HERE)
    await grants.grant(HERE, "user", "ann", spend | manage)
    assert (await seen())[0] == (("user", spend | manage),)
    await grants.revoke(HERE, "user", "ann", manage)
    assert (await seen())[0] == (("user", spend),)
    await grants.replace(HERE, [Grant("role", "r", manage)])
    assert (await seen())[0] == (("role", manage),)
    await rules.put(HERE, rule)
    assert (await seen())[1] == 1
    await rules.remove(HERE, [rule])
    assert (await seen())[1] == 0
    await rules.replace(HERE, [rule])
    assert (await seen())[1] == 1
    await keys.put(HERE, SecretStr("xq_" + "a" * 32))
    assert (await seen())[2]
    await keys.forget(HERE)
    assert not (await seen())[2]
    await keys.put(HERE, SecretStr("xq_" + "a" * 32))
    await zones.put(HERE, PLACE, "Asia/Tokyo")
    await languages.put(HERE, PLACE, "tr")
    assert (await seen())[2:] == (True, "Asia/Tokyo", "tr")
    await languages.remove(HERE, PLACE)
    assert (await seen())[2:] == (True, "Asia/Tokyo", "")
    await tenants.erase(HERE)
    assert await seen() == ((), 0, False, "", "")


async def test_a_change_by_another_process_holds_within_a_second(database: Database, other: Database) -> None:
    _, ticks = _watched(database)
    grants = Grants(database)
    await Grants(other).grant(HERE, "user", "ann", Permission.PUBLISH)
    assert (await grants.policy(HERE)).grants
    await Grants(other).revoke(HERE, "user", "ann", Permission.PUBLISH)
    ticks.now += subject.FRESH
    assert not (await grants.policy(HERE)).grants


@pytest.mark.parametrize("name", COUNTED)
async def test_every_change_is_counted_whoever_makes_it(database: Database, name: str) -> None:
    table = metadata.tables[name]
    row = {column.name: _value(column.type.python_type) for column in table.columns}

    async def number() -> int:
        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(select(changes.c.number))).scalar_one_or_none() or 0

        return await database.read(work)

    counts = [await number()]
    key = next(iter(table.primary_key.columns))
    for statement in (insert(table).values(row), update(table).values({key: "b"}), delete(table)):
        await database.write(lambda connection, it=statement: connection.execute(it))  # type: ignore[misc]
        counts.append(await number())
    assert counts == sorted(set(counts))


def _value(kind: type) -> object:
    return {str: "a", bytes: b"a", bool: True}.get(kind, 1)


async def test_what_was_read_before_a_change_is_not_kept_after_it(database: Database) -> None:
    reading, _ = _watched(database)
    grants = Grants(database)

    async def change() -> None:
        await grants.grant(HERE, "user", "ann", Permission.PUBLISH)

    reading.after = change
    assert (await grants.policy(HERE)).grants == ()  # asked before the change
    assert (await grants.policy(HERE)).grants != ()


async def test_an_older_look_does_not_take_the_place_of_a_newer_one(
    database: Database, other: Database
) -> None:
    reading, ticks = _watched(database)
    grants = Grants(database)

    async def overtaken() -> None:
        await Grants(other).grant(HERE, "user", "ann", Permission.PUBLISH)
        assert (await grants.policy(THERE)).grants == ()

    reading.after = overtaken
    assert (await grants.policy(HERE)).grants == ()
    assert (await grants.policy(HERE)).grants != ()
    assert ticks.now == 100.0


async def test_nobody_may_by_what_is_remembered_while_the_database_is_away(database: Database) -> None:
    reading, ticks = _watched(database)
    grants = Grants(database)
    await grants.policy(HERE)
    reading.broken = True
    await grants.policy(HERE)
    ticks.now += subject.FRESH
    with pytest.raises(StorageUnavailable):
        await grants.policy(HERE)
    reading.broken = False
    assert (await grants.policy(HERE)).grants == ()


async def test_so_much_is_held_and_no_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST", 3)
    _watched(database)
    memory = database.remembered

    async def one(connection: AsyncConnection) -> int:
        return int((await connection.execute(text("SELECT 1"))).scalar_one())

    for at in range(10):
        assert await memory.get((str(at),), one) == 1
    assert len(memory._held) == 3


async def test_a_database_without_a_count_is_read_as_any_other(database: Database) -> None:
    await database.write(lambda connection: connection.execute(delete(changes)))
    grants = Grants(database)
    assert (await grants.policy(HERE)).grants == ()
    await grants.grant(HERE, "user", "ann", Permission.USE)
    assert (await grants.policy(HERE)).grants != ()


async def test_many_at_once_read_the_same(database: Database) -> None:
    reading, _ = _watched(database)
    grants = Grants(database)
    await grants.grant(HERE, "user", "ann", Permission.USE)
    found = await asyncio.gather(*(grants.policy(HERE) for _ in range(20)))
    assert len(set(map(repr, found))) == 1
    assert reading.number <= 20
