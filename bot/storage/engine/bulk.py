"""Many rows in one statement.

The driver of SQLite gives up the interpreter lock for each step of a statement and takes it back
afterwards, for which it waits whenever the event loop is busy. One statement for many rows gives it up
once, so the event loop goes on while SQLite works.

On PostgreSQL it is one round trip, with one array for each column: a statement with a place for each value
is read anew every time, by psycopg and by the server, which takes longer than storing the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Float, Table
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.in_thread import driver
from bot.storage.engine.padded import NOTHING, SIZES, Rows, adding, insert_rows, quoted


async def insert_new(connection: AsyncConnection, table: Table, columns: tuple[str, ...], rows: Rows) -> int:
    """Insert rows, leaving out those that meet a unique constraint; how many were inserted."""
    raw = driver(connection)
    if raw is not None:
        return insert_rows(raw, table.name, columns, rows)[0]
    return sum([done.rowcount for done in await _insert(connection, table, columns, rows)])


async def insert_numbered(
    connection: AsyncConnection, table: Table, columns: tuple[str, ...], rows: Rows
) -> tuple[int, Sequence[int] | None]:
    """The same for a table that numbers its rows by `id`, and the numbers they got, in order, where every row
    was new. Nobody else may insert until the transaction ends."""
    raw = driver(connection)
    if raw is None:
        parts = await _insert(connection, table, columns, rows, behind=" RETURNING id")
        numbers = sorted(int(number) for done in parts for number in done.scalars())
        return len(numbers), numbers if len(numbers) == len(rows) else None
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
    await _insert(connection, table, columns, rows, conflict)


async def _insert(
    connection: AsyncConnection,
    table: Table,
    columns: tuple[str, ...],
    rows: Rows,
    conflict: str = NOTHING,
    behind: str = "",
) -> list[CursorResult[Any]]:
    """Insert rows on PostgreSQL, in their order; what each statement gave."""
    statement, as_arrays = _arrays(table, columns, conflict, behind)
    return [
        await connection.exec_driver_sql(statement, as_arrays(rows[start : start + SIZES[-1]]))
        for start in range(0, len(rows), SIZES[-1])
    ]


@cache
def _arrays(
    table: Table, columns: tuple[str, ...], conflict: str, behind: str
) -> tuple[str, Callable[[Rows], tuple[list[Any], ...]]]:
    """The statement, and what makes its values of rows."""
    from sqlalchemy.dialects import postgresql  # where SQLite is all there is, it need not be loaded

    dialect: Any = postgresql.dialect  # untyped
    by_name = {column.name: column.type for column in table.columns}
    types = [by_name[name] for name in columns]
    arrays = ", ".join(f"%b::{one.compile(dialect=dialect())}[]" for one in types)
    names = quoted(columns)
    statement = (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM unnest({arrays})"  # noqa: S608 - our own names only
        f' WITH ORDINALITY AS given({names}, "nth of given") ORDER BY "nth of given"'
        f" ON CONFLICT {conflict}{behind}"
    )
    floats = [isinstance(one, Float) for one in types]

    def as_arrays(rows: Rows) -> tuple[list[Any], ...]:
        values = zip(*rows, strict=True)
        return tuple(
            _floats(one) if is_float else list(one) for one, is_float in zip(values, floats, strict=True)
        )

    return statement, as_arrays


def _floats(values: Iterable[float | None]) -> list[float | None]:
    """psycopg refuses an array of whole numbers and others."""
    return [None if value is None else float(value) for value in values]
