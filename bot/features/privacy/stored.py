"""What is stored of a place, or of a person in it, a line of JSON each."""

from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from typing import IO, Any, Final

import msgspec

from bot.core.chat.ids import TenantId
from bot.features.services import Services
from bot.storage.places.personal_data import PersonalData, place_tables

_RECORDS: Final = 1_000
_RECORD: Final = "audit_records"


def row_line(row: Mapping[str, Any]) -> bytes:
    """A row as a line of JSON in UTF-8, its end included."""
    return (json.dumps(row, ensure_ascii=False, default=str) + "\n").encode("utf-8", "surrogatepass")


class Archived(msgspec.Struct, frozen=True):
    """What went into an archive. rows: of all tables; cut: the names of those of which not all has room."""

    rows: int
    cut: tuple[str, ...] = ()


async def place_archive(
    personal: PersonalData, tenant: TenantId, out: IO[bytes], most: int | None = None
) -> Archived:
    """Write everything of a place as an archive, a table a file, as it is read: little of it is in memory.

    most: bytes that it may have besides its directory; None: as many as it takes. A table is cut as if
    nothing of it could be packed, so that what is left fits in any case.
    """
    rows, cut = 0, []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in place_tables():
            room = None if most is None else most - out.tell()
            with ExitStack() as entry:
                file: IO[bytes] | None = None
                async for row in personal.of_place(tenant, table):
                    line = row_line(row)
                    if room is not None:
                        room -= len(line)
                        if room < 0:
                            cut.append(table.name)
                            break
                    if file is None:
                        file = entry.enter_context(archive.open(f"{table.name}.jsonl", "w", force_zip64=True))
                    file.write(line)
                    rows += 1
    return Archived(rows, tuple(cut))


async def person_lines(services: Services, tenant: TenantId, person: str) -> AsyncIterator[tuple[str, bytes]]:
    """Every row that is about a person, as a table and a line; then what the record says of them."""
    async for table, row in services.personal.of_person(tenant, person):
        yield table, row_line({"table": table, **row})
    audit = services.audit
    key = await audit.people.find(tenant, person)
    before: int | None = None
    while key is not None:
        page = await audit.page(tenant, before=before, most=_RECORDS, who=key.pseudonym)
        for one in page:
            told = {"name": one.name, "details": dict(one.details)}
            kept = {name: value for name, value in one.body.items() if name not in ("sealed", "about")}
            yield _RECORD, row_line({"table": _RECORD, **kept, **told})
        if len(page) < _RECORDS:
            break
        before = page[-1].number
