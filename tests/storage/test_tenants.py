"""Tenants and their policy."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import Table

from bot.core.access import EVERYTHING, NOTHING, Grant, Permission
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.route import Route
from bot.core.stores import StoredTenant
from bot.storage.engine.database import Database
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.grants import Grants
from bot.storage.places.tenants import GRACE, StoredTenants
from bot.storage.relay.outages import Outage, begin
from bot.storage.relay.rate_counters import RateCounts, keep
from bot.storage.relay.routes import Routes
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault, new_key
from bot.storage.tables import metadata, rate_counters
from tests.conftest import ManualClock

A, B = TenantId("discord", "1"), TenantId("slack", "T1")


@pytest.fixture
def tenants(database: Database, clock: ManualClock) -> StoredTenants:
    return StoredTenants(database, clock)


@pytest.fixture
def grants(database: Database) -> Grants:
    return Grants(database)


async def test_a_tenant_is_stored_once_and_may_be_renamed(tenants: StoredTenants, clock: ManualClock) -> None:
    first = StoredTenant(A, "Guild", clock())
    assert await tenants.ensure(A, "Guild") == first
    clock.advance(5)
    assert await tenants.ensure(A) == first
    assert (await tenants.ensure(A, "Club")).name == "Club"
    assert (await tenants.ensure(A, "Club")).created_at == first.created_at


async def test_a_removed_tenant_can_come_back(tenants: StoredTenants, clock: ManualClock) -> None:
    await tenants.ensure(A)
    await tenants.ensure(B)
    assert await tenants.remove(A)
    assert not await tenants.remove(A)
    assert [tenant.id for tenant in await tenants.list()] == [B]
    assert [tenant.id for tenant in await tenants.list(removed=True)] == [A, B]
    assert (await tenants.ensure(A, "Guild")).removed_at == clock()
    assert await tenants.restore(A)
    assert not await tenants.restore(A)
    assert [tenant.id for tenant in await tenants.list()] == [A, B]


async def test_after_the_grace_period_everything_of_a_tenant_is_deleted(
    tenants: StoredTenants, database: Database, clock: ManualClock
) -> None:
    vault = Vault([new_key()])
    for tenant in (A, B):
        await tenants.ensure(tenant)
        await Secrets(database, vault, clock).put(tenant, "f", SecretStr("s"))
        await Grants(database).grant(tenant, "user", "1", Permission.SPEND)
    await tenants.remove(A)
    clock.advance(GRACE - 1)
    assert await tenants.purge() == ()
    clock.advance(2)
    assert await tenants.purge() == (A,)
    assert await tenants.purge() == ()
    assert await tenants.get(A) is None
    assert await Grants(database).grants(A) == ()
    assert await Secrets(database, vault, clock).hint(A, "f") is None
    assert await Secrets(database, vault, clock).hint(B, "f") is not None


async def test_erasing_leaves_no_row_of_the_tenant_in_any_table(
    tenants: StoredTenants, database: Database, clock: ManualClock
) -> None:
    await tenants.ensure(A)
    await Grants(database).grant(A, "user", "1", Permission.SPEND)
    await StoredButtonStates(database, clock, bytes).keep(A, "page", {}, lifetime=60)
    await tenants.erase(A)
    for table in metadata.sorted_tables:
        if "tenant" in table.c:
            assert await _all_of(database, table) == []


async def test_erasing_leaves_no_word_of_the_tenant_in_any_column(
    tenants: StoredTenants, database: Database, clock: ManualClock
) -> None:
    """Places are named in what a schedule counts and in what could not be reached, too."""
    for tenant in (A, B):
        await tenants.ensure(tenant)
        await _used(database, Destination(tenant, "C1"))
    await tenants.erase(A)
    left = {table.name: await _all_of(database, table) for table in metadata.sorted_tables}
    assert not {name for name, rows in left.items() if "discord:1/" in str(rows)}
    assert {"tempo", "facts"} <= {name for name, rows in left.items() if "slack:T1/C1" in str(rows)}


async def test_what_a_schedule_counted_goes_with_its_route_and_its_place(database: Database) -> None:
    first, second = Destination(B, "C1"), Destination(B, "C2")
    routes, made = Routes(database), Route("r", "r", first, also=(second,))
    await routes.add(made, 1.0)
    kept = {("r", str(place)): RateCounts(in_window=1) for place in (first, second)}
    await database.write(lambda c: keep(c, database.dialect, kept.items()))
    stored = await routes.get(B, "r")
    assert stored is not None
    await routes.change(replace(stored.route, also=()), 2.0)
    assert "C1" in (left := str(await _all_of(database, rate_counters))) and "C2" not in left
    await routes.remove(made, 3.0)
    assert await _all_of(database, rate_counters) == []


async def _used(database: Database, place: Destination) -> None:
    """A route with a schedule to a place that cannot be reached."""
    name = f"{place.tenant.workspace}-r"
    await Routes(database).add(Route(name, "r", place), 1.0)
    counted = {(name, str(place)): RateCounts(in_window=1)}
    await database.write(lambda c: keep(c, database.dialect, counted.items()))
    await database.write(lambda c: begin(c, Outage(str(place), name, 1.0)))


async def _all_of(database: Database, table: Table) -> list[object]:
    return list((await database.read(lambda c: c.execute(table.select()))).all())


async def test_an_unconfigured_tenant_has_no_stored_grants(grants: Grants) -> None:
    assert await grants.grants(A) == ()


async def test_permissions_are_added_and_taken_away(grants: Grants) -> None:
    both = Permission.SPEND | Permission.PUBLISH
    assert await grants.grant(A, "user", "7", Permission.SPEND) == Permission.SPEND
    assert await grants.grant(A, "user", "7", Permission.PUBLISH) == both
    assert await grants.grants(A) == (Grant("user", "7", both),)
    assert await grants.grants(B) == ()
    assert await grants.revoke(A, "user", "7", Permission.SPEND) == Permission.PUBLISH
    assert await grants.revoke(A, "user", "7", Permission.PUBLISH) == NOTHING
    assert await grants.grants(A) == ()


async def test_what_replaces_a_default_starts_from_it(grants: Grants) -> None:
    assert await grants.grant(A, "everyone", "", Permission.SPEND) == Permission.USE | Permission.SPEND
    assert await grants.revoke(A, "admins", "", Permission.PUBLISH) == EVERYTHING & ~Permission.PUBLISH
    await grants.revoke(A, "everyone", "", EVERYTHING)
    assert Grant("everyone", "", NOTHING) in await grants.grants(A)


async def test_two_changes_at_once_are_both_kept(grants: Grants) -> None:
    given = tuple(Permission)
    await asyncio.gather(*(grants.grant(A, "role", "9", permission) for permission in given))
    assert await grants.grants(A) == (Grant("role", "9", EVERYTHING),)


async def test_a_whole_policy_is_replaced(grants: Grants) -> None:
    await grants.grant(A, "user", "7", Permission.SPEND)
    wanted = (Grant("everyone", "", NOTHING), Grant("role", "9", Permission.SPEND))
    await grants.replace(A, wanted)
    assert await grants.grants(A) == wanted
