"""The keys of persons: each has one of their own in a place, under which what the record tells of them is
sealed.

Whoever destroys a person's key makes all of that unreadable at once, wherever it was copied to, and their
pseudonym says nothing any more: it is made of the key.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding
from bot.storage.secrets.vault import Vault
from bot.storage.tables import audit_people

LONGEST: Final = 120
"""Characters of a person's id that are kept."""
_ADD = adding(audit_people)
_T = audit_people.c


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person in the record of a place. pseudonym: 32 hexadecimal digits."""

    person: str
    pseudonym: str
    _key: SecretStr = field(repr=False)

    def seal(self, data: Mapping[str, Any]) -> str:
        """JSON as ciphertext, in ASCII."""
        text = json.dumps(data, sort_keys=True, separators=(",", ":"))
        return Fernet(self._key.get_secret_value()).encrypt(text.encode()).decode()

    def open(self, sealed: str) -> dict[str, Any] | None:
        """What was sealed; None for what was sealed under another key."""
        try:
            data: dict[str, Any] = json.loads(Fernet(self._key.get_secret_value()).decrypt(sealed))
        except InvalidToken:
            return None
        return data


def sealed_as(person: str) -> str:
    """The field under which the vault keeps a person's key."""
    return f"audit.person.{person}"


class PersonKeys:
    """The table `audit_people`. clock: epoch seconds."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._db = database
        self._vault = vault
        self._clock = clock

    async def of(self, tenant: TenantId, person: str) -> PersonKey:
        """A person's key, made where they have none."""
        person = person[:LONGEST]
        found = await self.find(tenant, person)
        if found is not None:
            return found
        key = SecretStr(Fernet.generate_key().decode())
        row = {
            "tenant": str(tenant),
            "person": person,
            "pseudonym": _pseudonym(tenant, person, key),
            "ciphertext": self._vault.seal(str(tenant), sealed_as(person), key),
            "made_at": self._clock(),
        }
        await self._db.write(lambda connection: connection.execute(_ADD[self._db.dialect], row))
        found = await self.find(tenant, person)
        # Another machine may have been first; whoever deleted it meanwhile wants nothing told of them.
        return found or PersonKey(person, str(row["pseudonym"]), key)

    async def find(self, tenant: TenantId, person: str) -> PersonKey | None:
        """A person's key; None where they have none. VaultError as of the vault."""
        query = select(audit_people).where(_T.tenant == str(tenant), _T.person == person[:LONGEST])
        found = await self._read(tenant, query)
        return found[0] if found else None

    async def by_pseudonym(self, tenant: TenantId, pseudonyms: Collection[str]) -> Mapping[str, PersonKey]:
        """Those of these persons whose keys were not destroyed, by pseudonym."""
        query = select(audit_people).where(_T.tenant == str(tenant), _T.pseudonym.in_([*pseudonyms]))
        return {one.pseudonym: one for one in await self._read(tenant, query)}

    async def _read(self, tenant: TenantId, query: Any) -> list[PersonKey]:
        async def work(connection: AsyncConnection) -> list[tuple[str, str, bytes]]:
            rows = await connection.execute(query)
            return [(row.person, row.pseudonym, row.ciphertext) for row in rows]

        found = []
        for person, pseudonym, ciphertext in await self._db.read(work):
            key = self._vault.open(str(tenant), sealed_as(person), ciphertext)
            found.append(PersonKey(person, pseudonym, key))
        return found


async def destroy_key(connection: AsyncConnection, tenant: TenantId, person: str) -> str | None:
    """Delete a person's key in a transaction; the pseudonym that they had, None where there was none."""
    here = (_T.tenant == str(tenant), _T.person == person[:LONGEST])
    found = (await connection.execute(select(_T.pseudonym).where(*here))).scalar_one_or_none()
    await connection.execute(delete(audit_people).where(*here))
    return found


def _pseudonym(tenant: TenantId, person: str, key: SecretStr) -> str:
    text = f"{tenant}\n{person}".encode()
    return hmac.new(key.get_secret_value().encode(), text, "sha256").hexdigest()[:32]
