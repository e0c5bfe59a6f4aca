"""The X account that acts where none is named: of a place, of one of its channels, of a person."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.storage.engine.database import Database
from bot.storage.engine.statements import count, putting, read_all
from bot.storage.tables import default_accounts

MOST: Final = 5_000
"""Of one tenant: one for the place, the others for channels and people."""

_PUT = putting(default_accounts)
_T = default_accounts.c


class DefaultAccounts:
    """The stored defaults."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def applying(self, tenant: TenantId, channel: str, person: str) -> tuple[DefaultAccount, ...]:
        """Those that apply to a person in a channel, the one that wins first."""
        theirs = or_(
            and_(_T.scope == Scope.PLACE.value, _T.subject == ""),
            and_(_T.scope == Scope.CHANNEL.value, _T.subject == channel),
            and_(_T.scope == Scope.PERSON.value, _T.subject == person),
        )
        query = select(default_accounts).where(_T.tenant == str(tenant), theirs)
        found = [_read(row) for row in await read_all(self._db, query)]
        order = list(Scope)
        return tuple(sorted(found, key=lambda one: -order.index(one.scope)))

    async def of_tenant(self, tenant: TenantId) -> tuple[DefaultAccount, ...]:
        """All of a tenant: the place's, then by channel, then by person."""
        query = select(default_accounts).where(_T.tenant == str(tenant))
        found = [_read(row) for row in await read_all(self._db, query)]
        order = list(Scope)
        return tuple(sorted(found, key=lambda one: (order.index(one.scope), one.subject)))

    async def put(self, tenant: TenantId, default: DefaultAccount) -> None:
        """Set it, in place of the one for the same place, channel or person. LimitReached when the
        tenant has as many as it may."""
        row = _row(tenant, default)
        of_tenant = select(func.count()).select_from(default_accounts).where(_T.tenant == str(tenant))

        async def work(connection: AsyncConnection) -> None:
            await self._db.serialised(connection, f"default_accounts:{tenant}")
            await connection.execute(_PUT[self._db.dialect], row)
            if (await connection.execute(of_tenant)).scalar_one() > MOST:
                raise LimitReached(
                    msg("{most} default accounts are set here, which is the limit.", most=MOST),
                    remedy=msg("Remove one first: `account forget` or `account forget channel:…`."),
                )

        await self._db.write(work)

    async def remove(self, tenant: TenantId, scope: Scope, subject: str) -> bool:
        """Take it back; False when there was none."""
        statement = delete(default_accounts).where(
            _T.tenant == str(tenant), _T.scope == scope.value, _T.subject == subject
        )
        return await self._db.write(lambda connection: count(connection, statement)) > 0

    async def seen(self, tenant: TenantId, default: DefaultAccount) -> None:
        """Note the account's ids and its name of today, if the default still stands as it did."""
        statement = (
            update(default_accounts)
            .where(
                _T.tenant == str(tenant),
                _T.scope == default.scope.value,
                _T.subject == default.subject,
                _T.set_at == default.at,
            )
            .values(account=default.account, x_user=default.x_user, username=default.username)
        )
        await self._db.write(lambda connection: count(connection, statement))


def _row(tenant: TenantId, default: DefaultAccount) -> dict[str, Any]:
    return {
        "tenant": str(tenant),
        "scope": default.scope.value,
        "subject": default.subject,
        "account": default.account,
        "x_user": default.x_user,
        "username": default.username,
        "set_by": default.by,
        "set_at": default.at,
    }


def _read(row: Row[Any]) -> DefaultAccount:
    return DefaultAccount(
        Scope(row.scope), row.subject, row.username, row.account, row.x_user, row.set_by, row.set_at
    )
