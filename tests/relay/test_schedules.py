"""The schedule of routes on a real database: what is held, counted, left out and released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import msgspec
import pytest

from bot.core.chat.cards import Card, Text, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.appearance import Appearance
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.core.routes.events import Event
from bot.core.routes.route import CatchUpPolicy, MissedPolicy, Route
from bot.core.routes.schedule import STEADY, Burst, QuietHours, Schedule
from bot.relay.observing import Unobserved
from bot.relay.routing.planning import Planned
from bot.relay.schedule.deciding import GATHER, RouteSchedules
from bot.relay.schedule.releasing import Releaser
from bot.relay.sending.outbox import delivery_key
from bot.storage.engine.database import Database
from bot.storage.intake.events import Events, NewEvent, store_events
from bot.storage.relay.deliveries import Deliveries, NewDelivery, add
from bot.storage.relay.held import LEFT_OUT, HeldEvents
from bot.storage.relay.routes import Routes
from tests.conftest import ManualClock

TENANT = TenantId("slack", "T1")
PLACE = Destination(TENANT, "C1")
_ALL = CatchUpPolicy()


def _new(one: Planned, now: float) -> NewDelivery:
    return NewDelivery(
        destination=one.destination,
        lane=one.lane,
        kind=DeliveryKind.EVENT,
        dedup_key=one.dedup_key,
        key=delivery_key(one.lane, one.dedup_key),
        created_at=now,
        event=one.event.id,
        route=one.route.id,
    )


def _list_card(events: Sequence[Event], title: str, _look: Appearance) -> Card:
    return Card(title, tuple(Text(line(str(event.data["id"]))) for event in events))


class _Woken:
    def __init__(self) -> None:
        self.lanes: list[str] = []

    def wake(self, lane: str) -> None:
        self.lanes.append(lane)


@dataclass
class ScheduleHarness:
    """Everything about schedule, without a router: `arrive` is its transaction."""

    db: Database
    clock: ManualClock
    woken: _Woken = field(default_factory=_Woken)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.schedules = RouteSchedules(self.db.dialect, _new)
        self.held, self.deliveries = HeldEvents(self.db), Deliveries(self.db)
        self.routes = Routes(self.db)
        self.releaser = Releaser(
            self.held,
            Events(self.db),
            self.routes,
            self.deliveries,
            self.woken,
            _list_card,
            clock=self.clock,
            observer=Unobserved(),
        )

    async def route(self, schedule: Schedule = STEADY, *, catch_up: CatchUpPolicy = _ALL) -> Route:
        """A stored route with that schedule."""
        made = Route("r1", "alerts", PLACE, schedule=schedule, catch_up=catch_up)
        await self.routes.add(made, self.clock())
        return made

    async def arrive(self, route: Route, count: int = 1, *, late: float = 0.0, tweet: str = "") -> None:
        """Store events and arrange them, in one transaction as the router does."""
        now = self.clock()
        first = self.numbers
        self.numbers += count

        def new(number: int) -> NewEvent:
            data = f'{{"id": "{tweet or number}"}}'
            return NewEvent(
                str(TENANT),
                f"e:{number}",
                b"0" * 32,
                "tweet.new",
                "nasa",
                None,
                data,
                now - late,
                now,
                "stream",
            )

        async def store(connection: object) -> None:
            await store_events(connection, [new(number) for number in range(first, first + count)])  # type: ignore[arg-type]

        await self.db.write(store)
        stored = [e for e in await Events(self.db).after(0, 10_000) if int(e.identity[2:]) >= first]
        planned = [
            Planned(event, route, PLACE, str(PLACE), DedupKey(f"t:{event.data['id']}")) for event in stored
        ]

        async def route_them(connection: object) -> None:
            await add(connection, await self.schedules.arrange(connection, planned, now))  # type: ignore[arg-type]

        await self.db.write(route_them)

    async def outbox(self) -> list[tuple[str, str, str]]:
        """Kind, dedup_key and state of every delivery, in order."""
        lanes = await self.deliveries.of_lane(str(PLACE))
        return [(one.kind, one.dedup_key, one.state) for one in lanes]

    async def release(self) -> bool:
        """Let the releaser look once."""
        return await self.releaser.release_due()


@pytest.fixture
def harness(database: Database, clock: ManualClock) -> ScheduleHarness:
    return ScheduleHarness(database, clock)


async def test_a_digest_holds_everything_and_becomes_one_message_at_its_time(
    harness: ScheduleHarness,
) -> None:
    route = await harness.route(Schedule(digest="0 * * * *"))
    await harness.arrive(route, 3)
    assert await harness.outbox() == [] and not await harness.release()
    ((waiting, due),) = (await harness.held.waiting(TENANT)).values()
    assert waiting == 3 and due % 3600 == 0
    harness.clock.now = due
    assert await harness.release() and not await harness.release()
    ((kind, dedup_key, state),) = await harness.outbox()
    assert (kind, state) == ("list", "waiting") and dedup_key.startswith("l:")
    assert {one.released_as for e in range(1, 4) for one in await harness.held.for_event(TENANT, e)} == {
        dedup_key
    }
    assert harness.woken.lanes == [str(PLACE)]


async def test_one_event_alone_is_no_list(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(digest="0 * * * *"))
    await harness.arrive(route)
    harness.clock.advance(3600)
    await harness.release()
    assert await harness.outbox() == [("event", "t:0", "waiting")]


async def test_quiet_hours_hold_until_they_end_and_then_events_come_singly(harness: ScheduleHarness) -> None:
    minute = int(harness.clock() // 60) % 1440
    route = await harness.route(Schedule(quiet=QuietHours(minute, (minute + 30) % 1440)))
    await harness.arrive(route, 2)
    assert await harness.outbox() == []
    harness.clock.advance(31 * 60)
    await harness.release()
    await harness.arrive(route)
    assert [kind for kind, _, _ in await harness.outbox()] == ["list", "event"]


@pytest.mark.parametrize("over", [STEADY, Schedule(per_day=5)])
@pytest.mark.parametrize("before", [Schedule(digest="0 9 * * 1"), Schedule(burst=Burst(1, 86_400))])
async def test_what_is_held_comes_at_once_when_what_held_it_is_switched_off(
    harness: ScheduleHarness, before: Schedule, over: Schedule
) -> None:
    route = await harness.route(before)
    await harness.arrive(route, 4)
    assert not await harness.release()
    harness.clock.advance(1)
    await harness.routes.change(replace(route, schedule=over), harness.clock())
    assert await harness.release()
    assert ("list", "waiting") in [(kind, state) for kind, _, state in await harness.outbox()]


async def test_what_is_held_comes_with_the_list_of_another_schedule(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(digest="0 9 * * 1"))
    await harness.arrive(route, 2)
    await harness.routes.change(replace(route, schedule=Schedule(digest="0 * * * *")), harness.clock())
    ((_, due),) = (await harness.held.waiting(TENANT)).values()
    assert 0 < due - harness.clock() <= 3600


async def test_what_two_rules_held_becomes_one_list_when_one_schedule_takes_both(
    harness: ScheduleHarness,
) -> None:
    minute = int(harness.clock() // 60) % 1440
    quiet = QuietHours(minute, (minute + 30) % 1440)
    route = await harness.route(Schedule(quiet=quiet))
    await harness.arrive(route, 2)
    digest = replace(route, schedule=Schedule(quiet=quiet, digest="0 9 * * 1"))
    await harness.routes.change(digest, harness.clock())
    await harness.arrive(digest, 2)
    harness.clock.advance(1)
    await harness.routes.change(replace(route, schedule=STEADY), harness.clock())
    await harness.release()
    assert [kind for kind, _, _ in await harness.outbox()] == ["list"]


async def moments(harness: ScheduleHarness) -> list[float]:
    """For how many seconds each message waits still."""
    lanes = await harness.deliveries.of_lane(str(PLACE))
    return [max(0.0, round(one.not_before - harness.clock(), 3)) for one in lanes]


@pytest.mark.parametrize(
    ("per_hour", "waits", "next_one"),
    [(None, [0, 0, 0, 0], 0), (60, [0, 60, 120, 180], 240), (2, [0, 1790, 3590, 5390], 7190)],
)
async def test_what_waits_for_its_turn_goes_at_the_new_pace(
    harness: ScheduleHarness, per_hour: int | None, waits: list[float], next_one: float
) -> None:
    route = await harness.route(Schedule(per_hour=2))
    await harness.arrive(route, 4)
    harness.clock.advance(10)
    paced = replace(route, schedule=Schedule(per_hour=per_hour, per_day=50))
    await harness.routes.change(paced, harness.clock())
    assert await moments(harness) == waits
    await harness.arrive(paced)
    assert (await moments(harness))[-1] == next_one


async def test_another_name_moves_nothing_that_is_held(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(digest="0 9 * * 1", burst=Burst(1, 600)))
    await harness.arrive(route, 2)
    before = await harness.held.waiting(TENANT)
    harness.clock.advance(60)
    await harness.routes.change(replace(route, name="other"), harness.clock())
    assert await harness.held.waiting(TENANT) == before


async def test_a_burst_becomes_a_few_messages_and_one_list(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(burst=Burst(2, 600)))
    await harness.arrive(route, 6)
    assert [kind for kind, _, _ in await harness.outbox()] == ["event", "event"]
    harness.clock.advance(600)
    await harness.release()
    assert [kind for kind, _, _ in await harness.outbox()] == ["event", "event", "list"]
    await harness.arrive(route, 2)
    assert [kind for kind, _, _ in await harness.outbox()] == ["event", "event", "list", "event", "event"]


async def test_the_hour_spreads_messages_evenly(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(per_hour=6))
    await harness.arrive(route, 3)
    lane = await harness.deliveries.of_lane(str(PLACE))
    assert [one.not_before and one.not_before - harness.clock() for one in lane] == [0.0, 600.0, 1200.0]


async def test_the_cap_of_a_day_leaves_out_the_rest_says_so_once_and_ends_at_midnight(
    harness: ScheduleHarness,
) -> None:
    route = await harness.route(Schedule(per_day=2))
    await harness.arrive(route, 4)
    assert [(kind, state) for kind, _, state in await harness.outbox()] == [
        ("event", "waiting"),
        ("event", "waiting"),
        ("event", "skipped"),
        ("list", "waiting"),
        ("event", "skipped"),
    ]
    skipped = (await harness.deliveries.of_lane(str(PLACE)))[2]
    assert skipped.error == "the route 'alerts' posts at most 2 messages a day here"
    harness.clock.advance(86_400)
    await harness.arrive(route)
    assert (await harness.outbox())[-1][2] == "waiting"


async def test_the_same_tweet_again_is_counted_and_held_once(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(burst=Burst(1, 600), per_day=9))
    await harness.arrive(route, tweet="77")
    await harness.arrive(route, tweet="77")
    await harness.arrive(route, tweet="78")
    await harness.arrive(route, tweet="78")
    assert await harness.outbox() == [("event", "t:77", "waiting")]
    assert [one for one, _ in (await harness.held.waiting(TENANT)).values()] == [1]


async def test_what_the_channel_got_by_another_way_is_not_listed_again(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(digest="0 * * * *"))
    await harness.arrive(route, 3)
    (held,) = await harness.held.for_event(TENANT, 2)
    other = NewDelivery(PLACE, str(PLACE), DeliveryKind.EVENT, held.dedup_key, "k" * 25, 1.0, event=2)

    async def elsewhere(connection: object) -> None:
        await add(connection, [other])  # type: ignore[arg-type]

    await harness.db.write(elsewhere)
    harness.clock.advance(3600)
    await harness.release()
    assert [kind for kind, _, _ in await harness.outbox()] == ["event", "list"]
    (held,) = await harness.held.for_event(TENANT, 2)
    assert held.released_as == held.dedup_key


async def test_of_what_was_missed_the_last_few_are_posted_and_the_rest_is_told(
    harness: ScheduleHarness,
) -> None:
    route = await harness.route(catch_up=CatchUpPolicy(MissedPolicy.LAST, 2))
    await harness.arrive(route, 5, late=4000)
    assert await harness.outbox() == []
    harness.clock.advance(GATHER)
    await harness.release()
    assert [(kind, dedup_key[:2]) for kind, dedup_key, _ in await harness.outbox()] == [
        ("list", "m:"),
        ("event", "t:"),
        ("event", "t:"),
    ]
    (first,) = await harness.held.for_event(TENANT, 1)
    assert first.released_as == LEFT_OUT


async def test_what_was_missed_waits_until_its_gap_is_closed(harness: ScheduleHarness) -> None:
    route = await harness.route(catch_up=CatchUpPolicy(MissedPolicy.DIGEST))
    await harness.arrive(route, 2, late=4000)
    harness.clock.advance(GATHER - 1)
    await harness.arrive(route, 2, late=4000)
    harness.clock.advance(2)
    assert not await harness.release()
    harness.clock.advance(GATHER)
    assert await harness.release()
    assert [kind for kind, _, _ in await harness.outbox()] == ["list"]


async def test_what_is_on_time_is_posted_at_once_whatever_the_policy_for_missed(
    harness: ScheduleHarness,
) -> None:
    route = await harness.route(catch_up=CatchUpPolicy(MissedPolicy.DIGEST))
    await harness.arrive(route, 1, late=20)
    assert await harness.outbox() == [("event", "t:0", "waiting")]


async def test_a_route_that_is_gone_leaves_out_what_it_held(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(digest="0 * * * *"))
    await harness.arrive(route, 2)
    await harness.routes.remove(route, harness.clock())
    harness.clock.advance(3600)
    await harness.release()
    assert await harness.outbox() == []
    assert [one.released_as for one in await harness.held.for_event(TENANT, 1)] == [LEFT_OUT]


async def test_a_place_that_a_route_leads_to_no_more_gets_nothing_of_what_was_held(
    harness: ScheduleHarness,
) -> None:
    route = await harness.route(Schedule(digest="0 * * * *"))
    await harness.arrive(route, 2)
    moved = replace(route, destination=Destination(TENANT, "C9"))
    await harness.routes.change(moved, harness.clock())
    harness.clock.advance(3600)
    await harness.release()
    assert await harness.outbox() == []
    assert [one.released_as for one in await harness.held.for_event(TENANT, 1)] == [LEFT_OUT]


async def test_what_waits_for_a_place_that_a_route_leads_to_no_more_is_taken_back(
    harness: ScheduleHarness,
) -> None:
    route = await harness.route(catch_up=CatchUpPolicy(MissedPolicy.DIGEST))
    await harness.arrive(route, 1)
    assert await harness.outbox() == [("event", "t:0", "waiting")]
    other = Destination(TENANT, "C9")
    await harness.routes.change(replace(route, also=(other,)), harness.clock())
    assert await harness.outbox() == [("event", "t:0", "waiting")]
    await harness.routes.change(replace(route, destination=other), harness.clock())
    assert [state for _, _, state in await harness.outbox()] == ["dead"]


async def test_a_release_that_somebody_else_made_changes_nothing(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(digest="0 * * * *"))
    await harness.arrive(route, 2)
    harness.clock.advance(3600)
    (group,) = await harness.held.due(harness.clock())
    rows = await harness.held.of_group(group, harness.clock(), 10)
    assert await harness.held.release([(row, DedupKey("l:x")) for row in rows], [])
    extra = msgspec.structs.replace(
        _new(Planned(await _event(harness), route, PLACE, str(PLACE), DedupKey("l:y")), 0.0),
        kind=DeliveryKind.LIST,
    )
    assert not await harness.held.release([(row, DedupKey("l:y")) for row in rows], [extra])
    assert await harness.outbox() == []


async def _event(harness: ScheduleHarness) -> Event:
    found = await Events(harness.db).get(TENANT, 1)
    assert found is not None
    return found


async def test_what_was_released_is_pruned_and_what_waits_is_not(harness: ScheduleHarness) -> None:
    route = await harness.route(Schedule(digest="0 * * * *"))
    await harness.arrive(route, 2)
    harness.clock.advance(3600)
    await harness.release()
    await harness.arrive(route, 1)
    await harness.held.prune(harness.clock() + 1, 0)
    assert await harness.held.for_event(TENANT, 1) == ()
    assert len(await harness.held.for_event(TENANT, 3)) == 1
