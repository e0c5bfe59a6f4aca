"""The SQLite file that is moved: one moment of it, and whether anybody else has it open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Table

from bot.storage.engine import sqlite_file
from bot.storage.engine.failures import SQLITE_BUSY, sqlite_code, unavailable
from bot.storage.moving.digests import Row, select_all, truths
from bot.storage.moving.marks import MOVED

_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """A file in one transaction. alone: nobody else has it open, and nobody can open it meanwhile."""

    connection: sqlite3.Connection
    alone: bool

    def rows(self, table: Table) -> Iterator[Row]:
        """Every row of a table, as PostgreSQL's driver would give it."""
        found = self.connection.execute(select_all(table))
        found.arraysize = _ROWS
        places = truths(table)
        while some := found.fetchmany():
            if not places:
                yield from some
                continue
            for row in some:
                yield tuple(
                    bool(value) if place in places and value is not None else value
                    for place, value in enumerate(row)
                )

    def mark_moved(self, where: str) -> bool:
        """Note in the file where everything was moved to, and end the transaction; False where it could not
        be written. Nobody else has opened the file since the copy began."""
        try:
            self.connection.execute("INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)", (MOVED, where))
            self.connection.execute("COMMIT")
        except sqlite3.Error:
            return False
        return True

    def highest(self, table: Table) -> int:
        """The highest id that was ever given out in a table with ascending ids, also where it is gone."""
        found = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,))
        row = found.fetchone()
        return int(row[0]) if row else 0


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The file at one moment, up to the end of the block. StorageUnavailable when it cannot be read."""
    try:
        with closing(_connected(path)) as connection:
            alone = _locked(connection)
            if not alone:
                connection.execute("PRAGMA locking_mode=NORMAL")
                connection.execute("BEGIN DEFERRED")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the moment is now
            yield Source(connection, alone)
    except sqlite3.Error as error:
        raise unavailable(error) or error from error


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        sqlite_file.configure(connection, (f"PRAGMA busy_timeout={sqlite_file.BUSY_TIMEOUT}",))
    except BaseException:
        connection.close()
        raise
    return connection


def _locked(connection: sqlite3.Connection) -> bool:
    """Take the file for ourselves, which SQLite grants where no other connection is open on it, idle or not.

    In this mode a file with a log is read without the memory that processes share, and so only by one.
    Source: sqlite.org/wal.html, section 8.
    """
    connection.execute("PRAGMA busy_timeout=0")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if sqlite_code(error) != SQLITE_BUSY:
            raise
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout={sqlite_file.BUSY_TIMEOUT}")
    return True
