"""Releasing what is held: no tenant waits for another, however much that one holds or what is wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.events.lists import list_card
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.appearance import Appearance
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.events import Event
from bot.core.routes.route import Route
from bot.core.routes.schedule import Schedule
from bot.relay.observing import Unobserved
from bot.relay.schedule.releasing import Releaser
from bot.storage.engine.database import Database
from bot.storage.intake.events import ORDER_LOCK, Events, NewEvent, store_events
from bot.storage.relay.deliveries import Deliveries
from bot.storage.relay.held import HeldEvents, NewHeld, hold
from bot.storage.relay.routes import Routes
from tests.conftest import ManualClock

LOUD, CALM = TenantId("slack", "T1"), TenantId("slack", "T2")


class _Woken:
    def __init__(self) -> None:
        self.lanes: list[str] = []

    def wake(self, lane: str) -> None:
        self.lanes.append(lane)


class _ListsHarness:
    """A releaser over a database in which things are held by hand."""

    def __init__(self, db: Database, clock: ManualClock) -> None:
        self.db, self.clock = db, clock
        self.woken, self.troubles = _Woken(), list[str]()
        self.held, self.routes = HeldEvents(db), Routes(db)
        house = self

        class Watch(Unobserved):
            def trouble(self, where: str, error: BaseException) -> None:
                house.troubles.append(f"{where}: {error}")

        self.releaser = Releaser(
            self.held,
            Events(db),
            self.routes,
            Deliveries(db),
            self.woken,
            self._draw,
            clock=clock,
            observer=Watch(),
        )
        self.undrawable: set[TenantId] = set()

    def _draw(self, events: Sequence[Event], title: str, look: Appearance) -> Card:
        if events[0].tenant in self.undrawable:
            raise TypeError("a shape nobody foresaw")
        return list_card(events, title, look)

    async def hold(self, tenant: TenantId, channels: int, each: int, *, since: float) -> None:
        """A digest to each of so many channels, in which so many events have been due since then."""
        for number in range(channels):
            place = Destination(tenant, f"C{number}")
            route = Route(f"{tenant.workspace}-{number}", f"r{number}", place, schedule=Schedule("0 * * * *"))
            await self.routes.add(route, 1.0)
            await self.db.write(partial(self._held, route=route, each=each, due_at=self.clock() - since))

    async def _held(self, connection: AsyncConnection, route: Route, each: int, due_at: float) -> None:
        await self.db.serialised(connection, ORDER_LOCK)
        to = route.destination
        ids = await store_events(connection, [_event(to, number) for number in range(each)])
        kept = [
            NewHeld(route.id, to, str(to), event or 0, DedupKey(f"t:{event}"), "digest", due_at, due_at - 60)
            for event in ids
        ]
        await hold(connection, kept)


def _event(to: Destination, number: int) -> NewEvent:
    identity, data = f"e:{to.channel}:{number}", f'{{"id": "{number}"}}'
    return NewEvent(str(to.tenant), identity, bytes(32), "tweet.new", "nasa", None, data, 1.0, 1.0, "stream")


@pytest.fixture
def house(database: Database, clock: ManualClock) -> _ListsHarness:
    return _ListsHarness(database, clock)


async def test_a_flood_of_one_tenant_in_one_channel_delays_no_other(house: _ListsHarness) -> None:
    await house.hold(LOUD, channels=1, each=1_000, since=100.0)
    await house.hold(CALM, channels=1, each=2, since=50.0)
    await house.releaser.release_due()
    assert "slack:T2/C0" in house.woken.lanes


async def test_a_tenant_with_very_many_channels_delays_no_other(house: _ListsHarness) -> None:
    await house.hold(LOUD, channels=60, each=2, since=100.0)
    await house.hold(CALM, channels=2, each=2, since=50.0)
    groups = await house.held.due(house.clock(), limit=10)
    assert [str(group.tenant) for group in groups[:4]] == ["slack:T1", "slack:T2"] * 2
    assert len(groups) == 10
    while await house.releaser.release_due():
        pass
    assert len(set(house.woken.lanes)) == 62


async def test_a_group_says_how_much_waits_and_since_when_also_of_what_is_not_due(
    house: _ListsHarness,
) -> None:
    await house.hold(LOUD, channels=1, each=3, since=100.0)

    async def later(connection: AsyncConnection) -> None:
        place = Destination(LOUD, "C0")
        new = NewHeld(
            "T1-0", place, str(place), 99, DedupKey("t:99"), "digest", house.clock() + 9, house.clock()
        )
        await hold(connection, [new])

    await house.db.write(later)
    (group,) = await house.held.due(house.clock())
    assert (group.waiting, group.route, group.reason) == (4, "T1-0", "digest")
    assert group.due_at == house.clock() - 100 and group.first_at == house.clock() - 160
    assert group.last_at == house.clock()


async def test_what_cannot_be_drawn_holds_up_nothing_else_and_is_not_tried_all_the_time(
    house: _ListsHarness,
) -> None:
    await house.hold(LOUD, channels=2, each=2, since=100.0)
    await house.hold(CALM, channels=1, each=2, since=50.0)
    house.undrawable.add(LOUD)
    while await house.releaser.release_due():
        pass
    assert house.woken.lanes == ["slack:T2/C0"]
    assert house.troubles == ["releasing: a shape nobody foresaw"] * 2
    house.undrawable.clear()
    house.clock.advance(61)
    while await house.releaser.release_due():
        pass
    assert sorted(house.woken.lanes) == ["slack:T1/C0", "slack:T1/C1", "slack:T2/C0"]
