"""Collections of records, held in memory and written through to one SQLite file.

Write-through with WAL survives the process being killed at any moment, which is what a demo that
is stopped and started needs; it does not promise to survive a power cut.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from bot.sandbox.records import Record

R = TypeVar("R", bound=Record)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (kind TEXT, id TEXT, body BLOB NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


def _prepare(path: Path) -> None:
    """Make the file for its owner alone, and narrow what an earlier run left wider.

    SQLite gives its log and index beside it the mode of the file. One that is there already is never
    opened outside SQLite: closing it would drop the locks of every connection of the process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with contextlib.suppress(FileNotFoundError):
            file.chmod(0o600)


class Collection(Generic[R]):
    """All records of one kind, in the order they were first put; oldest go beyond ``keep``."""

    def __init__(
        self,
        db: sqlite3.Connection,
        name: str,
        kind: type[R],
        keep: int | None,
        evict: Callable[[R], bool],
    ) -> None:
        self._db, self._name, self._keep, self._evict = db, name, keep, evict
        rows = db.execute("SELECT id, body FROM record WHERE kind = ? ORDER BY rowid", (name,))
        decoder = msgspec.json.Decoder(kind)
        self._rows: dict[str, R] = {row_id: decoder.decode(body) for row_id, body in rows}
        self.changes = 0
        """How often something was put or deleted."""

    def get(self, record_id: str) -> R | None:
        return self._rows.get(record_id)

    def put(self, record: R) -> R:
        """Insert or replace; a record keeps its place in the order when replaced."""
        self.changes += 1
        self._db.execute(
            "INSERT INTO record (kind, id, body) VALUES (?, ?, ?) "
            "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (self._name, record.id, msgspec.json.encode(record)),
        )
        self._rows[record.id] = record
        if self._keep is not None and len(self._rows) > self._keep:
            self._drop_oldest()
        return record

    def delete(self, record_id: str) -> None:
        self.changes += 1
        self._db.execute("DELETE FROM record WHERE kind = ? AND id = ?", (self._name, record_id))
        self._rows.pop(record_id, None)

    def _drop_oldest(self) -> None:
        for record in self._rows.values():
            if self._evict(record):
                self.delete(record.id)
                return

    def __iter__(self) -> Iterator[R]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)


class Store:
    """One database: named collections and counters that never go back."""

    def __init__(self, path: Path | None) -> None:
        """Open ``path``, making its folder; ``None`` keeps everything in memory.

        ``OSError`` or ``sqlite3.Error`` when it cannot be opened or is no database.
        """
        if path is not None:
            _prepare(path)
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    def collection(
        self,
        name: str,
        kind: type[R],
        *,
        keep: int | None = None,
        evict: Callable[[R], bool] = lambda _: True,
    ) -> Collection[R]:
        """The records called ``name``; past ``keep`` the oldest that ``evict`` allows is dropped."""
        return Collection(self._db, name, kind, keep, evict)

    def next(self, name: str, start: int = 1) -> int:
        """The next number of the counter ``name``; the first is ``start``."""
        row = self._db.execute(
            "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + 1 "
            "RETURNING value",
            (name, start),
        ).fetchone()
        return int(row[0])

    @contextlib.contextmanager
    def atomic(self) -> Iterator[None]:
        """Everything put inside is stored together, or, if the process is killed, not at all.

        An exception does not undo anything: what is in memory is the truth, and the file follows it.
        The block must not await, or the changes of others would be caught up in it.
        """
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()
