"""Draws as files: CSV, JSON, Markdown, text, and hand-made XLSX and PDF."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import msgspec

from bot.sandbox.records import DrawRecord

FORMATS = {
    "csv": "csv",
    "json": "json",
    "md": "md",
    "md-document": "md",
    "pdf": "pdf",
    "txt": "txt",
    "xlsx": "xlsx",
}
"""Each format and the ending of its files."""

_MOST_ROWS = 100_000
_MOST_PDF_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class ExportTable:
    """What an export shows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def table_of(draw: DrawRecord, kind: str) -> ExportTable:
    """The winners of a draw, or all entries with the reason each was rejected."""
    title = f"Draw for @{draw.post_author}: {kind}"
    if kind == "winners":
        rows = [
            [str(w.position), "backup" if w.backup else "winner", w.username, w.post_id] for w in draw.winners
        ]
        return ExportTable(title, ["position", "kind", "authorUsername", "tweetId"], rows)
    entries = [[e.username, e.post_id, e.text, e.rejected or "valid"] for e in draw.entries]
    return ExportTable(title, ["authorUsername", "tweetId", "text", "result"], entries[:_MOST_ROWS])


def export(table: ExportTable, chosen: str) -> bytes:
    """``table`` as a file of the ``chosen`` format."""
    match chosen:
        case "csv":
            return _csv(table)
        case "json":
            return msgspec.json.encode([dict(zip(table.columns, row, strict=True)) for row in table.rows])
        case "md":
            return _markdown(table).encode()
        case "md-document":
            return f"# {_cell(table.title)}\n\n{len(table.rows)} rows\n\n{_markdown(table)}".encode()
        case "txt":
            return (
                "\n".join(["\t".join(_one_line(row)) for row in [table.columns, *table.rows]]).encode()
                + b"\n"
            )
        case "xlsx":
            return _xlsx(table)
        case _:
            return _pdf(table)


def _one_line(row: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in row]


def _csv(table: ExportTable) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([table.columns, *table.rows])
    return out.getvalue().encode()


def _cell(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())


def _markdown(table: ExportTable) -> str:
    lines = [
        table.columns,
        ["---"] * len(table.columns),
        *[[_cell(cell) for cell in row] for row in table.rows],
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats"
_SHEET = f"{_TYPE}-officedocument.spreadsheetml"


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


_XLSX_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{_TYPE}-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>',
    "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Draw" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _xml_text(text: str) -> str:
    """``text`` with what XML 1.0 cannot hold left out."""
    return escape(
        "".join(char for char in text if char in "\t\n" or " " <= char <= "\ud7ff" or char >= "\ue000")
    )


def _xlsx(table: ExportTable) -> bytes:
    """A workbook with one sheet of text cells; text, so that nothing is ever taken for a formula."""
    rows = []
    for row in [table.columns, *table.rows]:
        cells = "".join(
            f'<c t="inlineStr"><is><t xml:space="preserve">{_xml_text(cell)}</t></is></c>' for cell in row
        )
        rows.append(f"<row>{cells}</row>")
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in {**_XLSX_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            book.writestr(name, _XML + text)
    return out.getvalue()


_LINES_A_PAGE = 50
_LINE_WIDTH = 95


def _pdf_line(text: str) -> bytes:
    """A line as a PDF string: Latin-1, other characters become ``?``."""
    safe = text[:_LINE_WIDTH].encode("latin-1", "replace")
    return safe.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _pdf(table: ExportTable) -> bytes:
    """A plain PDF 1.4 in Courier, one line a row."""
    rows = list(table.rows)[:_MOST_PDF_ROWS]
    lines = [table.title, "", *["   ".join(_one_line(row)) for row in [table.columns, *rows]]]
    pages = [lines[start : start + _LINES_A_PAGE] for start in range(0, len(lines), _LINES_A_PAGE)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    for number, page in enumerate(pages):
        text = b"".join(b"(" + _pdf_line(line) + b") Tj T*\n" for line in page)
        stream = b"BT /F1 9 Tf 14 TL 40 800 Td\n" + text + b"ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    return _pdf_file(objects)


def _pdf_file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
