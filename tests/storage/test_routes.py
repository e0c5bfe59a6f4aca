"""Stored routes: what two people change at the same time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat.ids import Destination, TenantId
from bot.core.errors import Conflict, LimitReached
from bot.core.routes.route import Deleted, Route
from bot.storage.engine.database import Database
from bot.storage.relay.routes import Routes

TENANT = TenantId("slack", "T1")


async def test_of_two_who_change_a_route_at_once_the_second_is_told(database: Database) -> None:
    routes = Routes(database)
    await routes.add(Route("r1", "alerts", Destination(TENANT, "C1")), 1.0)
    first = second = await routes.named(TENANT, "alerts")
    assert first is not None and second is not None
    assert await routes.change(replace(first, deleted=Deleted.REMOVE), 2.0)
    with pytest.raises(Conflict, match="changed by somebody else"):
        await routes.change(replace(second, accounts=("esa",)), 3.0)
    stored = await routes.named(TENANT, "alerts")
    assert stored is not None and stored.deleted is Deleted.REMOVE and stored.accounts == ()
    assert await routes.change(replace(stored, accounts=("esa",)), 4.0)
    await routes.remove(stored, 5.0)
    assert not await routes.change(replace(stored, accounts=()), 6.0), "it is gone"


@pytest.mark.parametrize("name", ["alerts", "son dakika", "عاجل", "ताज़ा ख़बर", "速報", "ข่าวด่วน"])
async def test_what_could_not_be_stored_is_told_before(database: Database, name: str) -> None:
    """A preview asks first, so that nothing is confirmed which cannot be done."""
    routes = Routes(database, most=2)
    place = Destination(TENANT, "C1")
    await routes.may_store(Route("r1", name, place), new=True)
    assert await routes.of_tenant(TENANT) == (), "it stores nothing"
    await routes.add(Route("r1", name, place), 1.0)
    with pytest.raises(Conflict, match="called"):
        await routes.may_store(Route("r2", name, place), new=True)
    await routes.may_store(Route("r1", name, place), new=False)
    await routes.may_store(Route("r2", name, Destination(TenantId("slack", "T2"), "C1")), new=True)
    await routes.add(Route("r2", "other", place), 1.0)
    with pytest.raises(Conflict, match="called"):
        await routes.may_store(Route("r2", name, place), new=False)
    with pytest.raises(LimitReached):
        await routes.may_store(Route("r3", "third", place), new=True)
