"""The records of places, appended and read: one chain a tenant (`bot.core.audit`).

Appending reads the last record and writes the next, so transactions of one tenant take turns from there on:
on PostgreSQL by a lock that ends with the transaction, on SQLite by its one writer. It is always the last
thing that a transaction locks, so that none waits for another in a circle.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import BEGINNING, AuditEntry, ChainCheck, linked
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.secrets.person_keys import PersonKey, PersonKeys
from bot.storage.tables import audit_intents, audit_records

UNFINISHED: Final = 15 * 60.0
"""Seconds after which what was begun and did not end was cut off: nothing that is recorded so takes
longer."""
CUT_OFF: Final = "unknown"
"""How that ended."""
_BATCH: Final = 1_000
_PERSON, _NAME, _DETAILS = "person", "name", "details"
_R, _I = audit_records.c, audit_intents.c
_ADD = insert(audit_records)
_LAST = select(_R.number, _R.hash).order_by(_R.number.desc()).limit(1)


class AuditRecord(msgspec.Struct, frozen=True):
    """A record as it is read again. body: what stands in the chain; hash: its own. person, name: who did
    it, None where that person's key was destroyed; details: what was set; about: whom it was done to, in
    the same way."""

    number: int
    body: Mapping[str, Any]
    hash: str
    person: str | None
    name: str | None
    details: Mapping[str, Any] = msgspec.field(default_factory=dict)
    about: tuple[str | None, ...] = ()


class Prepared(msgspec.Struct, frozen=True):
    """What is to be recorded, with everything that chance, time and keys have part in done: its `append`
    can be part of any transaction, and run again. at: epoch seconds."""

    database: Database
    tenant: TenantId
    who: str
    fields: Mapping[str, Any]
    at: float

    async def append(self, connection: AsyncConnection, more: Mapping[str, Any] | None = None) -> int:
        """Put it at the end of the chain; its number. more: fields that are known only now."""
        await self.database.serialised(connection, f"audit:{self.tenant}")
        last = (await connection.execute(_LAST.where(_R.tenant == str(self.tenant)))).first()
        number, before = (1, BEGINNING) if last is None else (last.number + 1, last.hash)
        body, said = linked(str(self.tenant), number, self.at, before, {**self.fields, **(more or {})})
        row = {"tenant": str(self.tenant), "number": number, "who": self.who, "body": body, "hash": said}
        await connection.execute(_ADD, row)
        return number


class AuditLog:
    """The tables `audit_records` and `audit_intents`. clock: epoch seconds."""

    def __init__(self, database: Database, people: PersonKeys, clock: Clock) -> None:
        self.database = database
        self.people = people
        self._clock = clock

    async def prepared(
        self,
        tenant: TenantId,
        person: str,
        name: str,
        entry: AuditEntry,
        details: Mapping[str, Any] | None = None,
        about: Sequence[str] = (),
    ) -> Prepared:
        """What a person did, sealed under their key. details: what else is only told with them. about: other
        persons whom it was done to, each sealed under their own."""
        key = await self.people.of(tenant, person)
        told: dict[str, Any] = {_PERSON: key.person, _NAME: name[:LONGEST_NAME]}
        if details:
            told[_DETAILS] = dict(details)
        fields = {**entry.fields(), "who": key.pseudonym, "sealed": key.seal(told)}
        if about:
            others = [await self.people.of(tenant, one) for one in about]
            fields["about"] = [
                {"who": one.pseudonym, "sealed": one.seal({_PERSON: one.person})} for one in others
            ]
        return Prepared(self.database, tenant, key.pseudonym, fields, self._clock())

    async def append(self, one: Prepared) -> int:
        """Record it in a transaction of its own; its number."""
        return await self.database.write(one.append)

    async def begin(self, one: Prepared) -> str:
        """Note that it begins; what names it to `finish`."""
        named = secrets.token_hex(16)
        row = {
            "id": named,
            "tenant": str(one.tenant),
            "who": one.who,
            "fields": json.dumps(dict(one.fields)),
            "begun_at": one.at,
        }
        await self.database.write(lambda connection: connection.execute(insert(audit_intents), row))
        return named

    async def finish(self, named: str, one: Prepared, outcome: str) -> None:
        """Record it with how it ended. Once: what was taken for cut off meanwhile gets a second record."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(audit_intents).where(_I.id == named))
            await one.append(connection, {"outcome": outcome})

        await self.database.write(work)

    async def withdraw(self, named: str) -> None:
        """It was not done after all: nothing is recorded of it."""
        statement = delete(audit_intents).where(_I.id == named)
        await self.database.write(lambda connection: connection.execute(statement))

    async def recover(self) -> int:
        """Record what was begun long ago and never ended; how much that was."""
        before = self._clock() - UNFINISHED
        found = await read_all(self.database, select(audit_intents).where(_I.begun_at < before).limit(_BATCH))
        for row in found:
            tenant = TenantId.parse(row.tenant)
            one = Prepared(self.database, tenant, row.who, json.loads(row.fields), row.begun_at)
            await self.database.write(_recovered(row.id, one))
        return len(found)

    async def page(
        self, tenant: TenantId, *, before: int | None, most: int, who: str | None = None
    ) -> tuple[AuditRecord, ...]:
        """Records below a number, the newest first. who: of that pseudonym alone."""
        query = select(audit_records).where(_R.tenant == str(tenant))
        if before is not None:
            query = query.where(_R.number < before)
        if who is not None:
            query = query.where(_R.who == who)
        rows = await read_all(self.database, query.order_by(_R.number.desc()).limit(most))
        found = [(row.number, json.loads(row.body), row.hash) for row in rows]
        whom = {one["who"] for _, body, _ in found for one in (body, *body.get("about", ()))}
        keys = await self.people.by_pseudonym(tenant, whom)
        return tuple(_read(number, body, said, keys) for number, body, said in found)

    async def texts(self, tenant: TenantId, after: int = 0) -> AsyncIterator[tuple[int, str, str]]:
        """Every record behind a number, in order: number, canonical text, hash. In batches: records that come
        meanwhile may be among them."""
        while True:
            query = select(audit_records).where(_R.tenant == str(tenant), _R.number > after)
            rows = await read_all(self.database, query.order_by(_R.number).limit(_BATCH))
            for row in rows:
                yield row.number, row.body, row.hash
            if len(rows) < _BATCH:
                return
            after = rows[-1].number

    async def fitting(self, tenant: TenantId, size: int) -> int:
        """The number behind which all records together have at most so many bytes, as lines of an export."""
        before: int | None = None
        while True:
            query = select(_R.number, func.length(_R.body).label("bytes")).where(_R.tenant == str(tenant))
            if before is not None:
                query = query.where(_R.number < before)
            rows = await read_all(self.database, query.order_by(_R.number.desc()).limit(_BATCH))
            for row in rows:
                size -= row.bytes + HASHED
                if size < 0:
                    return int(row.number)
                before = row.number
            if len(rows) < _BATCH:
                return 0

    async def tenants(self) -> tuple[TenantId, ...]:
        """All that have a record."""
        rows = await read_all(self.database, select(_R.tenant).distinct().order_by(_R.tenant))
        return tuple(TenantId.parse(row.tenant) for row in rows)

    async def checked(self, tenant: TenantId) -> ChainCheck:
        """The whole chain of a tenant, followed from its beginning."""
        check = ChainCheck(before=BEGINNING, number=0)
        async for _, body, said in self.texts(tenant):
            check.follow(body, said)
        return check


HASHED: Final = len(',"hash":""\n') + 64
"""Bytes that a line of an export has beside the record: its hash."""
LONGEST_NAME: Final = 120
"""Characters of a name that are kept."""


def _recovered(named: str, one: Prepared) -> Any:
    async def work(connection: AsyncConnection) -> None:
        taken = await connection.execute(delete(audit_intents).where(_I.id == named))
        if taken.rowcount == 1:
            await one.append(connection, {"outcome": CUT_OFF})

    return work


def _read(number: int, record: Mapping[str, Any], said: str, keys: Mapping[str, PersonKey]) -> AuditRecord:
    told = _opened(record, keys)
    about = tuple(_opened(one, keys).get(_PERSON) for one in record.get("about", ()))
    return AuditRecord(
        number, record, said, told.get(_PERSON), told.get(_NAME), told.get(_DETAILS) or {}, about
    )


def _opened(sealed: Mapping[str, Any], keys: Mapping[str, PersonKey]) -> Mapping[str, Any]:
    key = keys.get(sealed["who"])
    return (key.open(sealed["sealed"]) if key is not None else None) or {}


def lines_of(records: Sequence[tuple[int, str, str]]) -> str:
    """Records as the lines of an export, with the head behind them."""
    lines = [f'{body[:-1]},"hash":"{said}"}}' for _, body, said in records]
    if records:
        number, _, head = records[-1]
        lines.append(json.dumps({"head": head, "number": number}))
    return "".join(f"{line}\n" for line in lines)
