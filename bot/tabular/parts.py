"""A table as files of a bounded size: numbered parts, each complete in itself with its heading.

Rows are taken one by one and a part is given away before the next one is begun, so that the memory is that of
one part, however long the table is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.tabular.cells import Cell, cut_cell
from bot.tabular.formats import TableFormat, TableWriter, writer

MOST_BYTES: Final = 10 * 1024 * 1024 - 256 * 1024
"""Of a part: what Discord takes in a message (10 MiB), less what stands around it."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """first: the position of its first row in the table, from 0; rows: how many it has. cut: how many cells
    were too long for the format, or for a part, and end in "…"."""

    first: int
    rows: int
    cut: int
    content: bytes = field(repr=False)


class TableParts:
    """Parts that are filled row by row. most: bytes of each."""

    def __init__(self, format: TableFormat, columns: Sequence[str], most: int = MOST_BYTES) -> None:
        self._format = format
        self._columns = tuple(columns)
        self._most = most
        self._first = self._count = self._cut = 0
        self._current = writer(format, self._columns)

    def add(self, row: Sequence[Cell]) -> TablePart | None:
        """The part that is full before that row; None while there is room.

        ValueError for a row that has not a cell for each column.
        """
        if len(row) != len(self._columns):
            raise ValueError("a row has a cell for each column")
        kept, cut = _within(row, self._current.longest)
        full = self._current.size_with(kept) > self._most or self._count == self._current.most_rows
        done = None
        if full and self._count:
            done = self.close()
            self._first += self._count
            self._count = self._cut = 0
            self._current = writer(self._format, self._columns)
            full = self._current.size_with(kept) > self._most
        if full:
            kept, cut = _fitted(self._current, row, self._most)
        self._current.add(kept)
        self._count += 1
        self._cut += cut
        return done

    def close(self) -> TablePart:
        """The part that is being filled."""
        return TablePart(self._first, self._count, self._cut, self._current.finish())


def parts(
    format: TableFormat, columns: Sequence[str], rows: Iterable[Sequence[Cell]], most: int = MOST_BYTES
) -> Iterator[TablePart]:
    """The parts in order, each of at most `most` bytes; one without rows for a table that has none."""
    table = TableParts(format, columns, most)
    for row in rows:
        if (done := table.add(row)) is not None:
            yield done
    yield table.close()


def _within(row: Sequence[Cell], longest: int | None) -> tuple[Sequence[Cell], int]:
    """The row with no text longer than that, and how many were."""
    if longest is None:
        return row, 0
    kept = [cut_cell(cell, longest) for cell in row]
    return kept, sum(now is not before for now, before in zip(kept, row, strict=True))


def _fitted(current: TableWriter, row: Sequence[Cell], most: int) -> tuple[Sequence[Cell], int]:
    """A row that alone is too large, its texts cut as far as is needed; and how many were cut."""
    longest = max((len(cell) * 2 for cell in row if isinstance(cell, str)), default=1)
    while longest > 1:
        longest //= 2
        kept, cut = _within(row, min(longest, current.longest or longest))
        if current.size_with(kept) <= most:
            return kept, cut
    # What is left are the headings and the numbers: a limit below those is a mistake of ours.
    return _within(row, 1)
