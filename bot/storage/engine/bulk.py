"""Many rows in one statement.

The driver of SQLite gives up the interpreter lock for each step of a statement and takes it back
afterwards, for which it waits whenever the event loop is busy. One statement for many rows gives it up
once, so the event loop goes on while SQLite works. On PostgreSQL it is one round trip.
"""

from __future__ import annotations

from functools import cache
from itertools import chain

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.in_thread import driver
from bot.storage.engine.padded import NOTHING, SIZES, Rows, adding, insert_rows, marks, quoted


async def insert_new(connection: AsyncConnection, table: Table, columns: tuple[str, ...], rows: Rows) -> int:
    """Insert rows, leaving out those that meet a unique constraint; how many were inserted."""
    raw = driver(connection)
    if raw is not None:
        return insert_rows(raw, table.name, columns, rows)[0]
    inserted = 0
    for start in range(0, len(rows), SIZES[-1]):
        part = rows[start : start + SIZES[-1]]
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
    inserted, last = insert_rows(raw, table.name, columns, rows)
    return inserted, range(last - inserted + 1, last + 1) if inserted == len(rows) else None


async def insert_adding(
    connection: AsyncConnection, table: Table, columns: tuple[str, ...], rows: Rows
) -> None:
    """Insert rows of a key and, last, a number; where the key is there, the number is added to its own.

    No key may be there twice.
    """
    conflict = adding(table.name, columns)
    raw = driver(connection)
    if raw is not None:
        insert_rows(raw, table.name, columns, rows, conflict)
        return
    for start in range(0, len(rows), SIZES[-1]):
        part = rows[start : start + SIZES[-1]]
        statement = _values(table.name, columns, len(part), conflict)
        await connection.exec_driver_sql(statement, tuple(chain.from_iterable(part)))


@cache
def _values(table: str, columns: tuple[str, ...], size: int, conflict: str = NOTHING) -> str:
    values = marks("%s", len(columns), size)
    return f"INSERT INTO {table} ({quoted(columns)}) VALUES {values} ON CONFLICT {conflict}"  # noqa: S608 - our own names only
