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


def parts(
    format: TableFormat, columns: Sequence[str], rows: Iterable[Sequence[Cell]], most: int = MOST_BYTES
) -> Iterator[TablePart]:
    """The parts in order, each of at most `most` bytes; one without rows for a table that has none.

    Every row has a cell for each column; ValueError otherwise.
    """
    first, count, cut = 0, 0, 0
    current = writer(format, columns)
    for given in rows:
        if len(given) != len(columns):
            raise ValueError("a row has a cell for each column")
        row, shorter = _within(given, current.longest)
        full = current.size_with(row) > most or count == current.most_rows
        if full and count:
            yield TablePart(first, count, cut, current.finish())
            first, count, cut = first + count, 0, 0
            current = writer(format, columns)
            full = current.size_with(row) > most
        if full:
            row, shorter = _fitted(current, given, most)
        current.add(row)
        count, cut = count + 1, cut + shorter
    if count or not first:
        yield TablePart(first, count, cut, current.finish())


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
