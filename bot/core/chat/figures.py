"""Which columns of a table hold figures: those are aligned at their ends, and sorted by value. Pure."""

from __future__ import annotations

from bot.core.chat.cards import Line, Table
from bot.core.chat.words import line_words
from bot.core.messages.inlines import Figure
from bot.core.text.invisible import blank

NOTHING = "–"
"""Stands in a cell that says nothing."""


def figure(cell: Line) -> Figure | None:
    """The figure that is all of a cell, in a card that was said in a language."""
    return cell[0] if len(cell) == 1 and isinstance(cell[0], Figure) else None


def figure_columns(table: Table) -> frozenset[int]:
    """The positions of the columns in which most of what is said are figures."""
    figures: dict[int, int] = {}
    said: dict[int, int] = {}
    for row in table.rows:
        for index, cell in enumerate(row):
            if figure(cell) is not None:
                figures[index] = figures.get(index, 0) + 1
            elif not empty(cell):
                said[index] = said.get(index, 0) + 1
    return frozenset(index for index, count in figures.items() if count > said.get(index, 0))


def empty(cell: Line) -> bool:
    """Whether a cell says nothing: it shows nothing, or a dash."""
    words = line_words(cell)
    return blank(words) or words.strip() == NOTHING
