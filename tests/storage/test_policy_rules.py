"""The rules of places, on both databases."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.access import Grant, Permission
from bot.core.chat.ids import TenantId
from bot.core.errors import LimitReached
from bot.core.policy import Policy, PolicyRule
from bot.storage.engine.database import Database
from bot.storage.places.grants import Grants
from bot.storage.places.policy_rules import MOST_RULES, PolicyRules
from bot.storage.places.tenants import StoredTenants

HERE = TenantId("discord", "1")
ELSEWHERE = TenantId("discord", "2")
DENY = PolicyRule("draw run", "role", "7", "42")
ALLOW = PolicyRule("draw run", "role", "7", "42", allow=True)


async def test_of_one_thing_there_is_one_rule_and_only_here(database: Database) -> None:
    rules, grants = PolicyRules(database), Grants(database)
    assert await grants.policy(HERE) == Policy()
    assert await rules.put(HERE, DENY) is None
    assert await rules.put(HERE, ALLOW) == DENY
    await rules.put(HERE, PolicyRule("spend"))
    await grants.grant(HERE, "user", "5", Permission.SPEND)
    assert await grants.policy(HERE) == Policy(
        (Grant("user", "5", Permission.SPEND),), (ALLOW, PolicyRule("spend"))
    )
    assert await grants.policy(ELSEWHERE) == Policy()
    assert await rules.remove(ELSEWHERE, [ALLOW]) == 0
    # Found by what they are about.
    assert await rules.remove(HERE, [DENY, PolicyRule("spend"), PolicyRule("nothing")]) == 2
    assert (await grants.policy(HERE)).rules == ()


async def test_they_are_replaced_whole_and_go_with_their_tenant(database: Database) -> None:
    rules, grants, tenants = PolicyRules(database), Grants(database), StoredTenants(database, lambda: 5.0)
    for tenant in (HERE, ELSEWHERE):
        await tenants.ensure(tenant)
        await rules.put(tenant, DENY)
    await rules.replace(HERE, [PolicyRule("spend"), PolicyRule("draw")])
    assert (await grants.policy(HERE)).rules == (PolicyRule("draw"), PolicyRule("spend"))
    await tenants.erase(HERE)
    assert (await grants.policy(HERE)).rules == ()
    assert (await grants.policy(ELSEWHERE)).rules == (DENY,)


async def test_no_more_than_the_limit_however_many_come_at_once(database: Database) -> None:
    rules = PolicyRules(database)
    for number in range(MOST_RULES - 3):
        await rules.put(HERE, PolicyRule(f"c{number}"))
    more = (rules.put(HERE, PolicyRule("draw", "user", str(number))) for number in range(10))
    said = await asyncio.gather(*more, return_exceptions=True)
    assert sum(isinstance(one, LimitReached) for one in said) == 7
    assert len((await Grants(database).policy(HERE)).rules) == MOST_RULES
    with pytest.raises(LimitReached):
        await rules.put(HERE, PolicyRule("one more"))
    assert await rules.put(HERE, PolicyRule("c1", allow=True)) == PolicyRule("c1")
