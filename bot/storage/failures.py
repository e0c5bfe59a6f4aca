"""Which errors of the databases mean "not now": disk full, locked, unreachable, broken.

They become `StorageUnavailable`. Everything else (a constraint, a mistake in a statement) is left as
SQLAlchemy raised it, for the caller to decide on.
Sources: sqlite.org/rescode.html, postgresql.org/docs/current/errcodes-appendix.html.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.core.errors import StorageUnavailable

SQLITE_BUSY = 5
SQLITE_FULL = 13
_SQLITE = {
    SQLITE_BUSY: "the database is locked by another process",
    6: "the database is locked by another process",
    7: "the database ran out of memory",
    8: "the database is read-only",
    10: "the disk of the database failed",
    11: "the database file is damaged",
    SQLITE_FULL: "the disk of the database is full",
    14: "the database file cannot be opened",
    15: "the database is locked by another process",
    26: "the database file is not a database",
}
# By SQLSTATE, the longest prefix that fits first.
_POSTGRES = {
    "53100": "the disk of the database is full",
    "25006": "the database is read-only",
    "08": "the connection to the database was lost",
    "53": "the database is out of resources",
    "57P": "the database is shutting down",
    "58": "the database had a failure of its own",
    "XX": "the database is damaged",
}
# Two transactions met; PostgreSQL asks for one of them to be run again.
_COLLISIONS = frozenset({"40001", "40P01"})


def sqlite_code(error: BaseException) -> int | None:
    """The primary result code of SQLite in an error of sqlite3 or SQLAlchemy; None without one."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    # The low byte is the primary code; the rest says where it happened.
    return code & 0xFF if isinstance(code, int) else None


def collided(error: DBAPIError) -> bool:
    """PostgreSQL gave up this transaction for another one; running it again is the remedy."""
    return getattr(error.orig, "sqlstate", None) in _COLLISIONS


def unavailable(error: BaseException) -> StorageUnavailable | None:
    """The error to raise instead of one that means "not now"; None for all others.

    The caller raises it `from` the original, which the log then shows.
    """
    if isinstance(error, PoolTimeout):
        return StorageUnavailable("all connections to the database are busy", code="busy")
    detail = _sqlite_detail(error) or _postgres_detail(error)
    return StorageUnavailable(detail, code="storage") if detail else None


def _sqlite_detail(error: BaseException) -> str | None:
    code = sqlite_code(error)
    return None if code is None else _SQLITE.get(code)


def _postgres_detail(error: BaseException) -> str | None:
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # psycopg has no state for a server that cannot be reached or went away.
        gone = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        return "the database cannot be reached" if gone else None
    fitting = (detail for prefix, detail in _POSTGRES.items() if state.startswith(prefix))
    return next(fitting, None)
