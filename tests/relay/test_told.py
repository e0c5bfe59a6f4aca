"""Somebody who manages is told of a pause: whoever made the route, else the next who is known of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat.delivery_results import Gone, Refused
from bot.relay.sending.telling import OWNER, addressed
from bot.storage.engine.database import Database
from bot.storage.places.contacts import ContactKind, Contacts, KnownContacts
from bot.storage.places.tenants import StoredTenants
from tests.relay.harness import TENANT, route
from tests.relay.lost_harness import CLOSED, HOUR, Lost
from tests.relay.routing_harness import rows


@pytest.fixture
async def lost(database: Database) -> Lost:
    """A route to C1 that came from a file, so that nobody made it."""
    made = Lost(database)
    await made.relay.routes.add(route("r", "C1"), made.now)
    return made


async def pause(lost: Lost, number: int = 1) -> None:
    """C1 refuses a message."""
    lost.messenger.closed["C1"] = CLOSED
    await lost.event(number)
    await lost.send()


def contacts(lost: Lost) -> Contacts:
    return Contacts(lost.db, lambda: lost.now)


def people(lost: Lost) -> list[str]:
    return [person for person, _ in lost.told()]


async def test_where_nobody_is_known_the_owner_is_told_of_the_pause_and_of_its_end(lost: Lost) -> None:
    await pause(lost)
    assert people(lost) == ["OWNER"]
    assert "A route is paused" in lost.told()[0][1]
    for _ in range(3):
        lost.now += 1.2 * HOUR
        await lost.look()
    assert people(lost) == ["OWNER"], "once for the pause"
    lost.messenger.closed.clear()
    lost.now += 1.2 * HOUR
    await lost.look()
    assert people(lost) == ["OWNER", "OWNER"]


async def test_who_stored_the_key_comes_before_who_installed_and_the_owner(lost: Lost) -> None:
    await contacts(lost).put(TENANT, ContactKind.INSTALLER, "U7")
    await contacts(lost).put(TENANT, ContactKind.SETUP, "U3")
    await pause(lost)
    assert people(lost) == ["U3"]


async def test_makers_are_told_of_theirs_and_the_next_of_those_that_nobody_made(lost: Lost) -> None:
    for name, by in (("a", "U1"), ("b", "U1"), ("c", "U2")):
        await lost.relay.routes.add(replace(route(name, "C1"), created_by=by), lost.now + 1)
    await contacts(lost).put(TENANT, ContactKind.SETUP, "U1")
    await pause(lost)
    told = dict(lost.told())
    assert sorted(people(lost)) == ["U1", "U2"], "one message for each person"
    assert "the routes r, a, b are paused" in told["U1"]
    assert "Routes are paused" in told["U1"] and "A route is paused" in told["U2"]


async def test_a_channel_that_was_set_for_it_is_told_instead(lost: Lost) -> None:
    await contacts(lost).put(TENANT, ContactKind.CHANNEL, "OPS")
    await pause(lost)
    assert not lost.told()
    assert ["A route is paused" in one for one in lost.notices("OPS")] == [True]
    assert await contacts(lost).forget(TENANT, ContactKind.CHANNEL)
    assert not await contacts(lost).forget(TENANT, ContactKind.CHANNEL)


async def test_who_cannot_be_told_is_followed_by_the_next(lost: Lost) -> None:
    await contacts(lost).put(TENANT, ContactKind.CHANNEL, "OPS")
    await contacts(lost).put(TENANT, ContactKind.SETUP, "U3")
    await contacts(lost).put(TENANT, ContactKind.INSTALLER, "U7")
    lost.messenger.closed["OPS"] = CLOSED
    lost.messenger.tell_answers = [Gone("takes no direct messages"), Refused("is not here")]
    await pause(lost)
    for _ in range(4):
        await lost.send()
    assert people(lost) == ["OWNER"]
    left = [row for row in await rows(lost.db) if row.kind in ("tell", "card") and row.state != "sent"]
    assert [row.state for row in left] == ["skipped"] * 3
    assert all(row.error.endswith("Someone else is told.") for row in left)


async def test_where_nobody_is_left_it_is_a_dead_letter(lost: Lost) -> None:
    lost.messenger.tell_answers = [Gone("takes no direct messages")]
    await pause(lost)
    await lost.send()
    assert not lost.told()
    (dead,) = [row for row in await rows(lost.db) if row.state == "dead"]
    assert (dead.kind, dead.person) == ("tell", OWNER)


async def test_a_restart_between_two_of_them_tells_the_next(lost: Lost) -> None:
    await contacts(lost).put(TENANT, ContactKind.SETUP, "U3")
    lost.messenger.closed["C1"] = CLOSED
    await lost.event(1)
    await lost.relay._sending.drainer.drain("slack:T1/C1")
    lost.again()
    lost.messenger.tell_answers = [Gone("takes no direct messages")]
    await lost.relay._sending.drainer.drain("slack:T1/@U3")
    lost.again()
    await lost.send()
    assert people(lost) == ["OWNER"]


async def test_with_its_tenant_they_are_forgotten(lost: Lost) -> None:
    await contacts(lost).put(TENANT, ContactKind.SETUP, "U3")
    tenants = StoredTenants(lost.db, lambda: lost.now)
    await tenants.ensure(TENANT)
    await tenants.erase(TENANT)
    assert await contacts(lost).of(TENANT) == KnownContacts()


def test_addresses() -> None:
    assert addressed(KnownContacts(), {"": [1], "U1": [2]}) == {OWNER: [1], "U1": [2]}
    assert addressed(KnownContacts(None, ("U1",)), {"": [1], "U1": [2]}) == {"U1": [1, 2]}
    assert addressed(KnownContacts("C9", ("U1",)), {"": [1], "U1": [2]}) == {"#C9": [1, 2]}
