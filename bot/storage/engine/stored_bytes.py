"""How many bytes each tenant has stored, of events and of what they became, counted as they come and go.

Each count is part of the transaction that stores or deletes; nothing is ever added up over the rows
themselves. A row counts with its longest text and a constant for the rest of it and for its places in
the indexes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, LargeBinary, bindparam, case, cast, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.bulk import insert_adding
from bot.storage.engine.database import Database
from bot.storage.tables import events, stored_bytes

OVERHEAD: Final = 400
MESSAGE: Final = 500
HELD: Final = 300

Kind: TypeAlias = Literal["events", "messages"]
"""Counted apart, so that whoever stores events never waits for whoever makes messages of them."""

_COLUMNS = ("tenant", "kind", "bytes")
_SUM = func.sum(stored_bytes.c.bytes).label("bytes")
_LARGEST = select(stored_bytes.c.tenant, _SUM).group_by(stored_bytes.c.tenant).order_by(_SUM.desc())


def size_of(data: str) -> int:
    """What an event with that JSON counts."""
    return OVERHEAD + (len(data) if data.isascii() else len(data.encode()))


def size_column(dialect: str) -> ColumnElement[int]:
    """The same of a row of `events`."""
    if dialect == "postgresql":
        return func.octet_length(events.c.data) + OVERHEAD
    return func.length(cast(events.c.data, LargeBinary)) + OVERHEAD


def message_size(card: str | None) -> int:
    """What a message counts. card: its stored JSON."""
    return MESSAGE + len(card or "")


def message_column(card: ColumnElement[str | None]) -> ColumnElement[int]:
    """The same of a row of `deliveries`."""
    return func.coalesce(func.length(card), 0) + MESSAGE


async def add(connection: AsyncConnection, kind: Kind, new: Iterable[tuple[str, int]]) -> None:
    """Count what was stored: the tenant of each row, and what it counts."""
    rows = [(tenant, kind, size) for tenant, size in sorted(_by_tenant(new).items())]
    await insert_adding(connection, stored_bytes, _COLUMNS, rows)


async def subtract(connection: AsyncConnection, kind: Kind, gone: Iterable[tuple[str, int]]) -> None:
    """Count what was deleted."""
    rows = [{"of": tenant, "as": kind, "less": size} for tenant, size in sorted(_by_tenant(gone).items())]
    if rows:
        await connection.execute(_SUBTRACT, rows)


async def largest(db: Database, limit: int = 10_000) -> Mapping[str, int]:
    """The tenants that have most, most first."""

    async def work(connection: AsyncConnection) -> dict[str, int]:
        found = await connection.execute(_LARGEST.limit(limit))
        return {row.tenant: int(row.bytes) for row in found}

    return await db.read(work)


def _by_tenant(sizes: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for tenant, size in sizes:
        found[tenant] += size
    return found


_LESS: Any = bindparam("less", type_=stored_bytes.c.bytes.type)
_SUBTRACT = (
    update(stored_bytes)
    .where(stored_bytes.c.tenant == bindparam("of"), stored_bytes.c.kind == bindparam("as"))
    .values(bytes=case((stored_bytes.c.bytes > _LESS, stored_bytes.c.bytes - _LESS), else_=text("0")))
)
