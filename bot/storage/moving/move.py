"""Moves an installation from a SQLite file into PostgreSQL: every table, the next ids, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.core.errors import DatabaseUnusable
from bot.storage.engine.addresses import address
from bot.storage.moving.digests import TableDigest, copied_tables, whole
from bot.storage.moving.loading import CopyTarget, filled
from bot.storage.moving.marks import CopyMark, named
from bot.storage.moving.reading import Source, opened

TableCopied: TypeAlias = Callable[[str, int], None]
"""Told the name of a table and how many rows of it were copied, from the thread that copies."""


@dataclass(frozen=True, slots=True)
class Moved:
    """rows: in all tables. digest: of what was written and, the same, read back: 64 hexadecimal digits.
    whole: nobody had the file open, so nothing is missing; False while a bot runs on it. marked: the file
    says that it was moved, so that no bot starts on it."""

    rows: int
    digest: str
    whole: bool
    marked: bool


def move(file: Path, url: str, copied: TableCopied) -> Moved:
    """Copy what is in the file into the PostgreSQL database, in place of a copy made before; all or nothing.

    Both have the tables of this version. It may take minutes: run it in a thread. The file is not changed,
    but for a mark when everything has been moved.
    DatabaseUnusable where the database holds anything else, or what was read back is not what was
    written; StorageUnavailable where one of them cannot be read or written.
    """
    with opened(file) as source:
        with filled(url) as target:
            target.require_replaceable()
            with target.unwatched():
                given = _filled(source, target, copied)
                found = target.digests()
                for name, one in given.items():
                    if found[name] != one:
                        raise _not_the_same(name, one.rows, found[name].rows)
                mark = CopyMark(whole(found), source.alone)
                target.mark(mark)
        # Only now, when PostgreSQL has it for good: the other way round a crash could leave no database at
        # all to start on. One between the two leaves a file without a mark, and repeating the move marks it.
        marked = source.alone and source.mark_moved(named(address(url)))
        return Moved(sum(one.rows for one in given.values()), mark.digest, source.alone, marked)


def _filled(source: Source, target: CopyTarget, copied: TableCopied) -> dict[str, TableDigest]:
    """What was written, by table."""
    given = {}
    target.empty()
    for table in copied_tables():
        given[table.name] = target.fill(table, source.rows(table))
        if table.dialect_options["sqlite"]["autoincrement"]:
            target.go_on_after(table, source.highest(table))
        copied(table.name, given[table.name].rows)
    return given


def _not_the_same(table: str, written: int, found: int) -> DatabaseUnusable:
    return DatabaseUnusable(
        f"What PostgreSQL gives back of the table {table} is not what was written "
        f"({written} rows, {found} back).",
        remedy="Nothing was changed. Please report this, with the name of the table.",
        code="not_the_same",
    )
