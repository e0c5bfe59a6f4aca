"""A route that a person paused: what comes meanwhile is counted, and sent as far as they want it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat.ids import Destination
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.events import DELETED_TYPE
from bot.core.routes.filters import Quiet
from bot.core.routes.missed import MissedOfRoute
from bot.core.routes.route import Route
from bot.relay.asking import missed as subject
from bot.storage.engine.database import Database
from tests.relay.harness import OTHER, TENANT, route
from tests.relay.lost_harness import CLOSED, HOUR, Lost
from tests.relay.routing_harness import route_all, rows, store_many

TWELVE = list(range(1, 13))
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
async def lost(database: Database) -> Lost:
    """A route of Ann's to C1."""
    made = Lost(database)
    await made.relay.routes.add(route("r", "C1", created_by="U1"), made.now)
    return made


async def the_route(lost: Lost, name: str = "r") -> Route:
    found = await lost.relay.routes.named(TENANT, name)
    assert found is not None
    return found


async def paused(lost: Lost, *events: int) -> MissedOfRoute:
    """The first event arrives, Ann pauses the route, the others come; what was missed."""
    await lost.event(events[0])
    await lost.send()
    assert await lost.relay.pause(await the_route(lost), "paused by Ann", by="U1")
    for number in events[1:]:
        lost.now += 1.0
        await lost.event(number)
        await lost.send()
    assert lost.tweets("C1") == [events[0]]
    found = await lost.relay.missed(await the_route(lost))
    assert found is not None
    return found


async def go_on(lost: Lost, missed: MissedOfRoute | None, wanted: int | None) -> None:
    await lost.relay.resume(await the_route(lost), by="U1", missed=missed, wanted=wanted)
    await route_all(lost.relay)
    await lost.send()


@pytest.mark.parametrize(("wanted", "stand"), [(None, TWELVE), (3, [1, 10, 11, 12]), (50, TWELVE), (0, [1])])
async def test_as_much_follows_as_is_wanted_in_order_and_then_what_comes(
    lost: Lost, wanted: int | None, stand: list[int]
) -> None:
    missed = await paused(lost, *TWELVE)
    assert (missed.count, missed.more, missed.too_old) == (11, False, 0)
    await go_on(lost, missed, wanted)
    await lost.event(13)
    await lost.send()
    assert lost.tweets("C1") == [*stand, 13]
    assert await lost.relay.missed(await the_route(lost)) is None


async def test_what_comes_between_the_count_and_the_answer_is_sent_too(lost: Lost) -> None:
    missed = await paused(lost, *TWELVE[:6])
    await store_many(lost.db, TENANT, [100])  # not routed yet
    await lost.event(7)
    await store_many(lost.db, TENANT, [101])
    await go_on(lost, missed, None)
    made = [row.purpose for row in await rows(lost.db) if row.channel == "C1" and row.kind == "event"]
    assert [one for one in made if one in ("t:100", "t:101")] == ["t:100", "t:101"]
    assert len(made) == len(set(made)) == 9


async def test_asking_twice_or_at_once_sends_nothing_twice(lost: Lost) -> None:
    missed = await paused(lost, *TWELVE)
    await go_on(lost, missed, None)
    await go_on(lost, missed, None)
    assert lost.tweets("C1") == TWELVE


async def test_an_old_answer_puts_nothing_into_a_route_that_is_on(lost: Lost) -> None:
    missed = await paused(lost, *TWELVE)
    await go_on(lost, missed, 0)
    await go_on(lost, missed, None)
    assert lost.tweets("C1") == [1]


async def test_what_stands_there_by_another_route_is_not_posted_again(lost: Lost) -> None:
    await lost.relay.routes.add(route("esa", "C1", accounts=("esa",)), lost.now + 1)
    await paused(lost, 1)
    for number in (2, 3, 4):
        await lost.event(number, username="esa" if number == 3 else "nasa")
        await lost.send()
    assert lost.tweets("C1") == [1, 3]
    await go_on(lost, await lost.relay.missed(await the_route(lost)), None)
    assert lost.tweets("C1") == [1, 3, 2, 4]


async def test_filters_mutes_deletions_and_threads_count_as_they_would_have(lost: Lost) -> None:
    inside = Appearance(threading=Threading.DAY)
    two = replace(
        await the_route(lost),
        filters=(Quiet(("advert",)),),
        appearance=inside,
        also=(Destination(TENANT, "C2"),),
    )
    await lost.relay.routes.change(two, lost.now)
    await lost.relay.mutes.mute(TENANT, "C2", "nasa", "U1", lost.now)
    await paused(lost, 1)
    await lost.event(2, data={"id": "1893456789000000002", "text": "an advert"})
    await lost.event(3, 4)
    await lost.event(5, eventType=DELETED_TYPE, data={"id": f"18934567890{4:08}"})
    await lost.event(6, tenant=OTHER)
    missed = await lost.relay.missed(await the_route(lost))
    assert missed is not None
    assert [event.identity for event in missed.events] == ["e:3"]
    await go_on(lost, missed, None)
    assert lost.tweets("C1") == [1, 3] and not lost.tweets("C2")


async def test_what_is_too_old_is_counted_and_not_offered(lost: Lost) -> None:
    await paused(lost, 1, 2, 3)
    lost.now += 25 * HOUR
    await lost.event(4)
    missed = await lost.relay.missed(await the_route(lost))
    assert missed is not None
    assert (missed.count, missed.too_old) == (1, 2)
    await go_on(lost, missed, None)
    assert lost.tweets("C1") == [1, 4]


async def test_counting_is_bounded_and_says_so(lost: Lost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST", 5)
    monkeypatch.setattr(subject, "_PAGE", 3)
    missed = await paused(lost, *TWELVE)
    assert (missed.count, missed.more) == (5, True)
    assert [event.identity for event in missed.events] == [f"e:{number}" for number in range(8, 13)]
    monkeypatch.setattr(subject, "MOST", 50)
    monkeypatch.setattr(subject, "LOOKED_THROUGH", 6)
    missed = await lost.relay.missed(await the_route(lost))  # type: ignore[assignment]
    assert (missed.count, missed.more) == (6, True)


async def test_pausing_what_the_bot_paused_is_up_to_the_person_from_then_on(lost: Lost) -> None:
    await lost.event(1)
    await lost.send()
    lost.messenger.closed["C1"] = CLOSED
    await lost.event(2, 3)
    await lost.send()
    assert await lost.relay.missed(await the_route(lost)) is None, "it goes on collecting"
    await lost.relay.pause(await the_route(lost), "paused by Ann", by="U1")
    await lost.event(4, 5)
    lost.messenger.closed.clear()
    await lost.relay.recovery.look_again(TENANT)
    await lost.look()
    assert lost.tweets("C1") == [1, 2, 3], "what was kept before is sent"
    assert (await the_route(lost)).paused_reason == "paused by Ann"
    missed = await lost.relay.missed(await the_route(lost))
    assert missed is not None and missed.count == 2
    await go_on(lost, missed, None)
    assert lost.tweets("C1") == [1, 2, 3, 4, 5]


async def test_a_second_pause_misses_only_what_came_since(lost: Lost) -> None:
    missed = await paused(lost, 1, 2, 3)
    await go_on(lost, missed, 0)
    await lost.event(4)
    await lost.send()
    await lost.relay.pause(await the_route(lost), "paused by Ann", by="U1")
    await lost.relay.pause(await the_route(lost), "paused by Ben", by="U2")
    await lost.event(5)
    missed = await lost.relay.missed(await the_route(lost))  # type: ignore[assignment]
    assert [event.identity for event in missed.events] == ["e:5"]
    assert (await the_route(lost)).paused_reason == "paused by Ann"


@ONE_DATABASE
async def test_after_a_restart_nothing_is_forgotten(lost: Lost) -> None:
    await paused(lost, *TWELVE)
    lost.again()
    await go_on(lost, await lost.relay.missed(await the_route(lost)), None)
    assert lost.tweets("C1") == TWELVE
