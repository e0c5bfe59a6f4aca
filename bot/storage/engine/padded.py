"""Many rows of SQLite in one statement, with nothing but `sqlite3`: the store process has nothing else.

Only a few numbers of rows are ever prepared: what is missing up to the next of them is filled with nulls,
which the LIMIT of the statement leaves out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain, repeat
from typing import Any, Final, TypeAlias

Rows: TypeAlias = Sequence[tuple[Any, ...]]

SIZES: Final = (1, 4, 16, 64, 128, 256)
NOTHING: Final = "DO NOTHING"


def insert_rows(
    raw: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Rows, conflict: str = NOTHING
) -> tuple[int, int]:
    """Insert rows: how many were inserted or changed, and the number of the last one.

    conflict: what stands behind ON CONFLICT.
    """
    inserted = last = 0
    for start in range(0, len(rows), SIZES[-1]):
        part = rows[start : start + SIZES[-1]]
        size = next(size for size in SIZES if size >= len(part))
        values = list(chain.from_iterable(part))
        values.extend(repeat(None, (size - len(part)) * len(columns)))
        values.append(len(part))
        done = raw.execute(_padded(table, columns, size, conflict), values)
        inserted += done.rowcount
        last = done.lastrowid or 0
    return inserted, last


def adding(table: str, columns: tuple[str, ...]) -> str:
    """Behind ON CONFLICT: where the key (all but the last column) is there, the last is added to its own."""
    *key, number = columns
    return f'({quoted(key)}) DO UPDATE SET "{number}" = {table}."{number}" + excluded."{number}"'


def marks(mark: str, columns: int, rows: int) -> str:
    """The places of the values of so many rows."""
    row = f"({', '.join([mark] * columns)})"
    return ", ".join([row] * rows)


def quoted(columns: Sequence[str]) -> str:
    """The names in a statement."""
    return ", ".join(f'"{column}"' for column in columns)


@cache
def _padded(table: str, columns: tuple[str, ...], size: int, conflict: str) -> str:
    values = marks("?", len(columns), size)
    return (
        f"INSERT INTO {table} ({quoted(columns)}) SELECT * FROM (VALUES {values}) WHERE true LIMIT ?"  # noqa: S608 - our own names only
        f" ON CONFLICT {conflict}"
    )
