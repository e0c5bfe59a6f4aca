"""What is stored of a person in a place, a line of JSON each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Final

from bot.core.chat.ids import TenantId
from bot.features.services import Services

_RECORDS: Final = 1_000


async def person_lines(services: Services, tenant: TenantId, person: str) -> AsyncIterator[str]:
    """Every row that is about a person, with its table; then what the record says of them, newest first."""
    async for table, row in services.personal.of_person(tenant, person):
        yield json.dumps({"table": table, **row}, ensure_ascii=False, default=str)
    audit = services.audit
    key = await audit.people.find(tenant, person)
    before: int | None = None
    while key is not None:
        page = await audit.page(tenant, before=before, most=_RECORDS, who=key.pseudonym)
        for one in page:
            told = {"name": one.name, "details": dict(one.details)}
            kept = {name: value for name, value in one.body.items() if name not in ("sealed", "about")}
            yield json.dumps({"table": "audit_records", **kept, **told}, ensure_ascii=False)
        if len(page) < _RECORDS:
            break
        before = page[-1].number
