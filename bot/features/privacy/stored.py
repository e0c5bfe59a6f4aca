"""What is stored of a place, or of a person in it, a line of JSON each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from bot.core.chat.ids import TenantId
from bot.features.services import Services

_RECORDS: Final = 1_000


def row_line(row: Mapping[str, Any]) -> bytes:
    """A row as a line of JSON in UTF-8, its end included."""
    return (json.dumps(row, ensure_ascii=False, default=str) + "\n").encode("utf-8", "surrogatepass")


async def person_lines(services: Services, tenant: TenantId, person: str) -> AsyncIterator[bytes]:
    """Every row that is about a person, with its table; then what the record says of them, newest first."""
    async for table, row in services.personal.of_person(tenant, person):
        yield row_line({"table": table, **row})
    audit = services.audit
    key = await audit.people.find(tenant, person)
    before: int | None = None
    while key is not None:
        page = await audit.page(tenant, before=before, most=_RECORDS, who=key.pseudonym)
        for one in page:
            told = {"name": one.name, "details": dict(one.details)}
            kept = {name: value for name, value in one.body.items() if name not in ("sealed", "about")}
            yield row_line({"table": "audit_records", **kept, **told})
        if len(page) < _RECORDS:
            break
        before = page[-1].number
