"""What tenants know of how accounts on X are called: stored with the routes and mutes that follow them.

Routes and mutes hold X's ids; the usernames that people wrote stay beside them, and what is shown is what the
account is called now.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes.account_names import FormerName, KnownAccount, KnownNames
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.relay.naming import Changes, FollowedAccounts
from bot.storage.relay.route_versions import raise_version
from bot.storage.tables import known_accounts, muted_accounts, routes

# Ids of one statement.
_PAGE: Final = 400
_PUT = putting(known_accounts)


class AccountNames:
    """Reading what is known."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of_tenant(self, tenant: TenantId) -> KnownNames:
        """The accounts that a tenant knows."""
        return KnownNames(await self._db.read(lambda connection: known(connection, str(tenant))))

    async def following(self, tenant: TenantId) -> FollowedAccounts:
        """The same, with what of the tenant's follows them."""
        return await self._db.read(lambda connection: following(connection, str(tenant)))


async def known(
    connection: AsyncConnection, tenant: str, ids: Collection[str] | None = None
) -> tuple[KnownAccount, ...]:
    """Accounts that a tenant knows: all, or those with these ids."""
    query = select(known_accounts).where(known_accounts.c.tenant == tenant)
    if ids is None:
        return tuple(_account(row) for row in await connection.execute(query))
    found: list[KnownAccount] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), _PAGE):
        page = query.where(known_accounts.c.account.in_(wanted[start : start + _PAGE]))
        found += [_account(row) for row in await connection.execute(page)]
    return tuple(found)


async def holders(connection: AsyncConnection, tenant: str, names: Iterable[str]) -> tuple[KnownAccount, ...]:
    """The accounts that are known to have one of these usernames (lower case) now."""
    found: list[KnownAccount] = []
    wanted = sorted(set(names))
    for start in range(0, len(wanted), _PAGE):
        query = select(known_accounts).where(
            known_accounts.c.tenant == tenant,
            known_accounts.c.username.in_(wanted[start : start + _PAGE]),
            known_accounts.c.holds,
        )
        found += [_account(row) for row in await connection.execute(query)]
    return tuple(found)


async def following(connection: AsyncConnection, tenant: str) -> FollowedAccounts:
    """What a tenant knows, and what of it follows accounts, inside a transaction of the caller."""
    mine = select(routes.c.id, routes.c.accounts, routes.c.keywords, routes.c.account_ids)
    muted = select(muted_accounts.c.channel, muted_accounts.c.account, muted_accounts.c.account_id)
    found = FollowedAccounts(KnownNames(await known(connection, tenant)))
    for row in await connection.execute(mine.where(routes.c.tenant == tenant)):
        found.route(row.id, _names(row.accounts), _ids(row.account_ids), open_=row.keywords == "[]")
    for one in await connection.execute(muted.where(muted_accounts.c.tenant == tenant)):
        found.mute(one.channel, one.account, one.account_id)
    return found


async def store(connection: AsyncConnection, tenant: TenantId, changes: Changes) -> None:
    """Write down what was found out, inside the transaction that found it."""
    name = str(tenant)
    put = _PUT[connection.dialect.name]
    for account in changes.accounts:
        await connection.execute(put, _values(name, account))
    for start in range(0, len(changes.forgotten), _PAGE):
        gone = known_accounts.c.account.in_(changes.forgotten[start : start + _PAGE])
        await connection.execute(delete(known_accounts).where(known_accounts.c.tenant == name, gone))
    for route, ids in changes.routes.items():
        mine = routes.c.id == route, routes.c.tenant == name
        await connection.execute(update(routes).where(*mine).values(account_ids=json.dumps(ids)))
    for one in changes.mutes:
        row = (
            muted_accounts.c.tenant == name,
            muted_accounts.c.channel == one.channel,
            muted_accounts.c.account == one.account,
        )
        if one.becomes is None:
            await connection.execute(delete(muted_accounts).where(*row))
        else:
            values = {"account": one.becomes, "account_id": one.account_id}
            await connection.execute(update(muted_accounts).where(*row).values(values))
    await raise_version(connection, tenant)


def ids_text(accounts: Sequence[KnownAccount], names: Collection[str]) -> str:
    """The column of a route that names some of these accounts."""
    return json.dumps({one.id: one.name for one in accounts if one.name in names})


def ids_of(text: str) -> dict[str, str]:
    """What `ids_text` wrote: usernames by id. ValueError for what it did not."""
    found = json.loads(text)
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found.values()):
        raise ValueError("the ids of the accounts cannot be read")
    return found


def _ids(text: str) -> dict[str, str]:
    try:
        return ids_of(text)
    except ValueError:
        return {}  # such a route is paused


def _names(text: str) -> tuple[str, ...]:
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    return tuple(found) if isinstance(found, list) else ()


def _account(row: Row[Any]) -> KnownAccount:
    try:
        former = tuple(FormerName(str(name), float(until)) for name, until in json.loads(row.former))
    except (ValueError, TypeError):
        former = ()  # one damaged row must not stop the router
    return KnownAccount(row.account, row.username, row.since, former, row.holds, row.thread)


def _values(tenant: str, account: KnownAccount) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "account": account.id,
        "username": account.name,
        "since": account.since,
        "former": json.dumps([(one.name, one.until) for one in account.former]),
        "holds": account.holds,
        "thread": account.thread or account.name,
    }
