"""The formats that a table can be written in, one row after another. Nothing of the outside is read here.

| format | what it is |
|---|---|
| csv | RFC 4180, UTF-8 with a byte order mark: without it Excel reads the code page of the machine |
| json | an array of objects, one in a line |
| jsonl | JSON Lines: an object in each line, without what has no value; one file can be put behind another |
| xlsx | one sheet; moments are texts in ISO 8601, because dates of Excel know no zone |
"""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from html import escape
from typing import Final, Protocol, assert_never

from bot.tabular.cells import LONGEST, Cell, cut_cell, neutral, plain, tabled

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""What every workbook says of when it was made, so that the same rows are the same bytes."""
_LINE_ENDS: Final = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


class TableFormat(StrEnum):
    """By the ending of its name."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        """As of HTTP."""
        match self:
            case TableFormat.CSV:
                return "text/csv; charset=utf-8"  # no message: of HTTP
            case TableFormat.JSON:
                return "application/json"
            case TableFormat.JSONL:
                return "application/jsonl"
            case TableFormat.XLSX:
                return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            case _:
                assert_never(self)


class TableWriter(Protocol):
    """One file under way. longest: UTF-16 units of the longest text that a cell takes."""

    longest: int | None
    most_rows: int

    def size_with(self, row: Sequence[Cell]) -> int:
        """Bytes of the finished file with that row; never fewer than it will have."""

    def add(self, row: Sequence[Cell]) -> None:
        """Write the row that `size_with` was asked about last."""

    def finish(self) -> bytes:
        """The whole file. Nothing can be added after this."""


def writer(format: TableFormat, columns: Sequence[str]) -> TableWriter:
    """A new file with its heading."""
    match format:
        case TableFormat.CSV:
            return _Csv(columns)
        case TableFormat.JSON:
            return _Json(columns)
        case TableFormat.JSONL:
            return _JsonLines(columns)
        case TableFormat.XLSX:
            return _Xlsx(columns)
        case _:
            assert_never(format)


class _Csv:
    longest: int | None = None
    most_rows = 10**9

    def __init__(self, columns: Sequence[str]) -> None:
        self._parts = [b"\xef\xbb\xbf", _csv_line(columns)]
        self._size = sum(map(len, self._parts))
        self._next = b""

    def size_with(self, row: Sequence[Cell]) -> int:
        self._next = _csv_line([_said(tabled(cell)) for cell in row])
        return self._size + len(self._next)

    def add(self, row: Sequence[Cell]) -> None:
        del row
        self._parts.append(self._next)
        self._size += len(self._next)

    def finish(self) -> bytes:
        return b"".join(self._parts)


def _csv_line(values: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n").writerow(values)
    return out.getvalue().encode()


def _said(value: str | int | float | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


class _Json:
    longest: int | None = None
    most_rows = 10**9

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._rows: list[bytes] = []
        self._size = len(b"[\n\n]\n")
        self._next = b""

    def size_with(self, row: Sequence[Cell]) -> int:
        values = dict(zip(self._columns, map(plain, row), strict=True))
        self._next = json.dumps(values, ensure_ascii=False).encode()
        return self._size + len(self._next) + len(b",\n")

    def add(self, row: Sequence[Cell]) -> None:
        del row
        self._rows.append(self._next)
        self._size += len(self._next) + len(b",\n")

    def finish(self) -> bytes:
        return b"[\n" + b",\n".join(self._rows) + b"\n]\n"


class _JsonLines:
    longest: int | None = None
    most_rows = 10**9

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._parts: list[bytes] = []
        self._size = 0
        self._next = b""

    def size_with(self, row: Sequence[Cell]) -> int:
        values = dict(zip(self._columns, map(plain, row), strict=True))
        known = {name: value for name, value in values.items() if value is not None}
        # A line ends where the object does: what splits lines elsewhere (U+2028) is escaped too.
        said = json.dumps(known, ensure_ascii=False).translate(_LINE_ENDS)
        self._next = f"{said}\n".encode()
        return self._size + len(self._next)

    def add(self, row: Sequence[Cell]) -> None:
        del row
        self._parts.append(self._next)
        self._size += len(self._next)

    def finish(self) -> bytes:
        return b"".join(self._parts)


class _Xlsx:
    """A workbook of XlsxWriter, which keeps one row in memory. How large it will be is known only once it is
    closed, so what it writes is compressed here as well, and what comes out is counted."""

    longest: int | None = LONGEST
    most_rows = 1_048_575  # of a sheet, without the heading

    # What the compressor still holds back, and the other files of the archive, at the most.
    _HELD: Final = 96 * 1024
    _AROUND: Final = 16 * 1024

    def __init__(self, columns: Sequence[str]) -> None:
        import xlsxwriter  # few commands need it, and it would delay the start of all

        self._out = io.BytesIO()
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties({"created": _EPOCH})
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._written = 0
        self._row = 0
        # Bytes given to the compressor since something last came out of it.
        self._pending = 0
        self._compressor = zlib.compressobj(6, zlib.DEFLATED, -15)
        self._next = b""
        heading: list[Cell] = [neutral(name) for name in columns]
        self.size_with(heading)
        self.add(heading)

    def size_with(self, row: Sequence[Cell]) -> int:
        number = self._row + 1
        cells = "".join(_xml_cell(number, index, cell) for index, cell in enumerate(row))
        text = f'<row r="{number}" spans="1:{len(row)}">{cells}</row>'  # no message: XML
        self._next = text.encode("utf-8", "replace")
        sure = self._written + min(self._HELD, self._pending)
        # A fiftieth for what the two compressors may do differently.
        return sure + len(self._next) + self._AROUND + sure // 50

    def add(self, row: Sequence[Cell]) -> None:
        came = len(self._compressor.compress(self._next))
        self._written += came
        self._pending = 0 if came else self._pending + len(self._next)
        for index, cell in enumerate(row):
            value = tabled(cell)
            match value:
                case bool():
                    self._sheet.write_boolean(self._row, index, value)
                case int() | float():
                    self._sheet.write_number(self._row, index, value)
                case str() if value:
                    self._sheet.write_string(self._row, index, cut_text(value))
                case _:
                    pass
        self._row += 1

    def finish(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


def cut_text(text: str) -> str:
    """A text that a cell of Excel holds."""
    kept = cut_cell(text, LONGEST)
    assert isinstance(kept, str)  # noqa: S101 - a text stays one
    return kept


def _xml_cell(row: int, column: int, cell: Cell) -> str:
    """About what XlsxWriter makes of a cell."""
    value = tabled(cell)
    if value is None or value == "":
        return ""
    at = f"{chr(65 + column % 26)}{row}"
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(value, quote=False)}</t></is></c>'
    return f'<c r="{at}"><v>{value}</v></c>'
