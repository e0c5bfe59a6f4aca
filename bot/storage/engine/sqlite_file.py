"""The SQLite file itself: its permissions, the settings of its connections, copying it.

Only SQLite opens a database that may be in use. POSIX drops all locks that a process holds on a file
as soon as it closes any descriptor of it, also one that it only looked with; the next process that
ends its work on the database then takes itself for the last one and deletes the log of commits under
those that go on. Source: sqlite.org/howtocorrupt.html, section 2.2.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import stat
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.core.errors import NotMigrated, StorageUnavailable
from bot.storage.engine.failures import SQLITE_BUSY, sqlite_code, unavailable

# How long a connection waits for another process that holds the lock, in milliseconds.
BUSY_TIMEOUT = 5000

# FULL: what `write` has answered for survives a power cut, not only a crash.
WRITER = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What is deleted is overwritten, however SQLite was built (Debian: with ON; elsewhere mostly with
    # OFF). FAST would leave what is too large for its page: it goes to pages that nobody writes any more.
    "PRAGMA secure_delete=ON",
    # A burst must not leave its log on the disk for ever (64 MiB).
    "PRAGMA journal_size_limit=67108864",
)
READER = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA query_only=ON",
)

# What the names of a database's file and of what SQLite keeps beside it end in.
SUFFIXES = ("", "-wal", "-shm", "-journal")

# What the name of a copy ends in until it is whole.
PART = ".part"


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


def forget_statistics(connection: sqlite3.Connection) -> None:
    """Take out what ANALYZE has noted of the tables, as somebody may have run it on the file.

    Our statements are written for plans that hold at any size. With the statistics of one moment SQLite may
    take others, as a walk through a table that had three rows then, and keeps them when it has a million.
    """
    noted = {name for (name,) in connection.execute(_STATISTICS)}
    try:
        for name in noted:
            connection.execute(f"DELETE FROM {name}")  # noqa: S608 - SQLite's own names
        if noted:
            connection.execute("ANALYZE sqlite_schema")  # reads them anew, and finds none
    except sqlite3.OperationalError:
        # Another process writes, or nobody can: slower plans are no reason not to start.
        return


_STATISTICS = "SELECT name FROM sqlite_master WHERE name IN ('sqlite_stat1', 'sqlite_stat4')"


def prepare(path: Path) -> None:
    """Make the file (0600) and its directory (0700) where missing, for its owner alone.

    SQLite gives the log beside it the same mode. The file itself is never opened here: see the module.
    StorageUnavailable when it cannot be made or used.
    """
    real = Path(os.path.realpath(path))
    try:
        real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(real)
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    expect(path)


def expect(path: Path) -> None:
    """NotMigrated when there is no file yet, StorageUnavailable when it cannot be used or made."""
    real = Path(os.path.realpath(path))
    try:
        there = next(place for place in (real, *real.parents) if place.exists())
        made = there == real
        if there.is_dir() is made:
            raise _unusable(path, os.strerror(errno.EISDIR if made else errno.ENOTDIR))
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    needed = os.R_OK | os.W_OK if made else os.W_OK | os.X_OK
    if not os.access(there, needed, effective_ids=os.access in os.supports_effective_ids):
        raise _unusable(path, os.strerror(errno.EACCES))
    if not made:
        raise NotMigrated(f"There is no database at {path} yet.", code="no_file")


def _unusable(path: Path, reason: str) -> StorageUnavailable:
    return StorageUnavailable(f"the database file {path} cannot be opened: {reason}", code="storage")


def _make(path: Path) -> None:
    """An empty file, unless there is one; nobody has it open for a moment.

    Between making it by `open` and closing it, another thread could find it and connect to it.
    """
    with contextlib.suppress(FileExistsError):
        if sys.platform == "linux":
            os.mknod(path, 0o600 | stat.S_IFREG)
        else:  # where that is for root, a finished file gets its name in one step
            descriptor, fresh = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            os.close(descriptor)
            try:
                os.link(fresh, path)
            finally:
                Path(fresh).unlink()


def companions(path: Path) -> tuple[str, ...]:
    """The names that SQLite uses for a database: its file, and what may stand beside it."""
    real = os.path.realpath(path)
    return tuple(real + suffix for suffix in SUFFIXES)


def copy(source: Path, target: Path) -> None:
    """Write a consistent copy of the database to `target`, a new file with mode 0600.

    It has that name only once it is whole: what a crash leaves behind is `.NAME.….part` beside it.
    FileExistsError when it exists, as the database itself and what SQLite keeps beside it do;
    StorageUnavailable when it cannot be written whole.
    """
    if os.path.realpath(target) in companions(source) or os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=PART, dir=target.parent)
    os.close(descriptor)
    part = Path(name)
    try:
        with closing(sqlite3.connect(source, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
            connection.execute("VACUUM INTO ?", (name,))
        _sync(part)
        _name(part, target)
        _sync(target.parent)
    except BaseException as error:
        failure = unavailable(error)
        if failure is None:
            raise
        raise failure from error
    finally:
        part.unlink(missing_ok=True)


def write_back(path: Path) -> bool:
    """Write the log of commits back and cut it to nothing; False while others hold it back.
    StorageUnavailable when that fails."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # Whoever writes meanwhile waits for us, so we wait for nobody.
            connection.execute("PRAGMA busy_timeout=0")
            (held_back, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        if sqlite_code(error) == SQLITE_BUSY:
            return False
        failure = unavailable(error)
        if failure is None:
            raise
        raise failure from error
    return not held_back


def _name(part: Path, target: Path) -> None:
    """Give a finished file its name, never in the place of another one."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        part.rename(target)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
