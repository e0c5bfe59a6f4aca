"""Files of a listing that was read, made of its stored pages when they are sent: the same bytes each time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Final

import msgspec
from msgspec.structs import asdict

from bot.core.chat.cards import File
from bot.core.chat.ids import TenantId
from bot.storage.writes.listing_pages import ListingPages, Reading, Row
from bot.tabular.formats import TableFormat
from bot.tabular.parts import MOST_BYTES, TableParts

MOST_FILES: Final = 10
"""Messages with a file each that a reading becomes."""


class ListingPart(msgspec.Struct, frozen=True):
    """One file. name: with its ending; first, rows: which of the rows that were read."""

    reading: str
    format: str
    name: str
    first: int
    rows: int

    def __str__(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


class MeasuredParts(msgspec.Struct, frozen=True):
    """What a reading becomes. rows: those that are in a file; cut: cells that were too long."""

    parts: tuple[ListingPart, ...]
    rows: int
    cut: int


class ListingParts:
    """Implements `bot.core.ports.Attachments` over the stored pages. most: bytes of a file."""

    def __init__(self, pages: ListingPages, most: int = MOST_BYTES) -> None:
        self._pages = pages
        self._most = most

    async def measure(
        self,
        tenant: TenantId,
        reading: str,
        format: TableFormat,
        name: str,
        columns: Sequence[str],
        *,
        most: int | None = None,
    ) -> MeasuredParts:
        """Which rows go into which file. Every file is made for that, and let go again, beside the loop.

        name: without an ending. columns: of a reading without pages. most: rows, None for all of them.
        """
        stored = await self._pages.reading(tenant, reading)
        table = TableParts(format, await self._pages.columns(tenant, reading) or columns, self._most)
        sizes: list[tuple[int, int, int]] = []
        left = stored.rows if most is None else most
        async for rows in self._rows(tenant, reading, stored):
            sizes += await asyncio.to_thread(_filled, table, rows[:left])
            left -= len(rows[:left])
            if len(sizes) >= MOST_FILES:
                break
        else:
            last = await asyncio.to_thread(table.close)
            sizes.append((last.first, last.rows, last.cut))
        kept = sizes[:MOST_FILES]
        parts = tuple(
            ListingPart(reading, format.value, _named(name, number, len(kept), format), first, count)
            for number, (first, count, _) in enumerate(kept, start=1)
        )
        return MeasuredParts(parts, sum(part.rows for part in parts), sum(cut for _, _, cut in kept))

    async def files(self, tenant: TenantId, attachment: str) -> tuple[File, ...]:
        """The file of a `ListingPart`; none where its pages are not stored (any more) for that tenant."""
        part = ListingPart(**json.loads(attachment))
        columns = await self._pages.columns(tenant, part.reading)
        if not columns:
            return ()
        form = TableFormat(part.format)
        # Its size was measured: this one only makes it.
        table = TableParts(form, columns, self._most)
        stored = await self._pages.reading(tenant, part.reading)
        left = part.rows
        async for rows in self._rows(tenant, part.reading, stored, part.first):
            await asyncio.to_thread(_filled, table, rows[:left])
            left -= len(rows[:left])
            if not left:
                break
        if left:
            return ()
        made = await asyncio.to_thread(table.close)
        return (File(part.name, form.content_type, made.content),)

    async def _rows(
        self, tenant: TenantId, reading: str, stored: Reading, first: int = 0
    ) -> AsyncIterator[tuple[Row, ...]]:
        """The rows of each page without their identities, from that one on."""
        before = 0
        for number, size in enumerate(stored.sizes, start=1):
            if size and before + size > first:
                rows = await self._pages.page(tenant, reading, number)
                yield tuple(row[1:] for row in rows[max(0, first - before) :])
            before += size


def _filled(table: TableParts, rows: Sequence[Row]) -> list[tuple[int, int, int]]:
    """What each part that became full holds."""
    full = (table.add(row) for row in rows)
    return [(part.first, part.rows, part.cut) for part in full if part is not None]


def _named(name: str, number: int, of: int, format: TableFormat) -> str:
    return f"{name}.{format.value}" if of == 1 else f"{name}-{number}-of-{of}.{format.value}"
