"""Pages of listings that were read to make files of them, durably: what was paid for is never read again.

A reading has an id of 128 random bits, and belongs to a tenant; its pages are numbered from 1. Whoever reads
stores a page before the next one is asked for, so that a restart goes on behind the last that is here.
"""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding
from bot.storage.tables import listing_pages
from bot.tabular.cells import Cell

_T = listing_pages.c
_ADD = adding(listing_pages)
_MOMENT: Final = "at"

Row: TypeAlias = tuple[Cell, ...]
"""The identity of what it is about, and a cell for each column."""


class NewPage(msgspec.Struct, frozen=True):
    """number: from 1. after: the cursor of the page after it, "" where the list ends. credits: what it
    cost."""

    number: int
    columns: tuple[str, ...]
    rows: Sequence[Row]
    after: str
    credits: int


class Reading(msgspec.Struct, frozen=True):
    """How far a listing was read. sizes: rows of its pages; cursors: of the page behind each."""

    sizes: tuple[int, ...] = ()
    cursors: tuple[str, ...] = ()
    credits: int = 0

    @property
    def pages(self) -> int:
        """How many were read."""
        return len(self.sizes)

    @property
    def rows(self) -> int:
        """How many came of them, each once."""
        return sum(self.sizes)

    @property
    def barren(self) -> int:
        """How many of the last pages brought nothing new, one after the other."""
        return sum(1 for _ in itertools.takewhile(lambda size: not size, reversed(self.sizes)))

    @property
    def after(self) -> str:
        """Where it goes on: a cursor, "" for the first page."""
        return self.cursors[-1] if self.cursors else ""

    @property
    def ended(self) -> bool:
        """Whether the list has no further page."""
        return bool(self.cursors) and not self.cursors[-1]

    def with_page(self, page: NewPage) -> Reading:
        """With one page more."""
        return Reading(
            (*self.sizes, len(page.rows)), (*self.cursors, page.after), self.credits + page.credits
        )


class ListingPages:
    """The table `listing_pages`. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def add(self, tenant: TenantId, reading: str, page: NewPage) -> bool:
        """Store a page; False when its number is there already, from somebody who reads the same."""
        row = {
            "reading": reading,
            "number": page.number,
            "tenant": str(tenant),
            "after": page.after,
            "rows": len(page.rows),
            "credits": page.credits,
            "content": _packed(page),
            "read_at": self._clock(),
        }

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(_ADD[self._db.dialect], row)).rowcount == 1

        return await self._db.write(work)

    async def reading(self, tenant: TenantId, reading: str) -> Reading:
        """How far it is."""
        query = select(_T.rows, _T.credits, _T.after).where(*_of(tenant, reading)).order_by(_T.number)

        async def work(connection: AsyncConnection) -> Reading:
            found = (await connection.execute(query)).all()
            return Reading(
                tuple(row.rows for row in found),
                tuple(row.after for row in found),
                sum(row.credits for row in found),
            )

        return await self._db.read(work)

    async def columns(self, tenant: TenantId, reading: str) -> tuple[str, ...]:
        """The headings of its first page; none where nothing is stored (any more)."""
        page = await self._content(tenant, reading, 1)
        return () if page is None else tuple(page["columns"])

    async def page(self, tenant: TenantId, reading: str, number: int) -> tuple[Row, ...]:
        """The rows of a page; none where it is not stored (any more)."""
        page = await self._content(tenant, reading, number)
        return () if page is None else tuple(tuple(map(_cell, row)) for row in page["rows"])

    async def count(self, tenant: TenantId) -> int:
        """How many rows of all readings are stored for a tenant."""
        query = select(func.coalesce(func.sum(_T.rows), 0)).where(_T.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> int:
            return int((await connection.execute(query)).scalar_one())

        return await self._db.read(work)

    async def _content(self, tenant: TenantId, reading: str, number: int) -> dict[str, Any] | None:
        query = select(_T.content).where(*_of(tenant, reading), _T.number == number)

        async def work(connection: AsyncConnection) -> bytes | None:
            found = (await connection.execute(query)).scalar_one_or_none()
            return None if found is None else bytes(found)

        packed = await self._db.read(work)
        return None if packed is None else json.loads(zlib.decompress(packed))


def _of(tenant: TenantId, reading: str) -> tuple[Any, ...]:
    return _T.reading == reading, _T.tenant == str(tenant)


def _packed(page: NewPage) -> bytes:
    content = {"columns": page.columns, "rows": [[_stored(cell) for cell in row] for row in page.rows]}
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode())


def _stored(cell: Cell) -> Any:
    # A tuple becomes a list by itself.
    return {_MOMENT: cell.isoformat()} if isinstance(cell, datetime) else cell


def _cell(stored: Any) -> Cell:
    if isinstance(stored, dict):
        return datetime.fromisoformat(stored[_MOMENT])
    cell: Cell = tuple(stored) if isinstance(stored, list) else stored
    return cell
