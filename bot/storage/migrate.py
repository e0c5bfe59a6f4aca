"""Brings a database to the tables of this version.

Alembic does it, and is imported only then: whether it is needed is one short query, since opening
an up-to-date database is part of every start. A database without any table gets all of them at once.

Versions run beside each other while they are replaced one by one. So a revision first only adds (expand),
and what is not used any more is taken away a release later (contract): docs/storage.md. Beside its revision a
database says which versions may still use it.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import DatabaseUnusable, NotMigrated, StorageUnavailable
from bot.storage.engine import sqlite_file
from bot.storage.engine.addresses import address, driver, patient
from bot.storage.engine.database import Database
from bot.storage.engine.failures import detail_of, sqlstate, unavailable
from bot.storage.engine.job_tables import (
    job_tables_missing,
    make_job_tables,
    require_job_tables_makeable,
)
from bot.storage.tables import metadata

# The newest revision in migrations/versions; a test holds the two together.
HEAD = "0035"
# The newest revision of the oldest version that may run beside these tables. What a revision adds leaves it
# as it is; one that takes something away raises it: tests/storage/test_beside.py.
OLDEST = "0033"
_VERSIONS = "alembic_version"
# Any number, the same for all who migrate: machines that start together take turns.
_LOCK = 7_823_415_001
# On PostgreSQL: how long a change of a table waits for those who use it. Whoever asks for that table
# meanwhile waits behind it, so it is tried again and again for a moment each.
_PATIENCE = "1s"
_TRIES = 60
_PAUSE = 1.0
# A table that is in use; two who wait for each other.
_IN_USE = frozenset({"55P03", "40P01"})
_FORBIDDEN = "42501"
# Whether this user may make tables, or change those that are there. NULL without a schema to make them in.
_MAY = text(
    "SELECT CASE WHEN to_regclass('alembic_version') IS NULL"
    " THEN has_schema_privilege(current_schema(), 'CREATE')"
    " ELSE (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('alembic_version'))"
    " END"
)


async def pending(database: Database) -> bool:
    """Whether `migrate` has something to do. DatabaseUnusable for a database of a newer version beside
    which this one may not run."""
    stamp = await database.read(_stamp)
    return not stamp.is_newer and (stamp.revision != HEAD or await database.read(job_tables_missing))


async def require(database: Database, *, exactly: bool = False) -> None:
    """NotMigrated unless the database has the tables of this version, or of a newer one beside which this one
    may run; DatabaseUnusable for any other newer one, and with `exactly` for all of them."""
    stamp = await database.read(_stamp)
    if stamp.revision is None:
        raise NotMigrated("The database has no tables yet.", code="no_tables")
    if stamp.is_newer and exactly:
        raise _too_new(stamp)
    if not stamp.is_newer and stamp.revision != HEAD:
        raise NotMigrated(
            f"The database has the tables of an older version: revision {stamp.revision} instead of {HEAD}.",
            code="old_tables",
        )
    if not stamp.is_newer and await database.read(job_tables_missing):
        raise NotMigrated("The database lacks the tables for shared work.", code="old_tables")


async def require_makeable(database: Database) -> None:
    """What keeps `migrate` from making the tables that are missing, as it would say it; nothing is made."""
    if database.dialect == "postgresql" and not await database.read(_may_make):
        raise StorageUnavailable(detail_of(_FORBIDDEN) or "", code="storage")
    await database.read(require_job_tables_makeable)


async def newer(database: Database) -> str | None:
    """The revision of the database, where a newer version made it and this one may run beside that."""
    stamp = await database.read(_stamp)
    return stamp.revision if stamp.is_newer else None


async def migrate(url: str) -> list[str]:
    """Apply the revisions that are missing, all or none; returns their names, oldest first.

    What a new database gets is what all of them make: a test holds both ways to the same tables. Safe to
    call at every start and from several machines at once, while older versions go on: on PostgreSQL no table
    is held for longer than a moment by waiting for them. Does nothing to a newer database beside which this
    version may run. StorageUnavailable when the database cannot be reached; DatabaseUnusable when it
    is newer than that, and through a pooler that keeps no sessions, before anything is made.
    """
    parsed = address(url)
    if parsed.get_backend_name() == "postgresql":
        from bot.storage.engine.poolers import refuse_poolers  # with the driver, which SQLite does not need

        await refuse_poolers(parsed)
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


class _Stamp(msgspec.Struct, frozen=True):
    """What a database says of its tables. oldest: the newest revision of the oldest version that may use
    them; None where nobody said."""

    revision: str | None = None
    oldest: str | None = None

    @property
    def is_newer(self) -> bool:
        """Whether a newer version made them, beside which this one may run; raises where it may not."""
        if self.revision is None or self.revision <= HEAD:
            return False
        if self.oldest is None or self.oldest > HEAD:
            raise _too_new(self)
        return True


async def _may_make(connection: AsyncConnection) -> bool:
    return (await connection.execute(_MAY)).scalar_one() is not False


async def _stamp(connection: AsyncConnection) -> _Stamp:
    return await connection.run_sync(_stamped)


def _stamped(connection: Connection) -> _Stamp:
    see = inspect(connection)
    if not see.has_table(_VERSIONS):
        return _Stamp()
    revision = connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar_one_or_none()  # noqa: S608 - a constant
    if revision is None or revision <= HEAD:
        return _Stamp(revision)
    if "oldest" not in {column["name"] for column in see.get_columns(_VERSIONS)}:
        return _Stamp(revision)
    oldest = connection.execute(text(f"SELECT oldest FROM {_VERSIONS}")).scalar_one()  # noqa: S608 - a constant
    return _Stamp(revision, oldest)


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
    say_oldest(connection)
    make_job_tables(connection)


def say_oldest(connection: Connection) -> None:
    """Note beside the revision which versions may go on. Alembic leaves that column alone, so whoever has it
    change the tables says so afterwards."""
    see = inspect(connection)
    if not see.has_table(_VERSIONS):
        return  # nothing was changed yet
    if "oldest" not in {column["name"] for column in see.get_columns(_VERSIONS)}:
        connection.exec_driver_sql(f"ALTER TABLE {_VERSIONS} ADD COLUMN oldest VARCHAR(32)")
    connection.exec_driver_sql(f"UPDATE {_VERSIONS} SET oldest = '{OLDEST}'")  # noqa: S608 - constants


def _migrate(url: str) -> list[str]:
    engine = engine_for(url)
    try:
        for left in range(_TRIES - 1, -1, -1):
            try:
                with engine.begin() as connection:
                    return _migrated(connection)
            except DBAPIError as error:
                if sqlstate(error) not in _IN_USE:
                    raise
                if not left:
                    raise _in_use() from error
            time.sleep(_PAUSE)
        raise AssertionError  # the last try returned or raised
    except SQLAlchemyError as error:
        raise unavailable(error) or error from error
    finally:
        engine.dispose()


def _migrated(connection: Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        # A session of a pooler's may have been left on another schema.
        connection.execute(text("SET LOCAL search_path TO DEFAULT"))
        # However long the turn of others, and a table of a million rows, may take.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
    if not inspect(connection).get_table_names():
        _make(connection)
        return [f"{number:04}" for number in range(1, int(HEAD) + 1)]
    if _stamped(connection).is_newer:
        return []
    applied = _upgrade(connection)
    if applied:
        say_oldest(connection)
    make_job_tables(connection)
    return applied


def _upgrade(connection: Connection) -> list[str]:
    from alembic import command
    from alembic.config import Config

    applied: list[str] = []
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = lambda *, step, **_: applied.append(step.up_revision_id)
    command.upgrade(config, "head")
    return applied


def _too_new(stamp: _Stamp) -> DatabaseUnusable:
    least = (
        "" if stamp.oldest is None or stamp.oldest <= HEAD else f", and {stamp.oldest} is the least for it"
    )
    return DatabaseUnusable(
        f"The database has revision {stamp.revision}; this version of the bot knows {HEAD}{least}.",
        remedy="Run the newer version of the bot again, or restore a backup made before it.",
        code="too_new",
    )


def _in_use() -> DatabaseUnusable:
    return DatabaseUnusable(
        "The tables are to be changed, but something keeps using them: a long transaction, or a backup.",
        remedy="Nothing was changed. See in pg_stat_activity what it is, and try again once it has ended.",
        code="in_use",
    )
