"""Brings a database to the tables of this version.

Alembic does it, and is imported only then: whether it is needed is one short query, since opening
an up-to-date database is part of every start. A database without any table gets all of them at once.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import NotMigrated, StorageUnavailable
from bot.storage.engine import sqlite_file
from bot.storage.engine.addresses import address, driver, patient
from bot.storage.engine.database import Database
from bot.storage.engine.failures import unavailable
from bot.storage.tables import metadata

# The newest revision in migrations/versions; a test holds the two together.
HEAD = "0034"
_VERSIONS = "alembic_version"
# Any number, the same for all who migrate: machines that start together take turns.
_LOCK = 7_823_415_001


async def pending(database: Database) -> bool:
    """Whether `migrate` has something to do. StorageUnavailable for a database newer than this bot."""
    current = await database.read(_current)
    if current is not None and current > HEAD:
        raise _too_new(current)
    return current != HEAD


async def require(database: Database) -> None:
    """NotMigrated unless the database has the tables of this version, StorageUnavailable for a newer one."""
    current = await database.read(_current)
    if current is None:
        raise NotMigrated("The database has no tables yet.", code="no_tables")
    if current > HEAD:
        raise _too_new(current)
    if current != HEAD:
        raise NotMigrated(
            f"The database has the tables of an older version: revision {current} instead of {HEAD}.",
            code="old_tables",
        )


async def migrate(url: str) -> list[str]:
    """Apply the revisions that are missing, all or none; returns their names, oldest first.

    What a new database gets is what all of them make: a test holds both ways to the same tables. Safe to
    call at every start and from several machines at once. StorageUnavailable when the database cannot be
    reached, or is newer than this version of the bot.
    """
    return await asyncio.to_thread(_migrate, url)


async def create(url: str) -> None:
    """Make every table of this version at once, in a new database: what `migrate` does step by step.

    For databases that live as long as one command; a test holds both ways to the same tables.
    """
    await asyncio.to_thread(_create, url)


def engine_for(url: str) -> Engine:
    """A plain engine whose transactions also hold changes of tables, on SQLite too."""
    parsed = address(url)
    if parsed.get_backend_name() == "postgresql":
        with driver():
            return create_engine(patient(parsed), hide_parameters=True)
    sqlite_file.prepare(Path(str(parsed.database)))
    engine = create_engine(
        parsed.set(drivername="sqlite"), connect_args={"isolation_level": None}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:
        sqlite_file.configure(connection, sqlite_file.WRITER)
        # Rebuilding a table that others refer to must not cascade into them.
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


async def _current(connection: AsyncConnection) -> str | None:
    if not await connection.run_sync(lambda sync: inspect(sync).has_table(_VERSIONS)):
        return None
    found = await connection.execute(text(f"SELECT version_num FROM {_VERSIONS}"))  # noqa: S608 - a constant
    return found.scalar_one_or_none()


def _create(url: str) -> None:
    engine = engine_for(url)
    try:
        with engine.begin() as connection:
            _make(connection)
    except SQLAlchemyError as error:
        raise unavailable(error) or error from error
    finally:
        engine.dispose()


def _make(connection: Connection) -> None:
    metadata.create_all(connection)
    connection.exec_driver_sql(f"CREATE TABLE {_VERSIONS} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql(f"INSERT INTO {_VERSIONS} VALUES ('{HEAD}')")  # noqa: S608 - constants


def _migrate(url: str) -> list[str]:
    applied: list[str] = []
    engine = engine_for(url)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if inspect(connection).get_table_names():
                _upgrade(connection, applied)
            else:
                _make(connection)
                applied += (f"{number:04}" for number in range(1, int(HEAD) + 1))
    except SQLAlchemyError as error:
        raise unavailable(error) or error from error
    finally:
        engine.dispose()
    return applied


def _upgrade(connection: Connection, applied: list[str]) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current > HEAD:
        raise _too_new(current)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = lambda *, step, **_: applied.append(step.up_revision_id)
    command.upgrade(config, "head")


def _too_new(revision: str) -> StorageUnavailable:
    return StorageUnavailable(
        f"The database has revision {revision}; this version of the bot knows {HEAD}.",
        remedy="Run the newer version of the bot again, or restore a backup made before it.",
        code="too_new",
    )
