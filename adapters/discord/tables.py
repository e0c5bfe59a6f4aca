"""Tables as Discord markdown, which has none: in columns of a code block where every cell is plain and they
fit a phone; else rows of text, which hold links and local times, with their figures aligned in front.

Columns that are too many for the width stand below their row by name, so nothing is cut for it. Widths are
those of a terminal: wide characters count two and marks above others none, which phones keep but nearly.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from rich.cells import cell_len, chop_cells

from adapters.discord.escape import clean, fenced, one_line
from adapters.discord.inline import line_text
from adapters.discord.limits import FIGURES_WIDTH, TABLE_WIDTH
from bot.core.chat.cards import Bold, Code, Line, Table
from bot.core.chat.figures import NOTHING, empty, figure_columns
from bot.core.chat.words import line_words

_GAP: Final = "  "
_HARD: Final = "\u00a0"
"""A space that no client leaves out."""
_PROSE: Final = 2 * TABLE_WIDTH
"""Wider texts are no cells."""
_ISOLATE: Final = "\u2068"
_ISOLATED: Final = "\u2069"


class DrawnTable(msgspec.Struct, frozen=True):
    """head, tail: around the rows, on lines of their own, "" for none. A row may have several lines."""

    head: str
    rows: tuple[str, ...]
    tail: str = ""


def drawn(table: Table) -> Iterator[DrawnTable]:
    """The ways to draw it, the best first; the last of them takes any table."""
    width = len(table.columns)
    if width > 1 and all(len(row) <= width for row in table.rows):
        figures = figure_columns(table)
        words = [[_words(cell) for cell in (*row, *[()] * (width - len(row)))] for row in table.rows]
        plain = [[one for one in row if one is not None] for row in words]
        if all(len(row) == width for row in plain):
            grid = _grid(table.columns, plain, figures)
            if grid is not None:
                yield grid
        led = _led(table, words, figures)
        if led is not None:
            yield led
    yield DrawnTable(_heads(table.columns), tuple("• " + _text(row) for row in table.rows))


# --- in columns ------------------------------------------------------------------------------------


def _grid(
    columns: Sequence[str], rows: Sequence[Sequence[str]], figures: frozenset[int]
) -> DrawnTable | None:
    """The columns that fit beside each other, and below each row the others by name; None where none does, or
    where what stands below is prose, which reads better as text."""
    heads = [_flat(name) for name in columns]
    if any("`" in name for name in heads):
        return None
    widths = [max(cell_len(row[index]) for row in (heads, *rows)) for index in range(len(heads))]
    beside = _beside(widths, figures)
    if len(beside) < 2:
        return None
    shown = {index: widths[index] for index in beside}
    below = [index for index in range(len(heads)) if index not in shown]
    if any(cell_len(_named(heads[index], row[index])) > _PROSE for row in rows for index in below):
        return None
    lines = []
    for row in rows:
        told = (_wrapped(_named(heads[index], row[index])) for index in below if row[index] != NOTHING)
        lines.append("\n".join([_aligned(row, shown, figures), *itertools.chain.from_iterable(told)]))
    rule = "─" * (sum(shown.values()) + len(_GAP) * (len(shown) - 1))
    return DrawnTable(f"```\n{_aligned(heads, shown, figures)}\n{rule}", tuple(lines), "```")


def _named(name: str, words: str) -> str:
    return f"{name}: {words}" if name else words


def _beside(widths: Sequence[int], figures: frozenset[int]) -> list[int]:
    """The columns that stand beside each other: the first, which names the row, then figures, then what else
    fits, in their own order."""
    chosen: list[int] = []
    used = -len(_GAP)
    for index in sorted(range(len(widths)), key=lambda index: (index > 0, index not in figures, index)):
        if used + len(_GAP) + widths[index] <= TABLE_WIDTH:
            chosen.append(index)
            used += len(_GAP) + widths[index]
        elif index == 0:
            return []
    return sorted(chosen)


def _aligned(cells: Sequence[str], widths: Mapping[int, int], figures: frozenset[int]) -> str:
    padded = (_padded(cells[index], width, index in figures) for index, width in widths.items())
    return _GAP.join(padded).rstrip()


def _padded(text: str, width: int, right: bool, space: str = " ") -> str:
    """Text of one line, harmless in monospace, with spaces up to the width. What is written from right to
    left is kept to its column."""
    shown = fenced(text)
    if any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text):
        shown = f"{_ISOLATE}{shown}{_ISOLATED}"
    spaces = space * (width - cell_len(text))
    return spaces + shown if right else shown + spaces


def _wrapped(text: str) -> list[str]:
    """The text over lines that begin with a gap."""
    room = TABLE_WIDTH - len(_GAP)
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(word) <= room:
            lines[-1] += f" {word}"
            continue
        lines += chop_cells(word, room) if cell_len(word) > room else [word]
    return [_GAP + _padded(line, 0, right=False) for line in lines if line]


# --- in rows of text ---------------------------------------------------------------------------------


def _led(table: Table, words: Sequence[Sequence[str | None]], figures: frozenset[int]) -> DrawnTable | None:
    """Rows of text behind their figures, aligned; None where there are no figures, or they are too wide."""
    leading = [index for index in sorted(figures) if all(row[index] is not None for row in words)]
    widths = {index: max(cell_len(row[index] or "") for row in words) for index in leading}
    if not leading or sum(widths.values()) + len(_GAP) * (len(widths) - 1) > FIGURES_WIDTH:
        return None
    rows = []
    for row, said in zip(table.rows, words, strict=True):
        spaced = [_padded(said[i] or "", width, right=True, space=_HARD) for i, width in widths.items()]
        text = _text([cell for index, cell in enumerate(row) if index not in widths])
        rows.append(f"`{(_HARD * len(_GAP)).join(spaced)}` {text}")
    order = [*leading, *(index for index in range(len(table.columns)) if index not in widths)]
    return DrawnTable(_heads([table.columns[index] for index in order]), tuple(rows))


def _heads(columns: Sequence[str]) -> str:
    return f"-# {' · '.join(one_line(name) for name in columns)}" if columns else ""


def _text(row: Sequence[Line]) -> str:
    cells = [" ".join(line_text(cell).split("\n")) or NOTHING for cell in row]
    if cells and len(row[0]) == 1 and isinstance(row[0][0], str) and row[0][0].strip():
        # The first cell names the row.
        cells[0] = line_text((Bold(row[0][0]),))
    return " · ".join(cells)


# --- cells -------------------------------------------------------------------------------------------


def _words(cell: Line) -> str | None:
    """A cell as one line of monospace; None for what means more than its words, as links and moments, and for
    backticks, which end a code block."""
    if empty(cell):
        return NOTHING
    if not all(isinstance(part, str | Bold | Code) for part in cell):
        return None
    text = _flat(line_words(cell))
    return None if "`" in text else text or NOTHING


def _flat(text: str) -> str:
    return " ".join(clean(text).split())
