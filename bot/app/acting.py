"""The wiring of who acts on X."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands.known import Known
from bot.commands.known import Way as ListWay
from bot.core.asker import asker_of
from bot.core.invocation import Invocation
from bot.pending.accounts import Accounts, Way
from bot.storage.cached_answers import CachedAnswers
from bot.storage.database import Database
from bot.storage.default_accounts import DefaultAccounts
from bot.storage.keys import TenantKeys
from bot.storage.local_numbers import LocalNumbers
from bot.xquik.connections import Connections
from bot.xquik.limits import bucket


def accounts_of(
    connections: Connections,
    keys: TenantKeys,
    answers: CachedAnswers,
    database: Database,
    clock: Callable[[], float],
) -> Accounts:
    """The connected accounts of every tenant. clock: epoch seconds."""

    async def way(invocation: Invocation) -> Way:
        key = await keys.key(invocation.tenant)
        return Way(connections.reads(key, asker_of(invocation)), bucket(key))

    return Accounts(way, answers, DefaultAccounts(database), clock=clock)


def known_of(
    connections: Connections,
    keys: TenantKeys,
    answers: CachedAnswers,
    numbers: LocalNumbers,
    clock: Callable[[], float],
) -> Known:
    """What Xquik holds of every tenant, for completion. clock: epoch seconds."""

    async def way(invocation: Invocation) -> ListWay:
        key = await keys.key(invocation.tenant)
        asker = asker_of(invocation)
        return ListWay(connections.reads(key, asker), connections.setup(key, asker), bucket(key))

    return Known(way, answers, numbers, clock=clock)
