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

# Rows of one statement. Each number of rows up to this is a statement of its own and stays prepared
# (the driver keeps 512), so a group is one or a few statements and never a dozen small ones.
_ROWS = 64


async def insert_new(
    connection: AsyncConnection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> int:
    """Insert rows, leaving out those that meet a unique constraint; how many were inserted."""
    inserted = 0
    for start in range(0, len(rows), _ROWS):
        part = rows[start : start + _ROWS]
        statement = _insert(connection.dialect.name, table.name, columns, len(part))
        result = await connection.exec_driver_sql(statement, tuple(chain.from_iterable(part)))
        inserted += result.rowcount
    return inserted


@cache
def _insert(dialect: str, table: str, columns: tuple[str, ...], size: int) -> str:
    mark = "%s" if dialect == "postgresql" else "?"
    names = ", ".join(f'"{column}"' for column in columns)
    row = f"({', '.join([mark] * len(columns))})"
    values = ", ".join([row] * size)
    return f"INSERT INTO {table} ({names}) VALUES {values} ON CONFLICT DO NOTHING"  # noqa: S608 - our own names only
