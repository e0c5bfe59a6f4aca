"""Tables as `data_table` blocks, and what is known of who takes them.

Source: docs.slack.dev/reference/block-kit/blocks/data-table-block. A cell is `raw_text`, `raw_number` (a
column of these alone is sorted by value) or `rich_text`; heads are never `rich_text`, no text is empty, and
all rows are of one length. Where Slack refuses it, the same rows go as a list (`adapters.slack.blocks`).
"""

from __future__ import annotations

import math
from collections.abc import MutableMapping, Sequence
from typing import Final

from cachetools import TTLCache

from adapters.slack import limits
from adapters.slack.blocks import NOTE, note
from adapters.slack.errors import TOO_LONG, TYPE_AT_FAULT, code_of, told_of
from adapters.slack.escape import is_tame, one_line
from adapters.slack.inline import Json, runs, weight
from bot.core.chat.cards import Line, Table
from bot.core.chat.figures import NOTHING, empty, figure
from bot.core.chat.missing import Missing, missing
from bot.core.clocks import Monotonic
from bot.core.messages.speaking import say

DATA_TABLE: Final = "data_table"
_EXACT: Final = 2**53
"""Above it a number of JSON is another one for some readers; the words of a figure stay exact."""


class TakenTables:
    """Which workspaces take tables: every one, until Slack refuses one there. Kept by this process alone, and
    for an hour, since Slack may learn the block at any time. ticks: seconds that never go back."""

    def __init__(self, ticks: Monotonic) -> None:
        self._refused: TTLCache[str, bool] = TTLCache(
            limits.REFUSED_TABLES_KEPT, limits.REFUSED_TABLES_SECONDS, ticks
        )

    def of(self, workspace: str) -> WorkspaceTables:
        """What is known of one workspace, now and later."""
        return WorkspaceTables(self._refused, workspace)


class WorkspaceTables:
    """See `TakenTables`."""

    def __init__(self, refused: MutableMapping[str, bool], workspace: str) -> None:
        self._refused = refused
        self._workspace = workspace

    @property
    def taken(self) -> bool:
        """Whether a table is worth a try."""
        return self._workspace not in self._refused

    def refuse(self) -> None:
        """Slack took a message without its tables that it did not take with them."""
        self._refused[self._workspace] = True


NO_TABLES: Final = WorkspaceTables({"": True}, "")
"""For cards of ours that have none."""


def about_one_table(error: Exception) -> bool:
    """Whether Slack finds fault with what is in a table, and not with there being one: then the next may
    pass. It says that it is too long, or points at what it means; an answer to a `response_url` does not."""
    if code_of(error) in TOO_LONG:
        return True
    points = [text for text in told_of(error) if "/rows" in text]
    return bool(points) and not any(TYPE_AT_FAULT in text for text in told_of(error))


def table(block: Table, caption: str, room: int, where: str = "") -> list[Json] | None:
    """The rows that fit, as a table, and how many do not; None where it is none that Slack takes, or reads
    badly as one: of a single column, without heads, with long texts, or with no row that fits.

    caption: for screen readers. room: characters. where: the file that has all of it.
    """
    made = _data_table(block, caption, room)
    if made is not None and _rows(made) < min(len(block.rows), limits.TABLE_ROWS):
        made = _data_table(block, caption, room - NOTE)
    if made is None:
        return None
    left = len(block.rows) - _rows(made)
    hidden = left + max(0, (block.total or 0) - len(block.rows))
    return [made, note(say(missing(hidden, Missing.ANYTHING, where if left else "")))] if hidden else [made]


def _data_table(block: Table, caption: str, room: int) -> Json | None:
    width = len(block.columns)
    if not 2 <= width <= limits.TABLE_COLUMNS or any(len(row) > width for row in block.rows):
        return None
    head = [_raw(one_line(name, limits.TABLE_CELL) or NOTHING) for name in block.columns]
    rows, left = [head], room - weight(head)
    for row in block.rows[: limits.TABLE_ROWS]:
        cells = [_cell(cell) for cell in (*row, *[()] * (width - len(row)))]
        if any(weight(cell) > limits.TABLE_CELL for cell in cells):
            return None
        left -= weight(cells)
        if left < 0:
            break
        rows.append(cells)
    if len(rows) == 1:
        return None
    return {
        "type": DATA_TABLE,
        "caption": one_line(caption, limits.TABLE_CAPTION) or " · ".join(cell["text"] for cell in head),
        "rows": rows,
        "page_size": len(rows) - 1,
        "row_header_column_index": 0,
    }


def rows_in(made: Sequence[Json]) -> int | None:
    """How many rows the table among these blocks has; None where there is no table."""
    return next((_rows(one) for one in made if one["type"] == DATA_TABLE), None)


def _rows(made: Json) -> int:
    return len(made["rows"]) - 1


def cells_in(made: Sequence[Json]) -> int:
    """Characters in the cells of all tables among these blocks."""
    return sum(weight(one["rows"]) for one in made if one["type"] == DATA_TABLE)


def _cell(cell: Line) -> Json:
    if empty(cell):
        return _raw(NOTHING)
    number = figure(cell)
    if number is not None and math.isfinite(number.value) and abs(number.value) <= _EXACT:
        return {"type": "raw_number", "value": number.value, "text": str(number)}
    elements = runs(cell)
    text = "".join(one["text"] for one in elements) if all(map(_is_plain, elements)) else ""
    # What the notation of Slack could be read in goes where nothing is read.
    if text.strip() and "\n" not in text and is_tame(text):
        return _raw(text)
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _is_plain(run: Json) -> bool:
    return run["type"] == "text" and "style" not in run


def _raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}
