"""The tables of shared work are made from the installed release, beside ours, and their version is known."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.core.errors import DatabaseUnusable, NotMigrated
from bot.storage.engine.database import Database
from bot.storage.engine.job_tables import REVISION, SCHEMA, files_behind, make_job_tables
from bot.storage.migrate import create, engine_for, migrate, pending, require, require_makeable
from tests.conftest import PostgresServer


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    """An empty database."""
    made = postgres.create()
    yield made
    postgres.drop(made)


def run(url: str, *statements: str) -> list[list[tuple[Any, ...]]]:
    """What statements answer, each in a transaction."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    found: list[list[tuple[Any, ...]]] = []
    with engine.connect() as connection:
        for statement in statements:
            rows = connection.execute(text(statement))
            found.append([tuple(row) for row in rows] if rows.returns_rows else [])
    engine.dispose()
    return found


SHAPE = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns"
    f" WHERE table_schema = '{SCHEMA}' ORDER BY 1, 2"
)
FUNCTIONS = (
    f"SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = '{SCHEMA}'::regnamespace ORDER BY 1"
)


async def test_migrating_makes_them_once_and_leaves_ours_alone(url: str) -> None:
    await asyncio.gather(*(migrate(url) for _ in range(3)))
    shape, functions, public = run(
        url, SHAPE, FUNCTIONS, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    assert {row[0] for row in shape} == {
        f"procrastinate_{name}" for name in ("jobs", "events", "workers", "periodic_defers")
    }
    assert functions and not [row for row in public if "procrastinate" in row[0]]
    assert await migrate(url) == []
    database = await Database.open(url)
    assert not await pending(database)
    await require(database)
    await database.close()


async def test_a_database_of_the_version_before_gets_them_at_the_start(url: str) -> None:
    await create(url)
    run(url, f"DROP SCHEMA {SCHEMA} CASCADE")
    database = await Database.open(url)
    assert await pending(database)
    with pytest.raises(NotMigrated):
        await require(database)
    await migrate(url)
    assert not await pending(database)
    await database.close()


async def test_those_of_a_later_version_are_refused_and_named(url: str) -> None:
    await create(url)
    run(url, f"COMMENT ON SCHEMA {SCHEMA} IS 'procrastinate 09.00.00_01'")
    database = await Database.open(url)
    with pytest.raises(DatabaseUnusable, match=r"09\.00\.00_01.*knows " + REVISION):
        await pending(database)
    await database.close()


async def test_tables_whose_revision_nobody_noted_are_left_alone_and_said(url: str) -> None:
    await create(url)
    for note in ("NULL", "'shared work'"):
        run(url, f"COMMENT ON SCHEMA {SCHEMA} IS {note}")
        database = await Database.open(url)
        for look in (pending(database), require(database), migrate(url)):
            with pytest.raises(DatabaseUnusable, match="lost its comment") as raised:
                await look
            assert f"DROP SCHEMA {SCHEMA} CASCADE" in raised.value.remedy
        await database.close()
    run(url, f"DROP SCHEMA {SCHEMA} CASCADE", f"CREATE SCHEMA {SCHEMA}")
    run(url, f"COMMENT ON SCHEMA {SCHEMA} IS 'made for the bot'")  # an empty one is for us to fill
    await migrate(url)
    database = await Database.open(url)
    await require(database)
    await database.close()


async def test_an_older_revision_gets_the_files_that_are_missing_those_before_first(url: str) -> None:
    """The release gives no whole schema of the revision before, so it is made of its own files."""
    late = files_behind("03.00.00_50")
    assert [file.name.split("_")[2] for file in late] == ["pre"] * 4 + ["post"] * 3
    engine = engine_for(url)
    early = [f for f in sorted(late[0].parent.glob("*.sql")) if f.name[: len(REVISION)] <= "03.00.00_50"]
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        connection.exec_driver_sql(f"SET LOCAL search_path TO {SCHEMA}")
        for file in early:
            cursor = connection.connection.cursor()
            cursor.execute(file.read_text())
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS 'procrastinate 03.00.00_50'")
    with engine.begin() as connection:
        make_job_tables(connection)
    engine.dispose()
    upgraded = run(url, SHAPE, FUNCTIONS)
    run(url, f"DROP SCHEMA {SCHEMA} CASCADE")
    await migrate(url)
    assert upgraded == run(url, SHAPE, FUNCTIONS)


async def test_a_user_who_may_make_no_schema_hears_what_to_grant(url: str) -> None:
    name = str(make_url(url).database)
    run(url, f"CREATE USER {name} PASSWORD 'x'", f"GRANT ALL ON SCHEMA public TO {name}")
    theirs = make_url(url).set(username=name, password="x").render_as_string(hide_password=False)
    try:
        with pytest.raises(DatabaseUnusable, match=SCHEMA) as raised:
            await migrate(theirs)
        assert "GRANT CREATE ON DATABASE" in str(raised.value.remedy)
        database = await Database.open(theirs)
        with pytest.raises(DatabaseUnusable, match=SCHEMA) as looked:
            await require_makeable(database)
        assert (looked.value.detail, looked.value.remedy) == (raised.value.detail, raised.value.remedy)
        run(url, f"GRANT CREATE ON DATABASE {name} TO {name}")
        await require_makeable(database)
        run(url, f"REVOKE CREATE ON DATABASE {name} FROM {name}")
        run(url, f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {name}")
        await require_makeable(database)
        await migrate(theirs)
        await require_makeable(database)
        await database.close()
    finally:
        run(url, f"DROP OWNED BY {name} CASCADE", f"DROP USER {name}")


async def test_without_procrastinate_it_says_what_to_install(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.engine.job_tables.find_spec", lambda _name: None)
    with pytest.raises(DatabaseUnusable, match="procrastinate") as raised:
        await migrate(url)
    assert "xquik-bot[postgres]" in str(raised.value.remedy)


def test_the_revision_is_the_newest_of_the_installed_release() -> None:
    assert version("procrastinate").startswith("3.10.")
    whole = files_behind("")[0]
    newest = max(file.name for file in Path(whole.parent / "migrations").glob("*.sql"))
    assert newest.startswith(REVISION)
