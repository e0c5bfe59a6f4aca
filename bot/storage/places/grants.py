"""The stored policy of tenants: who was granted what.

Read from memory for as long as nobody changed it (`bot.storage.engine.remembered`): a permission taken away
is gone at once in the process that takes it, and within a second on every other machine.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import DEFAULT_GRANTS, EVERYTHING, NOTHING, Grant, Permission
from bot.core.chat.ids import TenantId
from bot.core.policy import Policy
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.places.policy_rules import rules_of
from bot.storage.tables import grants

_PUT = putting(grants)
_DEFAULTS = {grant.kind: grant.permissions for grant in DEFAULT_GRANTS}


class Grants:
    """Implements `bot.core.ports.Access`, and changes what it reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def grants(self, tenant: TenantId) -> tuple[Grant, ...]:
        """The stored grants, by kind and subject; none for a tenant nobody configured."""
        return await self._database.read(lambda connection: _stored(connection, tenant))

    async def policy(self, tenant: TenantId) -> Policy:
        """The stored grants and rules, of one moment."""

        async def work(connection: AsyncConnection) -> Policy:
            return Policy(await _stored(connection, tenant), await rules_of(connection, tenant))

        return await self._database.remembered.get(("policy", str(tenant)), work)

    async def grant(self, tenant: TenantId, kind: str, subject: str, permissions: Permission) -> Permission:
        """Give more to a subject; returns all it has now by this grant.

        The first change to "everyone" or "admins" starts from the default that it replaces.
        """
        return await self._change(tenant, kind, subject, add=permissions)

    async def revoke(self, tenant: TenantId, kind: str, subject: str, permissions: Permission) -> Permission:
        """Take some away from a subject; returns what is left by this grant."""
        return await self._change(tenant, kind, subject, take=permissions)

    async def replace(self, tenant: TenantId, wanted: Sequence[Grant]) -> None:
        """Store exactly these grants, as a settings file lists them."""
        rows = [_row(tenant, g.kind, g.subject, g.permissions) for g in wanted]

        async def work(connection: AsyncConnection) -> None:
            await self._database.serialised(connection, f"grants:{tenant}")
            await connection.execute(delete(grants).where(grants.c.tenant == str(tenant)))
            for row in rows:
                await connection.execute(_PUT[self._database.dialect], row)

        await self._database.change(work)

    async def _change(
        self,
        tenant: TenantId,
        kind: str,
        subject: str,
        *,
        add: Permission = NOTHING,
        take: Permission = NOTHING,
    ) -> Permission:
        async def work(connection: AsyncConnection) -> Permission:
            await self._database.serialised(connection, f"grants:{tenant}")
            stored = {(g.kind, g.subject): g.permissions for g in await _stored(connection, tenant)}
            before = stored.get((kind, subject), _DEFAULTS.get(kind, NOTHING))
            after = (before | add) & ~take
            if after or kind in _DEFAULTS:
                # Even nothing is stored for these two: without a row the default would be back.
                row = _row(tenant, kind, subject, after)
                await connection.execute(_PUT[self._database.dialect], row)
            else:
                named = (grants.c.tenant == str(tenant), grants.c.kind == kind, grants.c.subject == subject)
                await connection.execute(delete(grants).where(*named))
            return after

        return await self._database.change(work)


async def _stored(connection: AsyncConnection, tenant: TenantId) -> tuple[Grant, ...]:
    query = select(grants).where(grants.c.tenant == str(tenant)).order_by(grants.c.kind, grants.c.subject)
    rows = await connection.execute(query)
    # A newer version of the bot may have stored permissions that this one does not know.
    return tuple(Grant(row.kind, row.subject, Permission(row.permissions & EVERYTHING.value)) for row in rows)


def _row(tenant: TenantId, kind: str, subject: str, permissions: Permission) -> dict[str, object]:
    return {"tenant": str(tenant), "kind": kind, "subject": subject, "permissions": permissions.value}
