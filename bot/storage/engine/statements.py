"""Statements that many tables need, built once for each dialect, and the one number they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Row, Select, Table
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.database import DIALECTS, Database, insert


def adding(table: Table) -> Mapping[str, Insert]:
    """By dialect: insert a row, or do nothing when its key or another unique value is taken.

    The result's rowcount says which: SQLAlchemy keeps it for an insert only when told to.
    """
    return {
        dialect: insert(dialect, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        for dialect in DIALECTS
    }


def putting(table: Table) -> Mapping[str, Insert]:
    """By dialect: insert a row, or give the row of that primary key the new values."""
    return {dialect: _put(dialect, table) for dialect in DIALECTS}


async def read_all(db: Database, query: Select[Any]) -> Sequence[Row[Any]]:
    """All rows of a query, in a read of its own."""

    async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
        return rows

    return await db.read(work)


async def count(connection: AsyncConnection, statement: Executable) -> int:
    """How many rows an insert, update or delete changed."""
    return (await connection.execute(statement)).rowcount


def _put(dialect: str, table: Table) -> Insert:
    statement = insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    values = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=values)
