"""Whom the bot tells of a place's troubles where nobody made the routes in chat: the channel that somebody
set for it, who stored the key, who installed the app."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.tables import contacts

_PUT = putting(contacts)


class ContactKind(StrEnum):
    """CHANNEL: the id of the channel that notices go to. SETUP, INSTALLER: ids of people."""

    CHANNEL = "channel"
    SETUP = "setup"
    INSTALLER = "installer"


class KnownContacts(msgspec.Struct, frozen=True):
    """What is known of a tenant. channel: where notices go, if somebody set one. people: in the order in
    which they are told, each only where nobody before can be."""

    channel: str | None = None
    people: tuple[str, ...] = ()


class Contacts:
    """The stored contacts of tenants."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """clock: epoch seconds."""
        self._db = db
        self._clock = clock

    async def put(self, tenant: TenantId, kind: ContactKind, subject: str) -> None:
        """Store a contact in place of the one of its kind before."""
        row = {"tenant": str(tenant), "kind": kind.value, "subject": subject, "at": self._clock()}
        await self._db.write(lambda connection: connection.execute(_PUT[self._db.dialect], row))

    async def forget(self, tenant: TenantId, kind: ContactKind) -> bool:
        """Forget a contact; False when there was none."""
        gone = delete(contacts).where(contacts.c.tenant == str(tenant), contacts.c.kind == kind.value)

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(gone)).rowcount > 0

        return await self._db.write(work)

    async def installed_by(self, tenant: TenantId, person: str) -> None:
        """Who installed the app, as the platform says (`bot.core.ports.Installers`)."""
        await self.put(tenant, ContactKind.INSTALLER, person)

    async def of(self, tenant: TenantId) -> KnownContacts:
        """What is known of a tenant."""
        return await self._db.read(lambda connection: known_contacts(connection, tenant))


async def known_contacts(connection: AsyncConnection, tenant: TenantId) -> KnownContacts:
    """What is known of a tenant, inside a transaction of the caller."""
    query = select(contacts.c.kind, contacts.c.subject).where(contacts.c.tenant == str(tenant))
    found = {row.kind: str(row.subject) for row in await connection.execute(query)}
    people = [found.get(kind.value) for kind in (ContactKind.SETUP, ContactKind.INSTALLER)]
    return KnownContacts(
        found.get(ContactKind.CHANNEL.value), tuple(dict.fromkeys(one for one in people if one))
    )
