"""Accounts that a channel does not want to see, whatever its routes say."""

from __future__ import annotations

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.core.routes.muting import Muting
from bot.storage.engine.database import Database, insert
from bot.storage.relay.route_versions import raise_version
from bot.storage.tables import known_accounts, muted_accounts

# Of one tenant: each is kept in memory with the tenant's routes.
MOST = 1_000


class Muted(msgspec.Struct, frozen=True):
    """An account that a channel has muted. account: lower case, without @; by: the person's id;
    at: epoch seconds; account_id: X's id, where it is known."""

    channel: str
    account: str
    by: str
    at: float
    account_id: str | None = None


class Mutes:
    """Mutes accounts in channels. A change counts from the next event on."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def mute(self, tenant: TenantId, channel: str, account: str, by: str, now: float) -> bool:
        """Show the account there no more; False when it was muted already.

        account: with or without @. LimitReached when the tenant has muted as many as it may.
        """
        name = str(tenant)
        new = insert(self._db.dialect, muted_accounts).values(
            tenant=name, channel=channel, account=_folded(account), muted_by=by, muted_at=now
        )
        known = select(known_accounts.c.account).where(
            known_accounts.c.tenant == name,
            known_accounts.c.username == _folded(account),
            known_accounts.c.holds,
        )
        count = select(func.count()).select_from(muted_accounts).where(muted_accounts.c.tenant == name)
        added = new.on_conflict_do_nothing().returning(muted_accounts.c.account)

        async def work(connection: AsyncConnection) -> bool:
            await self._db.serialised(connection, f"mutes:{name}")
            before = (await connection.execute(count)).scalar_one()
            identity = (await connection.execute(known)).scalar()
            if (await connection.execute(added.values(account_id=identity))).first() is None:
                return False
            if before >= MOST:
                raise LimitReached(
                    msg("{most} accounts are muted already, which is the limit.", most=before),
                    remedy=msg("Unmute one first, or let the route name the accounts it wants."),
                )
            await raise_version(connection, tenant)
            return True

        return await self._db.write(work)

    async def unmute(self, tenant: TenantId, channel: str, account: str) -> bool:
        """Show the account there again; False when it was not muted."""
        statement = delete(muted_accounts).where(
            muted_accounts.c.tenant == str(tenant),
            muted_accounts.c.channel == channel,
            muted_accounts.c.account == _folded(account),
        )

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(statement)).rowcount != 1:
                return False
            await raise_version(connection, tenant)
            return True

        return await self._db.write(work)

    async def of_tenant(self, tenant: TenantId) -> tuple[Muted, ...]:
        """What the tenant's channels have muted, by channel and account."""
        return await self._db.read(lambda connection: muted_of(connection, tenant))

    async def muting(self, tenant: TenantId) -> Muting:
        """The same, to ask about events."""
        return Muting([(one.channel, one.account, one.account_id) for one in await self.of_tenant(tenant)])


async def muted_of(connection: AsyncConnection, tenant: TenantId) -> tuple[Muted, ...]:
    """What the tenant's channels have muted, inside a transaction of the caller."""
    query = (
        select(muted_accounts)
        .where(muted_accounts.c.tenant == str(tenant))
        .order_by(muted_accounts.c.channel, muted_accounts.c.account)
    )
    rows = await connection.execute(query)
    return tuple(Muted(row.channel, row.account, row.muted_by, row.muted_at, row.account_id) for row in rows)


def _folded(account: str) -> str:
    return account.strip().lstrip("@").lower()
