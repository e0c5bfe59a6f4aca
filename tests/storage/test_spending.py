"""Above how many credits a place asks, on both databases."""

from __future__ import annotations

from bot.core.chat.ids import TenantId
from bot.core.commands.cost import ASK_ABOVE
from bot.storage.engine.database import Database
from bot.storage.places.spending import StoredSpending
from bot.storage.places.tenants import StoredTenants

HERE = TenantId("discord", "1")
ELSEWHERE = TenantId("discord", "2")


async def test_what_a_place_sets_counts_there_alone(database: Database) -> None:
    stored = StoredSpending(database, lambda: 5.0)
    assert (await stored.chosen(HERE), await stored.threshold(HERE)) == (None, ASK_ABOVE)
    await stored.put(HERE, 50)
    await stored.put(HERE, 1)
    assert (await stored.chosen(HERE), await stored.threshold(HERE)) == (1, 1)
    assert await stored.threshold(ELSEWHERE) == ASK_ABOVE


async def test_it_goes_with_its_tenant(database: Database) -> None:
    stored, tenants = StoredSpending(database, lambda: 5.0), StoredTenants(database, lambda: 5.0)
    for tenant in (HERE, ELSEWHERE):
        await tenants.ensure(tenant)
        await stored.put(tenant, 7)
    await tenants.erase(HERE)
    assert (await stored.chosen(HERE), await stored.chosen(ELSEWHERE)) == (None, 7)
