"""Tables become files: safe for spreadsheets, in parts of a bounded size, with the memory of one part."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import limits
from bot.tabular.cells import LONGEST, Cell, cut_cell
from bot.tabular.formats import TableFormat
from bot.tabular.parts import MOST_BYTES, parts

COLUMNS = ("id", "username", "bio", "followers", "ratio", "verified", "joined", "nothing")
ISTANBUL = timezone(timedelta(hours=3))
ROW: tuple[Cell, ...] = (
    "1800000000000000001",
    "ada",
    "two\nlines",
    1234,
    0.5,
    True,
    datetime(2026, 11, 29, 7, 0, tzinfo=ISTANBUL),
    None,
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(format: TableFormat, content: bytes) -> list[list[str]]:
    """All rows as texts, the heading first."""
    match format:
        case TableFormat.CSV:
            return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        case TableFormat.JSON:
            found = json.loads(content)
            heading = list(found[0]) if found else []
            return [heading, *([_word(value) for value in row.values()] for row in found)]
        case TableFormat.JSONL:
            assert not content or content.endswith(b"\n")
            # By any of the characters that some program takes for the end of a line.
            lines = [json.loads(line) for line in content.decode().splitlines()]
            heading = list(dict.fromkeys(name for line in lines for name in line))
            known = list(COLUMNS) if "username" in heading else heading
            return [known, *([_word(line.get(name)) for name in known] for line in lines)]
        case TableFormat.XLSX:
            return _sheet(content)


def _word(value: object) -> str:
    return "" if value is None else json.dumps(value) if not isinstance(value, str) else value


def _sheet(content: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        # Made a moment ago by ourselves, and no entity is declared in it.
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(f"{_MAIN}row"):
        cells = [""] * len(COLUMNS)
        for cell in row:
            assert cell.find(f"{_MAIN}f") is None, "a formula"
            at = ord(cell.attrib["r"][0]) - ord("A")
            cells[at] = "".join(
                text.text or "" for text in cell.iter() if text.tag in (f"{_MAIN}t", f"{_MAIN}v")
            )
        rows.append(cells)
    return rows


def whole(format: TableFormat, *rows: Sequence[Cell], columns: Sequence[str] = COLUMNS) -> list[list[str]]:
    (part,) = parts(format, columns, rows)
    return read(format, part.content)


@pytest.mark.parametrize("format", TableFormat)
def test_a_row_keeps_its_values(format: TableFormat) -> None:
    """Ids as texts, line ends, numbers as numbers, moments with their offset."""
    heading, row = whole(format, ROW)
    assert heading == list(COLUMNS)
    verified = "1" if format is TableFormat.XLSX else "true"
    assert row == [
        "1800000000000000001",
        "ada",
        "two\nlines",
        "1234",
        "0.5",
        verified,
        "2026-11-29T07:00:00+03:00",
        "",
    ]


@pytest.mark.parametrize("format", TableFormat)
def test_several_texts_are_a_list_in_json_and_one_text_in_tables(format: TableFormat) -> None:
    """No formula there either."""
    _, row = whole(format, (("1800000000000000001", "=1+1"),), columns=("id",))
    listed = format in (TableFormat.JSON, TableFormat.JSONL)
    assert row[0] == ('["1800000000000000001", "=1+1"]' if listed else "1800000000000000001 =1+1")
    _, row = whole(format, (("=1+1", "2"),), columns=("id",))
    assert row[0] == ('["=1+1", "2"]' if listed else "'=1+1 2")


def test_json_lines_leave_out_what_has_no_value_and_can_be_put_together() -> None:
    """Each line is an object of its own, whatever ends a line elsewhere."""
    rows = [("1", None, False), ("2", "a\u2028b\x85c\nd\u2029", None)]
    (whole_file,) = parts(TableFormat.JSONL, ("id", "bio", "verified"), rows)
    assert [json.loads(line) for line in whole_file.content.decode().splitlines()] == [
        {"id": "1", "verified": False},
        {"id": "2", "bio": "a\u2028b\x85c\nd\u2029"},
    ]
    apart = [
        part.content for row in rows for part in parts(TableFormat.JSONL, ("id", "bio", "verified"), [row])
    ]
    assert b"".join(apart) == whole_file.content
    (none,) = parts(TableFormat.JSONL, COLUMNS, [])
    assert none.content == b""


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =cmd|' /C calc'!A0",
    "\ufeff=1",
    "＝1",
    "\x00=1",
]


@pytest.mark.parametrize("format", [TableFormat.CSV, TableFormat.XLSX])
@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_that_strangers_wrote_is_a_formula(format: TableFormat, text: str) -> None:
    """The cell begins with an apostrophe, or with what no spreadsheet reads as a formula."""
    _, row = whole(format, (text,), columns=("bio",))
    assert row[0].startswith(("'", "\ufffd"))


def test_a_number_stays_one_though_it_begins_with_a_minus() -> None:
    """Neutralised is text alone; and what Excel would round is a text."""
    _, row = whole(TableFormat.CSV, (-5, -0.5, 10**17, float("inf")), columns=("a", "b", "c", "d"))
    assert row == ["-5", "-0.5", "100000000000000000", "inf"]


def test_json_keeps_what_was_written() -> None:
    """No spreadsheet reads it, so there is nothing to neutralise."""
    _, row = whole(TableFormat.JSON, ("=1+1",), columns=("bio",))
    assert row == ["=1+1"]


def test_csv_says_that_it_is_utf_8() -> None:
    """Excel takes a file without the mark for the code page of the machine."""
    (part,) = parts(TableFormat.CSV, ("name",), [("Ünal, 田中",)])
    assert part.content == '\ufeffname\r\n"Ünal, 田中"\r\n'.encode()


@pytest.mark.parametrize("format", TableFormat)
@given(texts=st.lists(st.text(st.characters(exclude_categories=())), min_size=1, max_size=4))
def test_any_text_can_be_written_and_read(format: TableFormat, texts: list[str]) -> None:
    """Control characters, lone surrogates, and what means something in XML, CSV and JSON."""
    rows = whole(format, ("1", *texts), columns=["id", *(f"c{index}" for index in range(len(texts)))])
    assert [row[0] for row in rows] == ["id", "1"]


def test_what_looks_like_an_escape_of_excel_is_read_as_it_was_written() -> None:
    """`_x0041_` in a workbook means A unless its first underscore is escaped."""
    _, row = whole(TableFormat.XLSX, ("_x0041_",), columns=("bio",))
    assert row[0] == "_x005F_x0041_"


@pytest.mark.parametrize("format", TableFormat)
def test_a_table_without_rows_is_a_file_all_the_same(format: TableFormat) -> None:
    """One that can be opened."""
    (part,) = parts(format, COLUMNS, [])
    assert (part.first, part.rows) == (0, 0)
    assert read(format, part.content)


def test_a_moment_without_a_zone_and_a_row_without_a_cell_are_mistakes() -> None:
    """Of ours, so they are never written."""
    with pytest.raises(ValueError, match="zone"):
        whole(TableFormat.CSV, (datetime(2026, 1, 1),), columns=("at",))  # noqa: DTZ001
    with pytest.raises(ValueError, match="cell for each column"):
        whole(TableFormat.CSV, ("one",), columns=("a", "b"))


def noise(rows: int, length: int = 120) -> Iterator[Sequence[Cell]]:
    """Rows that hardly can be compressed."""
    random = Random(7)
    for number in range(rows):
        yield (str(10**18 + number), random.randbytes(length // 2).hex(), number)


@pytest.mark.parametrize("format", TableFormat)
@pytest.mark.parametrize("most", [300_000, 500_000])
def test_parts_are_within_the_limit_and_miss_no_row(format: TableFormat, most: int) -> None:
    """Each is complete in itself, and together they are the table."""
    found = list(parts(format, ("id", "bio", "n"), noise(8_000), most))
    assert len(found) > 1
    assert all(len(part.content) <= most for part in found)
    assert [part.first for part in found] == [sum(p.rows for p in found[:i]) for i in range(len(found))]
    ids = [row[0] for part in found for row in read(format, part.content)[1:]]
    assert ids == [str(10**18 + number) for number in range(8_000)]


@pytest.mark.parametrize("format", TableFormat)
def test_a_row_that_alone_is_too_large_is_cut(format: TableFormat) -> None:
    """Its long texts end in …, and the others stay whole."""
    rows = [("1", "short"), ("2", "é" * 900_000), ("3", "short")]
    found = list(parts(format, ("id", "bio"), rows, 300_000))
    assert all(len(part.content) <= 300_000 for part in found)
    assert sum(part.cut for part in found) == 1
    read_rows = [row for part in found for row in read(format, part.content)[1:]]
    assert [row[0] for row in read_rows] == ["1", "2", "3"]
    assert [row[1].endswith("…") for row in read_rows] == [False, True, False]


def test_a_cell_of_excel_holds_so_many_units_and_no_more() -> None:
    """Counted as Excel does: most emoji are two."""
    assert cut_cell("😀" * 3, 6) == "😀" * 3
    assert cut_cell("😀" * 3, 5) == "😀😀…"
    (part,) = parts(TableFormat.XLSX, ("bio",), [("a" * (LONGEST + 1),), ("a" * LONGEST,)])
    _, first, second = read(TableFormat.XLSX, part.content)
    assert (len(first[0]), len(second[0]), part.cut) == (LONGEST, LONGEST, 1)


def test_the_same_rows_are_the_same_bytes() -> None:
    """A part that is made again for a message sent again is the same file."""
    one, other = (list(parts(TableFormat.XLSX, COLUMNS, [ROW])) for _ in range(2))
    assert one == other
    assert one[0].content == other[0].content


@pytest.mark.parametrize("format", TableFormat)
def test_many_parts_take_the_memory_of_one(format: TableFormat) -> None:
    """Rows are read one by one, and each part is let go before the next one."""
    tracemalloc.start()
    try:
        total = sum(part.rows for part in parts(format, ("id", "bio", "n"), noise(25_000), 500_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == 25_000  # 4 MB of text
    assert peak < 3.5 * 1024 * 1024


def test_a_part_fits_into_a_message_of_discord() -> None:
    """10 MiB for all files of a request, with room for what stands around them."""
    assert limits.UPLOAD - MOST_BYTES == 256 * 1024
