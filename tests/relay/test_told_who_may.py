"""What is told of pauses, outages, the key and the webhook is read by those alone who may see it then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.access import Actor, BotRemoved
from bot.core.chat.delivery_results import Unknown
from bot.core.chat.ids import Destination
from bot.relay.asking.operating import Operating
from bot.sandbox.server import RunningSandbox
from bot.storage.engine.database import Database
from bot.storage.places.contacts import ContactKind, Contacts
from tests.relay.harness import TENANT, route
from tests.relay.ingest_harness import ingest_harness
from tests.relay.lost_harness import CLOSED, HOUR, Lost
from tests.relay.sandbox_harness import Xquik

C1 = Destination(TENANT, "C1")


@pytest.fixture
async def lost(database: Database) -> Lost:
    """A route to C1 whose maker, U1, lost every right since; U2 stored the key and is an admin."""
    made = Lost(database)
    await made.relay.routes.add(replace(route("r", "C1"), created_by="U1"), made.now)
    await Contacts(database, lambda: made.now).put(TENANT, ContactKind.SETUP, "U2")
    made.messenger.people.update(U1=Actor("U1", "U1"), U2=Actor("U2", "U2", is_admin=True))
    return made


def titles(lost: Lost) -> list[tuple[str, str]]:
    return [(person, card.title) for person, card in lost.messenger.told]


async def test_a_pause_by_the_bot_and_its_end(lost: Lost) -> None:
    lost.messenger.closed["C1"] = CLOSED
    await lost.event(1)
    await lost.send()
    lost.messenger.closed.clear()
    lost.now += 1.2 * HOUR
    await lost.look()
    assert titles(lost) == [("U2", "A route is paused"), ("U2", "A channel works again")]


async def test_a_pause_because_the_bot_was_removed(lost: Lost) -> None:
    """Nobody says any more who may see it: whoever made the route is told, once."""
    lost.messenger.closed["C1"] = CLOSED
    lost.messenger.people.update(U1=BotRemoved(), U2=BotRemoved())
    await lost.event(1)
    await lost.send()
    assert titles(lost) == [("U1", "A route is paused")]


async def test_a_place_that_cannot_be_reached(lost: Lost) -> None:
    lost.messenger.answers["C1"] = [Unknown("no answer")] * 12
    await lost.event(1)
    for _ in range(8):
        await lost.send()
        lost.now += HOUR / 4
    assert titles(lost)[:1] == [("U2", "A channel cannot be reached")]
    assert all(person == "U2" for person, _ in titles(lost))


async def test_a_pause_by_a_person_and_its_end(lost: Lost) -> None:
    (one,) = await lost.relay.routes.of_tenant(TENANT)
    await lost.relay.pause(one, "paused by Ada", by="U9")
    await lost.send()
    (one,) = await lost.relay.routes.of_tenant(TENANT)
    await lost.relay.resume(one, by="U9")
    await lost.send()
    assert titles(lost) == [("U2", "A route is paused"), ("U2", "A route is on again")]


async def test_a_place_that_the_operator_stopped(lost: Lost) -> None:
    operating = Operating(lost.db, lost.relay.routes, lambda _: None, lambda: lost.now)
    await operating.pause(C1)
    await lost.send()
    await operating.resume(C1)
    await lost.send()
    assert titles(lost) == [("U2", "Messages are paused"), ("U2", "Messages are on again")]


async def test_a_refused_key(database: Database, sandbox: RunningSandbox, xquik: Xquik) -> None:
    async with ingest_harness(database, sandbox) as house:
        await house.join()
        await Contacts(database, lambda: 1.0).put(TENANT, ContactKind.SETUP, "U2")
        house.messenger.people.update(U1=Actor("U1", "U1"), U2=Actor("U2", "U2", is_admin=True))
        await house.ingest.catchup.refused(await house.member())
        await house.quiet()
        assert [(who, card.title) for who, card in house.messenger.told] == [("U2", "Xquik refuses the key")]
