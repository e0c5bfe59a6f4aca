"""What is particular to PostgreSQL: transactions that meet, and connections that are lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.storage.engine.database import Database
from bot.storage.migrate import engine_for
from bot.storage.tables import facts
from tests.conftest import TIME_LIMITS, with_limits
from tests.storage.test_database import adding, keys


async def _no_sleep(_: float) -> None:
    """The pauses between attempts are not what is tested."""


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(postgres_url, sleep=_no_sleep)
    yield opened
    await opened.close()


def _terminate(url: str, pid: int) -> None:
    """Cut a connection from the server's side, and wait until it is gone."""
    engine = engine_for(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    engine.dispose()


async def test_a_deadlocked_transaction_is_run_again(database: Database) -> None:
    await database.write(adding("a", ""))
    await database.write(adding("b", ""))
    attempts = {"a": 0, "b": 0}
    holding = {"a": asyncio.Event(), "b": asyncio.Event()}

    async def cross(connection: AsyncConnection, first: str, second: str) -> None:
        attempts[first] += 1
        for key in (first, second):
            appended = facts.c.value + first
            await connection.execute(update(facts).where(facts.c.key == key).values(value=appended))
            holding[key].set()
            await holding[second].wait()

    await asyncio.gather(
        database.write(lambda connection: cross(connection, "a", "b")),
        database.write(lambda connection: cross(connection, "b", "a")),
    )
    assert sorted(attempts.values()) == [1, 2]
    values = await database.read(lambda connection: connection.execute(text("SELECT value FROM facts")))
    assert {"".join(sorted(value)) for value in values.scalars()} == {"ab"}


async def test_work_whose_connection_is_lost_before_the_commit_is_run_again(
    database: Database, postgres_url: str
) -> None:
    lost: list[object] = []

    async def work(connection: AsyncConnection) -> str:
        pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        if not lost:
            lost.append(pid)
            await asyncio.to_thread(_terminate, postgres_url, pid)
        return await adding("a")(connection)

    assert await database.write(work) == "a"
    assert await keys(database) == ["a"]


async def test_a_connection_lost_during_the_commit_leaves_the_outcome_open(
    database: Database, postgres_url: str
) -> None:
    async def work(connection: AsyncConnection) -> None:
        await adding("a")(connection)
        pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        await asyncio.to_thread(_terminate, postgres_url, pid)

    with pytest.raises(StorageUnavailable) as error:
        await database.write(work)
    assert error.value.code == "perhaps_saved"


async def test_a_server_that_cannot_be_reached_is_reported_without_its_password(
    postgres_url: str,
) -> None:
    url = make_url(postgres_url).set(password="hunter2", query={"host": "/nowhere"})
    with pytest.raises(StorageUnavailable, match="cannot be reached") as error:
        await Database.open(url.render_as_string(hide_password=False), sleep=_no_sleep)
    assert "hunter2" not in str(error.value) + str(error.value.__cause__)


async def test_copying_is_left_to_pg_dump(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pg_dump"):
        await database.backup(tmp_path / "copy.db")


async def test_a_transaction_of_a_process_that_stands_still_holds_up_nobody_for_ever(
    postgres_url: str,
) -> None:
    async def limit(connection: AsyncConnection) -> str:
        asked = "SELECT current_setting('idle_in_transaction_session_timeout')"
        return str((await connection.execute(text(asked))).scalar_one())

    for url, wanted in ((postgres_url, "10s"), (with_limits(postgres_url, **TIME_LIMITS), "2s")):
        opened = await Database.open(url)
        assert await opened.read(limit) == await opened.write(limit) == wanted
        await opened.close()
