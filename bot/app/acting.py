"""The wiring of who acts on X."""

from __future__ import annotations

from bot.core.chat.asker import asker_of
from bot.core.chat.invocation import Invocation
from bot.core.clocks import Clock
from bot.features.known import KnownLists, ListAccess
from bot.proposals.accounts import AccountAccess, Accounts
from bot.storage.engine.database import Database
from bot.storage.places.cached_answers import CachedAnswers
from bot.storage.places.default_accounts import DefaultAccounts
from bot.storage.places.local_numbers import LocalNumbers
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.connections import Connections
from bot.xquik.limits import bucket


def accounts_of(
    connections: Connections,
    keys: TenantKeys,
    answers: CachedAnswers,
    database: Database,
    clock: Clock,
) -> Accounts:
    """The connected accounts of every tenant. clock: epoch seconds."""

    async def way(invocation: Invocation) -> AccountAccess:
        key = await keys.key(invocation.tenant)
        return AccountAccess(connections.client(key, asker_of(invocation)), bucket(key))

    return Accounts(way, answers, DefaultAccounts(database), clock=clock)


def known_of(
    connections: Connections,
    keys: TenantKeys,
    answers: CachedAnswers,
    numbers: LocalNumbers,
    clock: Clock,
) -> KnownLists:
    """What Xquik holds of every tenant, for completion. clock: epoch seconds."""

    async def way(invocation: Invocation) -> ListAccess:
        key = await keys.key(invocation.tenant)
        return ListAccess(connections.client(key, asker_of(invocation)), bucket(key))

    return KnownLists(way, answers, numbers, clock=clock)
