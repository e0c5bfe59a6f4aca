"""Migrations: they make the tables that the code declares, once, on both databases."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from bot.core.chat.ids import TenantId
from bot.core.errors import StorageUnavailable
from bot.storage import migrate as subject
from bot.storage.engine.database import Database
from bot.storage.migrate import create, engine_for, migrate, pending
from bot.storage.places.grants import Grants
from bot.storage.relay.routes import Routes
from bot.storage.tables import metadata
from bot.storage.writes.draw_backups import DrawBackups

REVISIONS = [f"{number:04}" for number in range(1, int(subject.HEAD) + 1)]


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/new/bot.db"
        return
    server = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


async def _pending(url: str) -> bool:
    database = await Database.open(url)
    try:
        return await pending(database)
    finally:
        await database.close()


def _differences(url: str) -> list[Any]:
    engine = engine_for(url)
    with engine.begin() as connection:
        found: list[Any] = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    return found


def _index(index: ReflectedIndex) -> tuple[str, ...]:
    conditions = index.get("dialect_options", {}).items()
    where = [f"{name}: {value}" for name, value in sorted(conditions)]
    return str(index["name"]), str(index["column_names"]), str(index["unique"]), *where


def _shape(url: str) -> dict[str, Any]:
    """Everything the database itself says about its tables, defaults and conditions included."""
    engine = engine_for(url)
    with engine.begin() as connection:
        see = inspect(connection)
        shape: dict[str, Any] = {
            name: {
                "columns": [{**column, "type": str(column["type"])} for column in see.get_columns(name)],
                "primary key": see.get_pk_constraint(name),
                "unique": sorted(see.get_unique_constraints(name), key=str),
                "indexes": sorted(_index(index) for index in see.get_indexes(name)),
                "options": see.get_table_options(name),
                "foreign keys": sorted(see.get_foreign_keys(name), key=str),
                "checks": sorted(see.get_check_constraints(name), key=str),
            }
            for name in see.get_table_names()
            if name != "alembic_version"
        }
        shape["triggers"] = sorted(connection.execute(text(_TRIGGERS[engine.dialect.name])).scalars())
    engine.dispose()
    return shape


_TRIGGERS = {
    "sqlite": "SELECT tbl_name || ': ' || sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT pg_get_triggerdef(t.oid) || ': ' || p.prosrc FROM pg_trigger t "
    "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal "
    "AND p.pronamespace = 'public'::regnamespace",
}


async def test_an_empty_database_becomes_what_the_tables_declare(empty_url: str, database_url: str) -> None:
    assert await _pending(empty_url)
    assert await migrate(empty_url) == REVISIONS
    assert _differences(empty_url) == []
    assert _shape(empty_url) == _shape(database_url)
    assert not await _pending(empty_url)


async def test_the_revisions_one_after_another_make_what_the_tables_declare(
    empty_url: str, database_url: str
) -> None:
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        _upgrade_to(connection, REVISIONS[0])
    engine.dispose()
    assert await _pending(empty_url)
    assert await migrate(empty_url) == REVISIONS[1:]
    assert _differences(empty_url) == []
    assert _shape(empty_url) == _shape(database_url)
    assert not await _pending(empty_url)


async def test_made_at_once_it_is_what_the_revisions_make(empty_url: str, database_url: str) -> None:
    await create(empty_url)
    assert not await _pending(empty_url)
    assert _shape(empty_url) == _shape(database_url)
    assert await migrate(empty_url) == []


async def test_a_second_time_changes_nothing(empty_url: str) -> None:
    await migrate(empty_url)
    assert await migrate(empty_url) == []


async def test_two_that_start_together_take_turns(empty_url: str) -> None:
    applied = await asyncio.gather(migrate(empty_url), migrate(empty_url))
    assert sorted(applied, key=len) == [[], REVISIONS]


async def test_a_failing_revision_leaves_nothing_behind(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE proposals (id INTEGER)"))
    with pytest.raises(Exception, match="proposals"):
        await migrate(empty_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE proposals"))
    engine.dispose()
    assert await migrate(empty_url) == REVISIONS


async def test_a_database_of_a_newer_version_is_left_alone(empty_url: str) -> None:
    await migrate(empty_url)
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999', oldest = '9999'"))
    engine.dispose()
    with pytest.raises(StorageUnavailable, match="9999"):
        await migrate(empty_url)
    with pytest.raises(StorageUnavailable, match="9999"):
        await _pending(empty_url)


def test_the_revision_that_start_up_compares_with_is_the_newest() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(subject.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == subject.HEAD


def test_neither_making_a_database_nor_opening_one_that_is_up_to_date_loads_alembic(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from bot.storage.engine.database import Database\n"
        "from bot.storage.migrate import migrate, pending\n"
        "async def main():\n"
        "    if sys.argv[2] == 'new':\n"
        "        assert await migrate(sys.argv[1])\n"
        "    database = await Database.open(sys.argv[1])\n"
        "    assert not await pending(database)\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
        "loaded = {'alembic', 'psycopg'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    url = f"sqlite:///{tmp_path}/bot.db"
    for state in ("new", "up to date"):
        subprocess.run([sys.executable, "-c", program, url, state], check=True, timeout=30)


def _upgrade_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(subject.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = lambda **_: None
    command.upgrade(config, revision)


async def test_a_route_of_before_keeps_its_place_and_how_it_did_there(empty_url: str) -> None:
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0004")
        connection.execute(
            text(
                "INSERT INTO routes (id, tenant, name, channel, thread, created_at, last_success_at,"
                " paused_reason, last_failure) VALUES"
                " ('r1', 'slack:T1', 'alerts', 'C1', NULL, 1, 5.0, NULL, NULL),"
                " ('r2', 'slack:T1', 'gone', 'C2', '17.2', 2, NULL, 'no channel', 'no channel')"
            )
        )
    engine.dispose()
    await migrate(empty_url)
    database = await Database.open(empty_url)
    alerts, gone = await Routes(database).list(TenantId("slack", "T1"))
    await database.close()
    assert str(alerts.route.destination) == "slack:T1/C1" and alerts.last_success_at == 5.0
    assert alerts.route.lost == () and alerts.route.paused_reason is None
    assert str(gone.route.destination) == "slack:T1/C2/17.2"
    assert [place.reason for place in gone.route.lost] == ["no channel"]


async def test_admins_of_before_see_the_inside_and_nobody_else_does_by_that(empty_url: str) -> None:
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0007")
        connection.execute(
            text(
                "INSERT INTO grants (tenant, kind, subject, permissions) VALUES"
                " ('slack:T1', 'admins', '', 15), ('slack:T2', 'admins', '', 0),"
                " ('slack:T2', 'everyone', '', 3),"
                " ('discord:7', 'role', 'R1', 8), ('discord:7', 'user', 'ben', 6)"
            )
        )
    engine.dispose()
    await migrate(empty_url)
    database = await Database.open(empty_url)
    grants = Grants(database)
    first, second, server = [
        {(one.kind, one.subject): one.permissions.names() for one in await grants.grants(TenantId(*place))}
        for place in (("slack", "T1"), ("slack", "T2"), ("discord", "7"))
    ]
    await database.close()
    assert first == {("admins", ""): ("use", "view", "spend", "publish", "manage")}
    assert second == {("admins", ""): ("view",), ("everyone", ""): ("use", "spend")}
    assert server == {("role", "R1"): ("manage",), ("user", "ben"): ("spend", "publish")}


async def test_draws_that_were_run_before_know_what_was_asked_for(empty_url: str) -> None:
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0013")
        results = {
            "a": ("draw.run", "done", '{"draw": "d1"}'),
            "b": ("draw.run", "failed", '{"title": "no"}'),
            "c": ("tweet.create", "done", '{"tweet_id": "5"}'),
            "d": ("draw.run", "done", '{"draw": null}'),
            "e": ("draw.run", "done", None),
        }
        for key, (kind, state, result) in results.items():
            connection.execute(
                text(
                    "INSERT INTO proposals (id, tenant, kind, requester, payload, payload_hash, preview,"
                    " idempotency_key, state, channel, created_at, expires_at, result) VALUES"
                    " (:id, 'slack:T1', :kind, 'ada', '{}', 'h', '{}', 'k', :state, 'c', 1, 2, :result)"
                ),
                {"id": key, "kind": kind, "state": state, "result": result},
            )
        connection.execute(
            text(
                "INSERT INTO draw_backups (tenant, draw, position, moved_by, moved_at) VALUES"
                " ('slack:T1', 'd1', 1, 'ada', 5), ('slack:T1', 'd1', 2, 'ada', 6)"
            )
        )
    engine.dispose()
    await migrate(empty_url)
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT id, draw FROM proposals")).all()
        found: dict[str, str | None] = {row.id: row.draw for row in rows}
    engine.dispose()
    assert found == {"a": "d1", "b": None, "c": None, "d": None, "e": None}
    database = await Database.open(empty_url)
    moves = await DrawBackups(database, lambda: 7.0).moved(TenantId("slack", "T1"), "d1")
    await database.close()
    assert [(one.position, one.replaces, one.by, one.by_name) for one in moves] == [
        (1, None, "ada", ""),
        (2, None, "ada", ""),
    ]
