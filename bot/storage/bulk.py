"""Many rows in one statement.

The driver of SQLite gives up the interpreter lock for each row of an `executemany` and takes it back
afterwards, for which it waits whenever the event loop is busy. One statement for many rows gives it
up once, so the event loop goes on while SQLite works. On PostgreSQL it is one round trip.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

# SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535.
_PARAMETERS = 8192


async def insert_new(
    connection: AsyncConnection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> int:
    """Insert rows, leaving out those that meet a unique constraint; how many were inserted."""
    inserted = 0
    start = 0
    largest = 1 << ((_PARAMETERS // len(columns)).bit_length() - 1)
    while start < len(rows):
        # Powers of two, so that a few statements serve every number of rows and stay prepared.
        size = min(largest, 1 << ((len(rows) - start).bit_length() - 1))
        statement = _insert(connection.dialect.name, table.name, columns, size)
        values = tuple(chain.from_iterable(rows[start : start + size]))
        result = await connection.exec_driver_sql(statement, values)
        inserted += result.rowcount
        start += size
    return inserted


@cache
def _insert(dialect: str, table: str, columns: tuple[str, ...], size: int) -> str:
    mark = "%s" if dialect == "postgresql" else "?"
    names = ", ".join(f'"{column}"' for column in columns)
    row = f"({', '.join([mark] * len(columns))})"
    values = ", ".join([row] * size)
    return f"INSERT INTO {table} ({names}) VALUES {values} ON CONFLICT DO NOTHING"  # noqa: S608 - our own names only
