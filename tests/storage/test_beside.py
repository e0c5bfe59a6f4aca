"""Versions beside each other: a release goes on with the tables that the next one makes, on both databases.

Its code is not here any more, so what it asks for is kept as data: `tests.storage.released`.
"""

from __future__ import annotations

import ast
import asyncio
import re
import threading
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from structlog.testing import capture_logs

from bot.app.doctor import _look_at, _tables
from bot.app.wiring import App
from bot.core.errors import StorageUnavailable
from bot.settings import Settings, StorageSection, VaultSection
from bot.storage import migrate as subject
from bot.storage.engine.database import Database
from bot.storage.migrate import HEAD, OLDEST, create, engine_for, migrate, newer, pending, require
from bot.storage.secrets.vault import new_key
from tests.storage.released import RELEASES, explain, inserted, release, shape

VERSIONS = Path(subject.__file__).with_name("migrations") / "versions"
# The rule is younger than these.
BEFORE = "0033"
TAKES = re.compile(
    r"\b(DROP|RENAME|SET\s+NOT\s+NULL|ADD\s+CONSTRAINT|SET\s+DATA\s+TYPE|TYPE)\b", re.IGNORECASE
)
TAKING = {
    "drop_column",
    "drop_table",
    "drop_index",
    "drop_constraint",
    "alter_column",
    "rename_table",
    "batch_alter_table",
    "create_unique_constraint",
    "create_check_constraint",
    "create_foreign_key",
    "create_primary_key",
    "create_exclude_constraint",
}


def taken(source: str) -> list[str]:
    """What a revision's `upgrade` does that a version without it may not bear."""
    tree = ast.parse(source)
    upgrade = next(one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade")
    calls = [one for one in ast.walk(upgrade) if isinstance(one, ast.Call)]
    made = {_text(one.args[0]) for one in calls if _of(one) == "create_table" and one.args}
    return [why for one in calls if (why := _taken(one, made))] + [
        f"SQL with {found[0].upper()}"
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
        if re.match(r"\s*ALTER\b|\s*DROP\b", one.value, re.IGNORECASE) and (found := TAKES.search(one.value))
    ]


def _of(call: ast.Call) -> str:
    """`x` of `op.x(…)`; "" for anything else."""
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr if function.value.id in ("op", "batch") else ""
    return ""


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _taken(call: ast.Call, made: set[str]) -> str:
    name, told = _of(call), {one.arg: ast.unparse(one.value) for one in call.keywords}
    if name in TAKING:
        return name
    if name == "create_index":
        table = _text(call.args[1]) if len(call.args) > 1 else ""
        return "a unique index" if told.get("unique") == "True" and table not in made else ""
    if name != "add_column":
        return ""
    column = call.args[-1]
    if not isinstance(column, ast.Call):
        return "a column that is made elsewhere"
    said = {one.arg: ast.unparse(one.value) for one in column.keywords}
    strict = said.get("nullable") == "False" and "server_default" not in said
    return "a column that must be filled" if strict else ""


def _contract(source: str) -> str | None:
    """The newest revision whose code used what this one takes away, as it says itself."""
    for one in ast.parse(source).body:
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "contract":
            return _text(one.value)
    return None


def unfit(revision: str, source: str, releases: list[str], oldest: str) -> str | None:
    """Why a revision breaks the rule; None where it does not."""
    what, until = taken(source), _contract(source)
    if until is None:
        return f"takes away ({', '.join(what)}) without `contract`" if what else None
    if not what:
        return "says `contract`, but takes nothing away"
    if not any(until < one < revision for one in releases):
        return f"no release yet is without it: one after {until}, before {revision}"
    if oldest <= until:
        return f"OLDEST must be more than {until}"
    return None


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_a_revision_only_adds_or_takes_what_no_release_needs_any_more(path: Path) -> None:
    revision = path.stem.partition("_")[0]
    if revision > BEFORE:
        assert unfit(revision, path.read_text(encoding="utf-8"), RELEASES, OLDEST) is None
    assert BEFORE <= OLDEST <= HEAD


HARSH = {
    "drop_column": 'op.drop_column("routes", "name")',
    "drop_table": 'op.drop_table("routes")',
    "alter_column": 'op.alter_column("routes", "name", nullable=False)',
    "batch_alter_table": 'with op.batch_alter_table("routes") as batch:\n        batch.add_column(x)',
    "a column that must be filled": 'op.add_column("routes", sa.Column("a", sa.Text(), nullable=False))',
    "a column that is made elsewhere": 'op.add_column("routes", column)',
    "a unique index": 'op.create_index("a", "routes", ["b"], unique=True)',
    "SQL with DROP": 'op.execute("ALTER TABLE routes DROP COLUMN name")',
    "SQL with RENAME": 'op.execute("ALTER TABLE routes RENAME TO ways")',
}
MILD = (
    'op.add_column("routes", sa.Column("a", sa.Text()))',
    'op.add_column("routes", sa.Column("a", sa.Text(), server_default="", nullable=False))',
    'op.create_table("a", sa.Column("b"))\n    op.create_index("c", "a", ["b"], unique=True)',
    'op.create_index("c", "routes", ["name"])',
    'op.execute("UPDATE routes SET a = name")',
)


@pytest.mark.parametrize("why", HARSH)
def test_what_takes_away_is_seen(why: str) -> None:
    source = f"def upgrade():\n    {HARSH[why]}\n"
    assert why in taken(source)
    said = f'contract = "0040"\n{source}'
    assert "without `contract`" in str(unfit("0050", source, ["0033", "0045"], "0045"))
    assert unfit("0050", said, ["0033", "0045"], "0045") is None
    assert "no release yet" in str(unfit("0050", said, ["0033", "0040"], "0045"))
    assert "no release yet" in str(unfit("0050", said, ["0033", "0050"], "0045"))
    assert "OLDEST" in str(unfit("0050", said, ["0033", "0045"], "0040"))


@pytest.mark.parametrize("statement", MILD)
def test_what_adds_is_let_through(statement: str) -> None:
    source = f"def upgrade():\n    {statement}\n"
    assert taken(source) == []
    assert "nothing away" in str(unfit("0050", f'contract = "0040"\n{source}', ["0045"], "0045"))


def missing(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What code of the tables as they were does not find any more, or may not leave out now."""
    found = []
    for table, columns in was.items():
        new = now.get(table, {})
        for name, before in columns.items():
            after = new.get(name)
            if after is None:
                found.append(f"{table}.{name} is gone")
            elif name:
                found += [f"{table}.{name}: {before} is {after}"] if _stricter(before, after) else []
            elif set(after["unique"]) != set(before["unique"]) or set(after["checks"]) - set(
                before["checks"]
            ):
                found.append(f"{table}: other rows are refused")
        for name in set(new) - set(columns) - {""}:
            if not new[name]["null"] and not new[name]["filled"]:
                found.append(f"{table}.{name} must be filled")
    return found


def _stricter(before: dict[str, Any], after: dict[str, Any]) -> bool:
    changed: bool = before["type"] != after["type"]
    return changed or any(bool(before[way]) > bool(after[way]) for way in ("null", "filled"))


def unusable(connection: Connection, statements: list[str]) -> list[str]:
    """Statements that these tables do not take, each with why."""
    now, found = shape(connection), []
    for statement in statements:
        try:
            explain(connection, statement)
        except Exception as error:  # whatever the driver says
            connection.rollback()
            found.append(f"{error}: {statement}")
        row = inserted(statement)
        if row is not None and row[0] in now:
            unfilled = {
                name
                for name, column in now[row[0]].items()
                if name and name not in row[1] and not column["null"] and not column["filled"]
            }
            found += [f"{row[0]}.{name} is not filled: {statement}" for name in sorted(unfilled)]
    return found


def _releases() -> list[str]:
    """Those that may run beside these tables."""
    return [one for one in RELEASES if OLDEST <= one <= HEAD]


def test_there_is_a_release_to_compare_with() -> None:
    assert _releases()
    kept = release(_releases()[-1])
    for dialect in ("sqlite", "postgresql"):
        verbs = {one.split()[0] for one in kept[dialect]}
        assert {"SELECT", "INSERT", "UPDATE", "DELETE"} <= verbs and len(kept[dialect]) > 200
        asked = " ".join(kept[dialect])
        unasked = {table for table in kept["shape"][dialect] if not re.search(rf"\b{table}\b", asked)}
        assert len(unasked) < 12, unasked


async def test_what_a_release_asks_for_is_still_answered(database_url: str, database_kind: str) -> None:
    engine = engine_for(database_url)
    with engine.connect() as connection:
        for revision in _releases():
            kept = release(revision)
            assert missing(kept["shape"][database_kind], shape(connection)) == []
            assert unusable(connection, kept[database_kind]) == []
    engine.dispose()


@pytest.fixture
def own_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, whose tables it may change."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/new/bot.db"
        return
    server = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


def _do(url: str, *statements: str) -> None:
    engine = engine_for(url)
    with engine.begin() as connection:
        for one in statements:
            connection.execute(text(one))
    engine.dispose()


BREACHES = {
    "ALTER TABLE grants RENAME COLUMN permissions TO rights": "is gone",
    "ALTER TABLE grants RENAME TO rights": "is gone",
    "ALTER TABLE grants ADD COLUMN more INTEGER NOT NULL DEFAULT 0": "",
    "ALTER TABLE grants ADD COLUMN more INTEGER": "",
    "CREATE UNIQUE INDEX once ON grants (subject)": "other rows",
    "CREATE INDEX once ON grants (subject)": "",
    "CREATE TABLE more (one INTEGER NOT NULL)": "",
}


@pytest.mark.parametrize("change", BREACHES)
async def test_a_change_that_a_release_does_not_bear_is_seen(
    own_url: str, database_kind: str, change: str
) -> None:
    await create(own_url)
    _do(own_url, change)
    kept = release(_releases()[-1])
    engine = engine_for(own_url)
    with engine.connect() as connection:
        found = missing(kept["shape"][database_kind], shape(connection))
        failing = unusable(connection, [one for one in kept[database_kind] if "grants" in one])
    engine.dispose()
    assert bool(found) == bool(BREACHES[change]) and BREACHES[change] in " ".join(found)
    assert bool(failing) == (BREACHES[change] == "is gone")


async def test_a_column_that_must_be_filled_breaks_the_inserts_of_a_release(
    own_url: str, database_kind: str
) -> None:
    await create(own_url)
    _do(own_url, "DROP TABLE draft_authors", "CREATE TABLE draft_authors (more INTEGER NOT NULL)")
    kept = release(_releases()[-1])
    engine = engine_for(own_url)
    with engine.connect() as connection:
        asked = [one for one in kept[database_kind] if "INTO draft_authors" in one]
        failing = unusable(connection, asked)
    engine.dispose()
    assert any("draft_authors.more is not filled" in one for one in failing)


# This version as the older one: a newer one has added a table and a column, and says who may go on.
NEWER = (
    "ALTER TABLE grants ADD COLUMN more INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE more (one INTEGER)",
    "UPDATE alembic_version SET version_num = '9999'",
)


def _settings(url: str) -> Settings:
    return Settings(storage=StorageSection(url=url), vault=VaultSection(keys=(new_key(),)))


@pytest.mark.parametrize("oldest", [HEAD, "0001"])
async def test_beside_a_newer_version_that_only_added_an_older_one_says_so_and_goes_on(
    own_url: str, oldest: str
) -> None:
    await migrate(own_url)
    _do(own_url, *NEWER, f"UPDATE alembic_version SET oldest = '{oldest}'")
    assert await migrate(own_url) == []
    database = await Database.open(own_url)
    assert not await pending(database)
    await require(database)
    assert await newer(database) == "9999"
    # Copying would lose what it does not know.
    with pytest.raises(StorageUnavailable, match="9999"):
        await require(database, exactly=True)
    await database.close()
    with capture_logs() as said:
        app = await App.open(_settings(own_url), migrating=True)
    try:
        assert await app.database_answers()
    finally:
        await app.close()
    assert [(one["event"], one["revision"], one["ours"]) for one in said] == [
        ("goes on beside a newer version, which changed the tables", "9999", HEAD)
    ]


@pytest.mark.parametrize("oldest", ["'9998'", "NULL"])
async def test_beside_one_that_took_something_away_it_refuses_and_says_what_to_do(
    own_url: str, oldest: str
) -> None:
    await migrate(own_url)
    _do(own_url, *NEWER, f"UPDATE alembic_version SET oldest = {oldest}")
    database = await Database.open(own_url)
    for attempt in (pending(database), require(database), newer(database), migrate(own_url)):
        with pytest.raises(StorageUnavailable, match="9999") as refused:
            await attempt
        assert refused.value.code == "too_new" and "newer version" in str(refused.value.remedy)
        assert ("9998 is the least" in str(refused.value.detail)) == (oldest != "NULL")
    await database.close()
    with pytest.raises(StorageUnavailable, match="9999"):
        await App.open(_settings(own_url), migrating=True)


async def test_both_ways_to_the_tables_say_who_may_use_them(own_url: str) -> None:
    engine = engine_for(own_url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0031")
    engine.dispose()
    assert HEAD in await migrate(own_url)
    assert _oldest(own_url) == OLDEST
    _do(own_url, "UPDATE alembic_version SET oldest = '0001'")
    assert await migrate(own_url) == []  # nothing to do, nothing to say
    assert _oldest(own_url) == "0001"


async def test_a_new_database_says_it_too(own_url: str) -> None:
    await create(own_url)
    assert _oldest(own_url) == OLDEST


async def test_so_does_alembic_by_hand(own_url: str) -> None:
    config = Config(cmd_opts=Namespace(x=[f"url={own_url}"]))
    config.set_main_option("script_location", str(Path(subject.__file__).with_name("migrations")))
    await asyncio.to_thread(command.upgrade, config, "head")
    assert _oldest(own_url) == OLDEST
    assert await migrate(own_url) == []


def _oldest(url: str) -> object:
    engine = engine_for(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT oldest FROM alembic_version")).scalar_one()
    engine.dispose()
    return found


def _upgrade_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(subject.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = lambda **_: None
    command.upgrade(config, revision)


@pytest.fixture
def before_url(postgres: Any) -> Iterator[str]:
    """A PostgreSQL database of the version before: `local_numbers` gets a column by the next revision."""
    url = postgres.create()
    engine = engine_for(url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0031")
    engine.dispose()
    yield url
    postgres.drop(url)


async def test_old_processes_go_on_while_a_new_one_waits_to_change_a_table(
    before_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody reads the table in a long transaction: the change waits, and nobody for long behind it."""
    monkeypatch.setattr(subject, "_PATIENCE", "50ms")
    tried = threading.Event()
    go_on = threading.Event()

    def pause(_: float) -> None:
        tried.set()
        go_on.wait(10)

    monkeypatch.setattr("bot.storage.migrate.time.sleep", pause)
    engine = engine_for(before_url)
    with engine.connect() as long:
        long.execute(text("SELECT * FROM local_numbers"))
        migrating = asyncio.create_task(migrate(before_url))
        assert await asyncio.to_thread(tried.wait, 10)
        # Between two tries all is as before, for whoever comes now too.
        with engine.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = '5s'"))
            other.execute(text("DELETE FROM local_numbers"))
        assert not migrating.done()
    go_on.set()
    engine.dispose()
    assert HEAD in await migrating
    assert await migrate(before_url) == []


async def test_a_table_that_is_never_free_is_said_so_and_nothing_is_changed(
    before_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "_PATIENCE", "20ms")
    monkeypatch.setattr(subject, "_TRIES", 3)
    monkeypatch.setattr(subject, "_PAUSE", 0.0)
    engine = engine_for(before_url)
    with engine.connect() as long:
        long.execute(text("SELECT * FROM local_numbers"))
        with pytest.raises(StorageUnavailable) as refused:
            await migrate(before_url)
        assert refused.value.code == "in_use" and "pg_stat_activity" in str(refused.value.remedy)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0031"
    engine.dispose()


async def test_the_check_names_a_newer_version(own_url: str) -> None:
    await migrate(own_url)
    assert _tables("sqlite", await _look_at(own_url)).state == "ok"
    _do(own_url, *NEWER)
    found = _tables("sqlite", await _look_at(own_url))
    assert found.state == "warning" and "9999" in found.detail and "Upgrade" in found.remedy
