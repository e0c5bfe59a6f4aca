"""The SQLite file itself: its permissions, the settings of its connections, copying it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.core.errors import StorageUnavailable
from bot.storage.failures import SQLITE_BUSY, sqlite_code, unavailable

# How long a connection waits for another process that holds the lock, in milliseconds.
BUSY_TIMEOUT = 5000

# FULL: what `write` has answered for survives a power cut, not only a crash.
WRITER = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # A burst must not leave its log on the disk for ever (64 MiB).
    "PRAGMA journal_size_limit=67108864",
)
READER = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA query_only=ON",
)


def configure(connection: sqlite3.Connection, settings: Sequence[str]) -> None:
    """Apply the settings to a connection, waiting as long as for any other lock.

    Two that open a new file together both turn it to WAL, and for that SQLite does not wait itself.
    """
    for setting in settings:
        deadline = time.monotonic() + BUSY_TIMEOUT / 1000
        while True:
            try:
                connection.execute(setting)
                break
            except sqlite3.OperationalError as error:
                if sqlite_code(error) != SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def prepare(path: Path) -> None:
    """Make the file (0600) and its directory (0700) where missing, for its owner alone.

    SQLite gives the log beside it the same mode. StorageUnavailable when it cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        msg = f"the database file {path} cannot be opened: {error.strerror}"
        raise StorageUnavailable(msg, code="storage") from error


def copy(source: Path, target: Path) -> None:
    """Write a consistent copy of the database to `target`, a new file with mode 0600.

    FileExistsError when it exists; StorageUnavailable when it cannot be written whole.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(source, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
            connection.execute("VACUUM INTO ?", (str(target),))
        _sync(target)
        _sync(target.parent)
    except BaseException as error:
        target.unlink(missing_ok=True)
        failure = unavailable(error)
        if failure is None:
            raise
        raise failure from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
