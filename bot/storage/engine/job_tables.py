"""The tables of procrastinate, in a schema of PostgreSQL of their own, made from the files of the installed
release.

Which of its revisions they have stands in the comment of the schema, as procrastinate notes it nowhere. A
later release brings files to be applied: those named `_pre_` before programs of that release start, those
named `_post_` after the last one of the release before has ended. Both are applied here, in that order, by
the first process of the new version; one of the version before refuses the database from then on
(`bot.storage.migrate`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import DatabaseUnusable
from bot.storage.engine.addresses import driver

SCHEMA: Final = "xquik_bot_jobs"
REVISION: Final = "03.04.00_50"
"""The newest file of the releases that `pyproject.toml` allows; a test holds the two together."""
_COMMENT: Final = "procrastinate "
_NOTED = text(
    "SELECT space IS NOT NULL AS there, obj_description(space, 'pg_namespace') AS note,"
    " EXISTS (SELECT FROM pg_type WHERE typnamespace = space) AS filled"
    " FROM to_regnamespace('xquik_bot_jobs') AS space"
)
# Whether this user may make the schema, or where it is there, do in it what only its owner may.
_MAY = text(
    "SELECT coalesce((SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace"
    " WHERE nspname = 'xquik_bot_jobs'), has_database_privilege(current_database(), 'CREATE'))"
)
_FORBIDDEN = "42501"


async def job_tables_missing(connection: AsyncConnection) -> bool:
    """Whether `make_job_tables` has something to do; raises where that could not do it."""
    if connection.dialect.name != "postgresql":
        return False
    return _revision((await connection.execute(_NOTED)).one()) < REVISION


async def require_job_tables_makeable(connection: AsyncConnection) -> None:
    """DatabaseUnusable where `make_job_tables` would raise it; nothing is made."""
    if connection.dialect.name != "postgresql":
        return
    files_behind("")
    if await job_tables_missing(connection) and not (await connection.execute(_MAY)).scalar_one():
        raise _forbidden()


def make_job_tables(connection: Connection) -> None:
    """Bring them to the revision of this version, inside the transaction of the caller, one process at a
    time.

    DatabaseUnusable where procrastinate is not installed, this user may make no schema, or nobody can say
    which revision there is.
    """
    if connection.dialect.name != "postgresql":
        return
    row = connection.execute(_NOTED).one()
    before = _revision(row)
    if before >= REVISION:
        return
    try:
        if not row.there:
            connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        connection.exec_driver_sql(f"SET LOCAL search_path TO {SCHEMA}")
        for file in files_behind(before):
            # A file holds many statements, and percent signs of its own: without parameters it goes as it is.
            raw = connection.connection.cursor()
            raw.execute(file.read_text(encoding="utf-8"))
            raw.close()
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS '{_COMMENT}{REVISION}'")
        connection.exec_driver_sql("SET LOCAL search_path TO DEFAULT")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _FORBIDDEN:
            raise _forbidden() from error
        raise


def _forbidden() -> DatabaseUnusable:
    return DatabaseUnusable(
        f"The user of the database may not make the schema {SCHEMA}, in which work is shared.",
        remedy="As the owner of the database: GRANT CREATE ON DATABASE … TO …",
        code="no_schema",
    )


def files_behind(revision: str) -> Sequence[Path]:
    """What brings tables of that revision to ours; "": there are none yet."""
    with driver():
        spec = find_spec("procrastinate")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("procrastinate", name="procrastinate")
    directory = Path(spec.origin).parent / "sql"
    if not revision:
        return (directory / "schema.sql",)
    later = sorted(
        file for file in (directory / "migrations").glob("*.sql") if revision < _level(file) <= REVISION
    )
    return (*(f for f in later if "_post_" not in f.name), *(f for f in later if "_post_" in f.name))


def _level(file: Path) -> str:
    """The revision that a file brings, as in 03.04.00_50."""
    return file.name[: len(REVISION)]


def _revision(row: Row[Any]) -> str:
    """Which revision the tables have; "": there are none yet."""
    note = row.note or ""
    if not note.startswith(_COMMENT):
        if row.filled:
            raise DatabaseUnusable(
                f"The schema {SCHEMA} has lost its comment, which says which revision its tables have.",
                remedy=f"Stop every process, DROP SCHEMA {SCHEMA} CASCADE, and run `xquik-bot migrate`: what "
                "was in it is found again. A backup has to keep comments (no --no-comments).",
                code="no_note",
            )
        return ""
    revision = note.removeprefix(_COMMENT)
    if revision > REVISION:
        raise DatabaseUnusable(
            f"Its schema {SCHEMA} has revision {revision}; this version of the bot knows {REVISION}.",
            remedy="Run the newer version of the bot again, or restore a backup made before it.",
            code="too_new",
        )
    return str(revision)
