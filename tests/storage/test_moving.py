"""An installation on SQLite becomes one on PostgreSQL: every row, the next ids, all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, Table, make_url, select, text

from bot.core.errors import DatabaseUnusable, StorageUnavailable
from bot.storage.engine.database import Database
from bot.storage.migrate import engine_for
from bot.storage.moving.marks import (
    MARK,
    MOVED,
    forget_move,
    moved_to,
    named,
    require_not_moved,
    require_whole,
)
from bot.storage.moving.move import Moved, move
from bot.storage.moving.reading import Source
from bot.storage.tables import changes, facts, metadata

HOSTILE = "tab\t line\n back\\slash \\N \\. 'quote' \"double\" {a,b} ü 𝒳 \u202e"
ASCENDING = ("events", "deliveries", "held", "playground_messages")


def _value(column: Column[Any], number: int) -> Any:
    """A value of the column's type that a copy could spoil, another one for each number."""
    kind = column.type
    if column.nullable and number == 2:
        return None
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Float):
        return 1_790_000_000.1 + number / 3
    if isinstance(kind, LargeBinary):
        return bytes(range(256)) + bytes([number])
    if isinstance(kind, Integer):
        wide = type(kind).__name__ == "BigInteger"
        return (1 << (62 if wide else 30)) + number
    length: int | None = getattr(kind, "length", None)
    return f"{number}{HOSTILE}"[: length or None]


def _rows(table: Table) -> list[dict[str, Any]]:
    return [{column.key: _value(column, number) for column in table.columns} for number in range(3)]


def _fill(url: str) -> None:
    engine = engine_for(url)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table is not changes:  # whose one row counts them by itself
                connection.execute(table.insert(), _rows(table))
    engine.dispose()


def _all(url: str) -> Mapping[str, list[tuple[Any, ...]]]:
    engine = engine_for(url)
    with engine.begin() as connection:
        found = {
            table.name: sorted(
                (tuple(row) for row in connection.execute(select(table)) if row[0] not in (MARK, MOVED)),
                key=repr,
            )
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def _execute(url: str, statement: str) -> Any:
    engine = engine_for(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        found = result.scalar_one_or_none() if result.returns_rows else None
    engine.dispose()
    return found


@pytest.fixture
def file(sqlite_url: str) -> Path:
    """A SQLite file with rows in every table."""
    _fill(sqlite_url)
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def target(postgres: Any) -> Iterator[str]:
    """A database of its own with all tables: what a test changes in them is nobody else's."""
    url = postgres.create()
    engine = engine_for(url)
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()
    yield url
    postgres.drop(url)


def _move(file: Path, target: str) -> Moved:
    return move(file, target, lambda _name, _rows: None)


def test_every_row_of_every_table(file: Path, target: str) -> None:
    told: dict[str, int] = {}
    moved = move(file, target, told.__setitem__)
    source = _all(f"sqlite:///{file}")
    assert _all(target) == source
    assert told == {table.name: 1 if table is changes else 3 for table in metadata.sorted_tables}
    assert (moved.rows, moved.whole, len(moved.digest)) == (sum(told.values()), True, 64)
    assert (file.parent / f"{file.name}-wal").exists() is False


def test_the_ids_go_on_where_they_were(file: Path, target: str) -> None:
    """Also after the newest rows are gone: a cursor may stand at them."""
    highest = {}
    for name in ASCENDING:
        highest[name] = _execute(f"sqlite:///{file}", f"SELECT max(id) FROM {name}")
        _execute(f"sqlite:///{file}", f"DELETE FROM {name} WHERE id = {highest[name]}")
    _move(file, target)
    for name in ASCENDING:
        sequence = f"pg_get_serial_sequence('{name}', 'id')"
        assert _execute(target, f"SELECT nextval({sequence})") == highest[name] + 1
    assert set(ASCENDING) == {
        one.name for one in metadata.sorted_tables if one.dialect_options["sqlite"]["autoincrement"]
    }


def test_an_empty_file_is_one_too(sqlite_url: str, target: str) -> None:
    assert _move(Path(sqlite_url.removeprefix("sqlite:///")), target).rows <= 1  # `changes` counts
    assert _execute(target, "SELECT nextval(pg_get_serial_sequence('events', 'id'))") == 1


def test_changes_are_counted_again_afterwards(file: Path, target: str) -> None:
    _move(file, target)
    before = _all(target)["changes"]
    _execute(target, "DELETE FROM grants")
    assert _all(target)["changes"] != before


def test_again_brings_what_came_since(file: Path, target: str) -> None:
    first = _move(file, target)
    _execute(f"sqlite:///{file}", "DELETE FROM routes")
    _execute(f"sqlite:///{file}", "UPDATE facts SET value = 'newer'")
    second = _move(file, target)
    assert _all(target) == _all(f"sqlite:///{file}")
    assert first.digest != second.digest == _move(file, target).digest


def test_a_copy_that_was_used_is_left_alone(file: Path, target: str) -> None:
    _move(file, target)
    _execute(target, "UPDATE routes SET tenant = tenant WHERE false")
    _move(file, target)  # which changed nothing
    _execute(target, "DELETE FROM events WHERE id = (SELECT min(id) FROM events)")
    before = _all(target)
    with pytest.raises(DatabaseUnusable, match="was used after it was copied") as refused:
        _move(file, target)
    assert "empty database" in refused.value.remedy
    assert _all(target) == before


def test_a_database_that_has_something_is_left_alone(file: Path, target: str) -> None:
    _execute(target, "INSERT INTO facts VALUES ('vault.canary', 'of another installation')")
    before = _all(target)
    with pytest.raises(DatabaseUnusable, match="in the table facts"):
        _move(file, target)
    assert _all(target) == before


async def test_while_somebody_has_the_file_open_it_is_a_rehearsal(file: Path, target: str) -> None:
    other = await Database.open(f"sqlite:///{file}", make=False)
    try:
        moved = _move(file, target)
    finally:
        await other.close()
    assert not moved.whole
    assert _all(target) == _all(f"sqlite:///{file}")
    database = await Database.open(target)
    try:
        with pytest.raises(DatabaseUnusable, match="while a bot ran on that file") as refused:
            await require_whole(database)
        assert "migrate --from" in refused.value.remedy
        assert _move(file, target).whole
        await require_whole(database)
    finally:
        await database.close()


async def test_one_that_opens_the_file_meanwhile_has_to_wait(file: Path, target: str) -> None:
    """What it stored after the copy would be missing from it."""
    refusals = []

    def open_it(_name: str, _rows: int) -> None:
        with (
            closing(sqlite3.connect(file, timeout=0)) as late,
            pytest.raises(sqlite3.OperationalError) as said,
        ):
            late.execute("INSERT INTO facts VALUES ('late', '1')")
        refusals.append(str(said.value))

    assert move(file, target, open_it).whole
    assert set(refusals) == {"database is locked"}


def test_what_is_stored_meanwhile_is_no_part_of_it(file: Path, target: str) -> None:
    """One moment of the file, though others write."""
    before = _all(f"sqlite:///{file}")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("SELECT * FROM facts").fetchone()
        statements = iter(("DELETE FROM watermarks", "UPDATE facts SET value = 'later'"))

        def write(_name: str, _rows: int) -> None:
            if statement := next(statements, None):
                other.execute(statement)

        assert not move(file, target, write).whole
    assert _all(target) == before != _all(f"sqlite:///{file}")


def test_a_connection_that_is_lost_leaves_what_was_there(file: Path, target: str) -> None:
    _move(file, target)
    before = _all(target)
    _execute(f"sqlite:///{file}", "DELETE FROM routes")

    def cut(name: str, _rows: int) -> None:
        if name == "events":
            _execute(
                target,
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )

    with pytest.raises(StorageUnavailable):
        move(file, target, cut)
    assert _all(target) == before
    assert _move(file, target).whole


def test_a_mistake_of_ours_is_not_called_a_lost_connection(file: Path, target: str) -> None:
    _execute(target, "ALTER TABLE tenants DROP COLUMN name")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        _move(file, target)


def test_a_row_that_postgresql_cannot_hold_is_named_by_its_table(file: Path, target: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as source:
        source.execute("UPDATE tenants SET name = ?", ("secret\0name",))
    with pytest.raises(DatabaseUnusable, match="of the table tenants") as refused:
        _move(file, target)
    assert "secret" not in str(refused.value)
    too_long = "secret" * 50
    with closing(sqlite3.connect(file, isolation_level=None)) as source:
        source.execute("UPDATE tenants SET name = ''")
        source.execute("UPDATE hooks SET tenant = ? WHERE rowid = 1", (too_long,))
    with pytest.raises(DatabaseUnusable, match="of the table hooks: value too long") as refused:
        _move(file, target)
    assert "secret" not in str(refused.value)
    assert not any(rows for name, rows in _all(target).items() if name != "changes")


def test_what_is_given_back_otherwise_is_not_kept(file: Path, target: str) -> None:
    _execute(target, "ALTER TABLE tenants ALTER COLUMN created_at TYPE real")
    with pytest.raises(DatabaseUnusable, match="of the table tenants is not what was written"):
        _move(file, target)
    assert not any(rows for name, rows in _all(target).items() if name != "changes")


def test_limits_of_time_of_an_operator_do_not_end_it(file: Path, target: str) -> None:
    name = target.rpartition("/")[2].partition("?")[0]
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        _execute(target, f'ALTER DATABASE "{name}" SET {limit} = 1000')
    engine = engine_for(f"sqlite:///{file}")
    with engine.begin() as connection:
        many = [{"key": f"k{number}", "value": "x" * 200} for number in range(20_000)]
        connection.execute(facts.insert(), many)
    engine.dispose()
    assert _move(file, target).rows > 20_000


async def _moved_to(file: Path) -> str | None:
    database = await Database.open(f"sqlite:///{file}", make=False)
    try:
        return await moved_to(database)
    finally:
        await database.close()


async def test_a_file_that_was_moved_says_where_to_until_somebody_takes_that_back(
    file: Path, target: str
) -> None:
    assert await _moved_to(file) is None
    assert _move(file, target).marked
    url = make_url(target)
    where = f"{url.database} at {url.host or url.query['host']}"
    database = await Database.open(f"sqlite:///{file}", make=False)
    try:
        with pytest.raises(DatabaseUnusable) as refused:
            await require_not_moved(database)
        assert where in refused.value.detail and "migrate --forget-move" in refused.value.remedy
        assert not url.password or url.password not in str(refused.value)
        await forget_move(database)
        await require_not_moved(database)
    finally:
        await database.close()
    assert _move(file, target).marked, "which can be repeated, as before"
    assert _execute(target, f"SELECT count(*) FROM facts WHERE key = '{MOVED}'") == 0


async def test_a_rehearsal_and_a_failure_leave_the_file_unmarked(file: Path, target: str) -> None:
    other = await Database.open(f"sqlite:///{file}", make=False)
    try:
        assert not _move(file, target).marked
    finally:
        await other.close()
    assert await _moved_to(file) is None
    _execute(target, "DELETE FROM events WHERE id = (SELECT min(id) FROM events)")
    with pytest.raises(DatabaseUnusable):
        _move(file, target)
    assert await _moved_to(file) is None


async def test_the_file_is_marked_only_when_postgresql_has_everything(
    file: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the process dies between the two: then it is repeated, which marks it."""

    class Died(BaseException):
        """The process, at that moment."""

    def dies(_source: Source, where: str) -> bool:
        assert _execute(target, f"SELECT count(*) FROM facts WHERE key = '{MARK}'") == 1, "committed"
        raise Died(where)

    with monkeypatch.context() as patched, pytest.raises(Died):
        patched.setattr(Source, "mark_moved", dies)
        _move(file, target)
    assert await _moved_to(file) is None
    assert _all(target) == _all(f"sqlite:///{file}")
    assert _move(file, target).marked
    assert await _moved_to(file) is not None


async def test_a_file_without_tables_was_not_moved(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'new.db'}")
    try:
        await require_not_moved(database)
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://bot:secret@db.example:6432/xquik", "xquik at db.example:6432"),
        ("postgresql://bot@/xquik?host=/run/pg&password=secret", "xquik at /run/pg"),
        ("postgresql://bot:secret@db.example", "the default database at db.example"),
    ],
)
def test_a_database_is_named_without_its_password(url: str, said: str) -> None:
    assert named(make_url(url)) == said
