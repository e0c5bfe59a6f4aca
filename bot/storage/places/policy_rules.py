"""The rules of places (`bot.core.policy`), one row each: stored, replaced and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.core.policy import PolicyRule
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.tables import policy_rules

MOST_RULES: Final = 200
"""Of one place: each decision goes through all of them."""
_PUT = putting(policy_rules)
_T = policy_rules.c


class PolicyRules:
    """Changes what `bot.storage.places.grants.Grants.policy` reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tenant: TenantId, rule: PolicyRule) -> PolicyRule | None:
        """Store a rule in the place of the one about the same; that one, None where there was none.
        LimitReached where the place has as many as it may."""

        async def work(connection: AsyncConnection) -> PolicyRule | None:
            await self._database.serialised(connection, f"grants:{tenant}")
            named = select(policy_rules).where(_named(tenant, rule))
            before = (await connection.execute(named)).first()
            if before is None:
                counting = select(func.count()).select_from(policy_rules).where(_T.tenant == str(tenant))
                if (await connection.execute(counting)).scalar_one() >= MOST_RULES:
                    raise LimitReached(
                        msg("There are {most} rules here, which is the limit.", most=MOST_RULES),
                        remedy=msg("Take some away with `policy reset`; `policy list` shows all."),
                    )
            await connection.execute(_PUT[self._database.dialect], _row(tenant, rule))
            return None if before is None else _rule(before)

        return await self._database.change(work)

    async def remove(self, tenant: TenantId, rules: Sequence[PolicyRule]) -> int:
        """Take rules away; how many there were."""

        async def work(connection: AsyncConnection) -> int:
            await self._database.serialised(connection, f"grants:{tenant}")
            gone = 0
            for rule in rules:
                gone += (await connection.execute(delete(policy_rules).where(_named(tenant, rule)))).rowcount
            return gone

        return await self._database.change(work)

    async def replace(self, tenant: TenantId, wanted: Sequence[PolicyRule]) -> None:
        """Store exactly these rules, as a settings file lists them."""

        async def work(connection: AsyncConnection) -> None:
            await self._database.serialised(connection, f"grants:{tenant}")
            await connection.execute(delete(policy_rules).where(_T.tenant == str(tenant)))
            for rule in wanted:
                await connection.execute(_PUT[self._database.dialect], _row(tenant, rule))

        await self._database.change(work)


async def rules_of(connection: AsyncConnection, tenant: TenantId) -> tuple[PolicyRule, ...]:
    """Every rule of a place, in order."""
    found = await connection.execute(select(policy_rules).where(_T.tenant == str(tenant)))
    return tuple(sorted(_rule(row) for row in found))


def _named(tenant: TenantId, rule: PolicyRule) -> ColumnElement[bool]:
    columns = zip((_T.what, _T.kind, _T.subject, _T.channel), rule.key, strict=True)
    return and_(_T.tenant == str(tenant), *(column == value for column, value in columns))


def _row(tenant: TenantId, rule: PolicyRule) -> dict[str, object]:
    return {
        "tenant": str(tenant),
        "what": rule.what,
        "kind": rule.kind,
        "subject": rule.subject,
        "channel": rule.channel,
        "allow": rule.allow,
    }


def _rule(row: Row[Any]) -> PolicyRule:
    return PolicyRule(row.what, row.kind, row.subject, row.channel, allow=bool(row.allow))
