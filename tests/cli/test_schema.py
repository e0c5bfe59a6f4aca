"""Only `run`, `demo` and `migrate` make or change tables; every other command says what to do instead."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from bot.app.wiring import App
from bot.core.errors import NotMigrated
from bot.settings import Settings, StorageSection, VaultSection
from bot.storage import migrations
from bot.storage.engine.database import Database
from bot.storage.migrate import engine_for, migrate, pending
from bot.storage.secrets.vault import new_key
from tests.cli.program import xquik_bot
from tests.conftest import PostgresServer

COMMANDS = (
    ("apply", "tenants.toml"),
    ("apply", "tenants.toml", "--dry-run"),
    ("export",),
    ("keys", "rotate"),
    ("exec", "--config", "config.toml", "--tenant", "slack:T0001", "help"),
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with settings and a file to apply, and no database."""
    key = new_key().get_secret_value()
    (tmp_path / "config.toml").write_text(
        f'[storage]\nurl = "sqlite:///{tmp_path}/data/bot.db"\n[vault]\nkeys = ["{key}"]\n'
    )
    (tmp_path / "tenants.toml").write_text('[[tenant]]\nplatform = "slack"\nworkspace = "T0001"\n')
    return tmp_path


def shape(place: Path) -> object:
    """The files, and what the database is made of."""
    path = place / "data" / "bot.db"
    names = sorted(str(file.relative_to(place)) for file in place.rglob("*"))
    if not path.exists():
        return names
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
        known = connection.execute("SELECT * FROM alembic_version").fetchall() if made else []
    return names, made, known


def older(place: Path) -> None:
    """A database as an earlier version left it."""
    engine = engine_for(f"sqlite:///{place / 'data' / 'bot.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    engine.dispose()


@pytest.mark.parametrize("line", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("before", ["nothing", "empty file", "older tables"])
def test_what_is_not_ready_is_left_as_it_is(place: Path, line: tuple[str, ...], before: str) -> None:
    if before == "empty file":
        (place / "data").mkdir()
        (place / "data" / "bot.db").touch()
    elif before == "older tables":
        older(place)
    was = shape(place)
    ended = xquik_bot(place, *line)
    assert ended.code == 1, ended.out + ended.err
    assert "xquik-bot migrate" in ended.err
    assert "Traceback" not in ended.err
    said = {"nothing": "no database at", "empty file": "no tables", "older tables": "revision 0003"}
    assert said[before] in ended.err
    assert shape(place) == was
    assert xquik_bot(place, "migrate").code == 0
    assert xquik_bot(place, *line).code in (0, 2)


def test_the_doctor_makes_nothing_and_says_what_will(place: Path) -> None:
    was = shape(place)
    first = xquik_bot(place, "check")
    assert "! database: There is no database at" in first.out
    assert "xquik-bot migrate" in first.out
    assert shape(place) == was
    older(place)
    was = shape(place)
    assert "revision 0003" in xquik_bot(place, "check").out
    assert shape(place) == was


def test_a_backup_of_what_is_not_there_makes_nothing(place: Path) -> None:
    was = shape(place)
    ended = xquik_bot(place, "backup", "copy.db")
    assert ended.code == 2
    assert "There is no database at" in ended.err
    assert shape(place) == was


def test_a_backup_of_older_tables_is_one_of_older_tables(place: Path) -> None:
    """It is what one makes before an upgrade."""
    older(place)
    was = shape(place)
    assert xquik_bot(place, "backup", str(place.parent / f"{place.name}.db")).code == 0
    assert shape(place) == was


async def test_postgresql_is_left_as_it_is_too(postgres: PostgresServer) -> None:
    url = postgres.create()
    settings = Settings(storage=StorageSection(url=url), vault=VaultSection(keys=(new_key(),)))
    try:
        with pytest.raises(NotMigrated, match="no tables"):
            await App.open(settings)
        database = await Database.open(url)
        assert await pending(database)
        await database.close()
        await migrate(url)
        await (await App.open(settings)).close()
    finally:
        postgres.drop(url)
