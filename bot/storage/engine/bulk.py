"""Many rows in one statement.

The driver of SQLite gives up the interpreter lock for each step of a statement and takes it back
afterwards, for which it waits whenever the event loop is busy. One statement for many rows gives it up
once, so the event loop goes on while SQLite works. On PostgreSQL it is one round trip.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain, repeat
from typing import Any, TypeAlias

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.in_thread import driver

Rows: TypeAlias = Sequence[tuple[Any, ...]]

# Rows of one statement. On SQLite these are the only numbers of rows that are ever prepared: what is
# missing up to the next of them is filled with nulls, which the LIMIT of the statement leaves out.
_SIZES = (1, 4, 16, 64, 128, 256)
_NOTHING = "DO NOTHING"


async def insert_new(connection: AsyncConnection, table: Table, columns: tuple[str, ...], rows: Rows) -> int:
    """Insert rows, leaving out those that meet a unique constraint; how many were inserted."""
    raw = driver(connection)
    if raw is not None:
        return _insert_all(raw, table.name, columns, rows)[0]
    inserted = 0
    for start in range(0, len(rows), _SIZES[-1]):
        part = rows[start : start + _SIZES[-1]]
        statement = _values(table.name, columns, len(part))
        result = await connection.exec_driver_sql(statement, tuple(chain.from_iterable(part)))
        inserted += result.rowcount
    return inserted


async def insert_numbered(
    connection: AsyncConnection, table: Table, columns: tuple[str, ...], rows: Rows
) -> tuple[int, range | None]:
    """The same for a table that numbers its rows, and the numbers they got, where that is known.

    It is on SQLite when every row was new: nobody else inserts in between.
    """
    raw = driver(connection)
    if raw is None:
        return await insert_new(connection, table, columns, rows), None
    inserted, last = _insert_all(raw, table.name, columns, rows)
    return inserted, range(last - inserted + 1, last + 1) if inserted == len(rows) else None


async def insert_adding(
    connection: AsyncConnection, table: Table, columns: tuple[str, ...], rows: Rows
) -> None:
    """Insert rows of a key and, last, a number; where the key is there, the number is added to its own.

    No key may be there twice.
    """
    *key, number = columns
    then = f'UPDATE SET "{number}" = {table.name}."{number}" + excluded."{number}"'
    conflict = f"({_quoted(key)}) DO {then}"
    raw = driver(connection)
    if raw is not None:
        _insert_all(raw, table.name, columns, rows, conflict)
        return
    for start in range(0, len(rows), _SIZES[-1]):
        part = rows[start : start + _SIZES[-1]]
        statement = _values(table.name, columns, len(part), conflict)
        await connection.exec_driver_sql(statement, tuple(chain.from_iterable(part)))


def _insert_all(
    raw: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Rows, conflict: str = _NOTHING
) -> tuple[int, int]:
    inserted = last = 0
    for start in range(0, len(rows), _SIZES[-1]):
        part = rows[start : start + _SIZES[-1]]
        size = next(size for size in _SIZES if size >= len(part))
        values = list(chain.from_iterable(part))
        values.extend(repeat(None, (size - len(part)) * len(columns)))
        values.append(len(part))
        done = raw.execute(_padded(table, columns, size, conflict), values)
        inserted += done.rowcount
        last = done.lastrowid or 0
    return inserted, last


@cache
def _padded(table: str, columns: tuple[str, ...], size: int, conflict: str) -> str:
    values = _marks("?", len(columns), size)
    return (
        f"INSERT INTO {table} ({_quoted(columns)}) SELECT * FROM (VALUES {values}) WHERE true LIMIT ?"  # noqa: S608 - our own names only
        f" ON CONFLICT {conflict}"
    )


@cache
def _values(table: str, columns: tuple[str, ...], size: int, conflict: str = _NOTHING) -> str:
    values = _marks("%s", len(columns), size)
    return f"INSERT INTO {table} ({_quoted(columns)}) VALUES {values} ON CONFLICT {conflict}"  # noqa: S608 - our own names only


def _marks(mark: str, columns: int, rows: int) -> str:
    row = f"({', '.join([mark] * columns)})"
    return ", ".join([row] * rows)


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
