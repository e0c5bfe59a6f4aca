"""Which errors of the databases mean "not now": disk full, locked, unreachable, broken, out of time.

They become `StorageUnavailable`. Everything else (a constraint, a mistake in a statement) is left as
SQLAlchemy raised it, for the caller to decide on. What PostgreSQL's states mean:
`bot.storage.engine.sqlstates`. Source: sqlite.org/rescode.html.
"""

from __future__ import annotations

import sqlite3
from typing import assert_never

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.core.errors import DatabaseUnusable, StorageUnavailable
from bot.storage.engine.refusals import refusal
from bot.storage.engine.sqlstates import BEFORE_ASKED, RERUN, Away, Verdict, meaning

SQLITE_BUSY = 5
SQLITE_FULL = 13
LOST = "the connection to the database was lost"
UNREACHABLE = "the database cannot be reached"
WORK_AWAY = "the shared work cannot be reached"
BUSY = "all connections to the database are busy"
_SQLITE = {
    3: "the database file may not be used by this user",
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


def sqlite_code(error: BaseException) -> int | None:
    """The primary result code of SQLite in an error of sqlite3 or SQLAlchemy; None without one."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    # The low byte is the primary code; the rest says where it happened.
    return code & 0xFF if isinstance(code, int) else None


def sqlstate(error: BaseException) -> str | None:
    """The state that PostgreSQL gave for an error; None without one, as where it cannot be reached."""
    state = getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None)
    return state if isinstance(state, str) else None


def collided(error: DBAPIError) -> bool:
    """PostgreSQL gave up this transaction for another one; running it again is the remedy."""
    state = sqlstate(error)
    return state is not None and meaning(state) is RERUN


def lost_before_asked(error: DBAPIError) -> bool:
    """The server had ended the session before it was asked for anything more: nothing of that was done."""
    return sqlstate(error) in BEFORE_ASKED


def unavailable(error: BaseException) -> StorageUnavailable | None:
    """The error to raise instead of one that means "not now"; None for all others.

    The caller raises it `from` the original, which the log then shows.
    """
    if isinstance(error, PoolTimeout):
        return StorageUnavailable(BUSY, code="busy")
    precisely = _not_connected(error)
    detail = _sqlite_detail(error) or _postgres_detail(error) or (UNREACHABLE if precisely else None)
    if detail is None:
        return None
    failure = StorageUnavailable(detail, code="storage")
    failure.for_operator = precisely
    return failure


def _not_connected(error: BaseException) -> DatabaseUnusable | None:
    """Why PostgreSQL gave no connection, for whoever runs the bot; None where that is not known. An address
    that it does not understand is said to be a mistake of the program's, though it stands in the settings."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    if cause is None or isinstance(cause, sqlite3.Error) or sqlstate(error) is not None:
        return None
    return refusal(str(cause))


def _sqlite_detail(error: BaseException) -> str | None:
    code = sqlite_code(error)
    return None if code is None else _SQLITE.get(code)


def _postgres_detail(error: BaseException) -> str | None:
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return None
    state = sqlstate(error)
    if state is None:
        # psycopg has no state for a server that cannot be reached or went away.
        gone = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        return UNREACHABLE if gone else None
    # Whatever it was that the server hung up with, this connection gives no answer any more.
    return detail_of(state) or (LOST if error.connection_invalidated else None)


def is_away(detail: str) -> bool:
    """Whether these words of a `StorageUnavailable` say that the server is not there just now."""
    return detail in _AWAY or detail.startswith(WORK_AWAY)


def detail_of(state: str) -> str | None:
    """Why PostgreSQL could not do it now, by its state; None where the mistake is ours."""
    found = meaning(state)
    match found:
        case Away(detail):
            return detail
        case Verdict.RERUN:
            return "others kept changing the same data in the database"
        case Verdict.OURS:
            return None
        case _:
            assert_never(found)


# Of a server that ends, and starts again: lost, shutting down, no answer, starting up. Whoever waits for one
# of its connections then has to wait as well.
_AWAY = frozenset(
    {LOST, UNREACHABLE, BUSY, *(detail_of(state) for state in ("08000", "57P01", "57P02", "57P03"))}
)
