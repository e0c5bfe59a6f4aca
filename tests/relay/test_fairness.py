"""One tenant's flood delays no other, and what waits for its turn comes once, in order, whatever happens."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import LimitReached
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.core.routes.events import Event
from bot.core.routes.filtering import LONGEST_TEXT, searches
from bot.core.routes.filters import Contains, Matches, NoReplies, Quiet
from bot.core.routes.schedule import Schedule
from bot.relay.observing import Unobserved
from bot.relay.pruning import Retention
from bot.relay.routing.expanding import Expansion, expand
from bot.relay.routing.planning import Planned
from bot.relay.routing.quota import Expand, at_once, common_batch, next_turns, turn
from bot.relay.routing.route_index import RouteIndex
from bot.relay.routing.router import Router
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.intake.tenant_cursors import Lag, TenantCursors
from bot.storage.relay.deliveries import NewDelivery
from bot.storage.relay.held import NewHeld, hold
from bot.storage.relay.overview import overview
from bot.storage.relay.route_room import SEARCHES
from bot.storage.tables import deliveries, router_lags
from bot.storage.tables import events as events_table
from tests.relay.conftest import make_relay
from tests.relay.harness import OTHER, TENANT, RecordingMessenger, route
from tests.relay.routing_harness import SHARES, keys_of, rows, small_router, store, store_many, unsending

ROOT = Path(__file__).resolve().parents[2]


class Telling(Unobserved):
    """Keeps what was told as trouble."""

    def __init__(self) -> None:
        self.troubles: list[str] = []

    def trouble(self, where: str, error: BaseException) -> None:
        self.troubles.append(repr(error))


class FailingFor:
    """A schedules that cannot arrange what belongs to one account, and leaves out the rest."""

    def __init__(self, account: str) -> None:
        self.account = account

    async def arrange(
        self, connection: AsyncConnection, planned: Sequence[Planned], now: float
    ) -> list[NewDelivery]:
        if any(one.event.username == self.account for one in planned):
            raise LookupError(self.account)
        return []


async def flood(
    database: Database, relay: Relay, tenant: TenantId, *, routes: int, events: int, start: int = 1
) -> None:
    """Events of a tenant, numbered from `start`, each of which goes to so many places."""
    if start == 1:
        for number in range(routes):
            await relay.routes.add(route(f"r{number}", f"C{number}", tenant), time.time() + number)
    await store_many(database, tenant, range(start, start + events))


async def finish(one: Router) -> int:
    """Route until nothing is left; in how many batches."""
    batches = 0
    while await one.route_batch():
        batches += 1
        assert batches < 1000
    return batches


async def lagging(database: Database) -> dict[str, Lag]:
    """Who lags, as stored."""
    return dict((await TenantCursors(database).positions()).lags)


async def test_another_tenants_event_behind_a_flood_is_routed_within_two_batches(database: Database) -> None:
    relay = unsending(database)
    await relay.routes.add(route("r", "9001", OTHER), time.time())
    await flood(database, relay, TENANT, routes=12, events=30)
    await store(relay, 1, tenant=OTHER)
    mine = small_router(relay, database)
    for _ in range(2):
        assert await mine.route_batch()
    found = await rows(database)
    assert [row.channel for row in found if row.tenant == str(OTHER)] == ["9001"]
    assert len(found) < 30 * 12 and await lagging(database)
    # What comes later is behind the rest of the tenant's own, and before nothing of it.
    await flood(database, relay, TENANT, routes=12, events=5, start=31)
    await finish(mine)
    wanted = [f"t:{number + 1}" for number in range(35)]
    for number in range(12):
        assert await keys_of(database, f"C{number}") == wanted
    assert not await lagging(database)
    assert await mine.position() == await relay.events.newest() == await mine.position_of(TENANT)


async def test_two_hundred_tenants_that_lag_hold_up_neither_the_others_nor_each_other(
    database: Database,
) -> None:
    relay = unsending(database)
    await relay.routes.add(route("r", "9001", OTHER), time.time())
    tenants = [TenantId("slack", f"L{number:03}") for number in range(200)]
    await store(relay, 1, tenant=OTHER)
    lags = [{"tenant": str(tenant), "position": 0, "upto": 1} for tenant in tenants]

    async def fall_behind(connection: AsyncConnection) -> None:
        await connection.execute(router_lags.insert(), lags)

    await database.write(fall_behind)
    mine = small_router(relay, database)
    assert await mine.route_batch()
    assert [row.channel for row in await rows(database)] == ["9001"]
    # A round has so many turns, and each of the tenants has one before any has a second.
    assert len(await lagging(database)) == 200 - SHARES.turns
    assert await finish(mine) == 200 // SHARES.turns - 1
    assert not await lagging(database)


async def test_a_lone_tenant_is_not_slowed_down_by_its_own_turns(database: Database) -> None:
    relay = unsending(database)
    await flood(database, relay, TENANT, routes=8, events=60)
    batches = await finish(small_router(relay, database))
    assert len(await rows(database)) == 480
    assert batches <= 480 // SHARES.batch + 1


KILLS = 4


async def test_killed_at_any_step_the_router_loses_and_repeats_nothing(
    database: Database, database_url: str
) -> None:
    relay = unsending(database)
    await flood(database, relay, TENANT, routes=6, events=150)
    await flood(database, relay, OTHER, routes=2, events=50)
    await store_many(database, TENANT, range(151, 200))
    chance, settings = random.Random(3), {**os.environ, "DB": database_url}
    interrupted = 0
    for _ in range(KILLS):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.relay.route_child", cwd=ROOT, env=settings, stdout=subprocess.PIPE
        )
        assert child.stdout is not None and await child.stdout.readline() == b"ready\n"
        await asyncio.sleep(chance.random() * 0.1)
        with suppress(ProcessLookupError):
            child.send_signal(signal.SIGKILL)
        interrupted += await child.stdout.readline() != b"done\n"
        await child.wait()
    assert interrupted
    await finish(small_router(relay, database))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in await rows(database):
        found[row.lane].append(row.purpose)
    wanted = {f"{TENANT}/C{n}": [f"t:{tweet}" for tweet in range(1, 200)] for n in range(6)}
    wanted |= {f"{OTHER}/C{n}": [f"t:{tweet}" for tweet in range(1, 51)] for n in range(2)}
    assert found == wanted and not await lagging(database)


async def test_two_routers_at_once_route_everything_once_and_in_order(database: Database) -> None:
    relay = unsending(database)
    await flood(database, relay, TENANT, routes=4, events=40)
    await flood(database, relay, OTHER, routes=1, events=10)
    await asyncio.gather(*(finish(small_router(relay, database)) for _ in range(3)))
    await finish(small_router(relay, database))
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in await rows(database):
        found[row.lane].append(row.event)
    assert sorted(len(ids) for ids in found.values()) == [10, 40, 40, 40, 40]
    assert all(ids == sorted(set(ids)) for ids in found.values())


async def test_a_tenant_that_cannot_be_routed_is_left_alone_and_the_others_go_on(
    database: Database,
) -> None:
    relay = unsending(database)
    paced = route("paced", "C1", schedule=Schedule(per_day=5))
    await relay.routes.add(paced, time.time())
    await relay.routes.add(route("r", "9001", OTHER), time.time())
    await store(relay, 1, username="esa")
    await store(relay, 2, username="nasa")
    await store(relay, 1, tenant=OTHER)
    told, now = Telling(), [100.0]
    mine = small_router(relay, database, schedules=FailingFor("nasa"), observer=told, clock=lambda: now[0])
    for _ in range(4):
        await mine.route_batch()
    assert [row.channel for row in await rows(database)] == ["9001"]
    assert len(told.troubles) == 2 and not await mine.route_batch()
    for _ in range(10):
        now[0] += 6.0
        await mine.route_batch()
    # It stands at the event that is at fault, and not before.
    assert {name: lag.position for name, lag in (await lagging(database)).items()} == {str(TENANT): 1}
    healed = small_router(relay, database)
    await finish(healed)
    assert [row.purpose for row in await rows(database)][1:] == ["t:1893456789000000002"]


async def test_pruning_keeps_what_a_lagging_tenant_has_yet_to_route_and_what_is_held(
    database: Database,
) -> None:
    relay = unsending(database)
    await flood(database, relay, TENANT, routes=12, events=30)
    mine = small_router(relay, database)
    await mine.route_batch()
    before = (await lagging(database))[str(TENANT)]
    assert (await overview(database, time.time())).unrouted == 30 - before.position
    await _hold(database, event=1)
    pruner = relay.pruner
    pruner._retention = Retention(settled=-1.0, breath=0.0)

    async def settled(connection: AsyncConnection) -> None:
        await connection.execute(update(deliveries).values(state="sent"))

    async def oldest(connection: AsyncConnection) -> list[int]:
        query = select(events_table.c.id).order_by(events_table.c.id).limit(2)
        return list((await connection.execute(query)).scalars())

    await database.write(settled)
    await pruner.prune()
    assert await database.read(oldest) == [1, before.position + 1]
    await finish(mine)
    assert await keys_of(database, "C0") == [f"t:{n}" for n in range(before.position + 1, 31)]


async def _hold(db: Database, event: int) -> None:
    new = NewHeld(
        "T1-r0", route("r0", "C0").destination, "slack:T1/C0", event, DedupKey("t:x"), "digest", 9e9, 0.0
    )
    await db.write(lambda connection: hold(connection, [new]))


async def test_a_tenant_that_was_erased_lags_no_more(database: Database) -> None:
    relay = unsending(database)
    await flood(database, relay, TENANT, routes=12, events=30)
    mine = small_router(relay, database)
    await mine.route_batch()

    async def gone(connection: AsyncConnection) -> None:
        await connection.execute(events_table.delete())

    await database.write(gone)
    await finish(mine)
    assert not await lagging(database)


async def test_a_tenant_has_so_many_routes_and_no_more_however_many_are_added_at_once(
    database: Database,
) -> None:
    relay = make_relay(database, RecordingMessenger(), routes_per_tenant=3)
    added = [relay.routes.add(route(f"r{n}", "C1"), float(n)) for n in range(6)]
    answers = await asyncio.gather(*added, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, LimitReached)]
    assert len(refused) == 3 and "relay.routes_per_tenant" in refused[0].remedy
    assert answers.count(None) == 3
    await relay.routes.add(route("r", "9001", OTHER), 1.0)
    mine = await relay.routes.of_tenant(TENANT)
    assert await relay.routes.change(mine[0], 2.0) and await relay.routes.remove(mine[0], 3.0)
    await relay.routes.add(route("another", "C1"), 4.0)


async def test_the_filters_of_a_tenant_look_for_so_many_words_and_no_more(database: Database) -> None:
    relay = unsending(database)
    pattern = searches((Matches("x"),))
    words = tuple(f"w{n}" for n in range(SEARCHES - pattern - 1))
    most = route("most", "C1", filters=(Contains(words[:-1]), Quiet(words[-1:])))
    await relay.routes.add(most, 1.0)
    await relay.routes.add(route("pattern", "C1", filters=(Matches("x"), NoReplies())), 2.0)
    with pytest.raises(LimitReached, match=f"{SEARCHES - 1 + pattern:,}"):
        await relay.routes.add(route("more", "C1", filters=(Matches("y"),)), 3.0)
    with pytest.raises(LimitReached):
        await relay.routes.change(replace(most, filters=(Contains((*words, "a", "b")),)), 4.0)
    assert await relay.routes.change(replace(most, filters=(Contains(("a",)),)), 5.0)
    await relay.routes.add(route("more", "C1", filters=(Matches("y"),)), 6.0)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_while_filters_search_for_long_everything_else_goes_on(database: Database) -> None:
    relay = unsending(database)
    words = tuple(f"zq{number}" for number in range(SEARCHES))
    await relay.routes.add(route("r", "C1", filters=(Contains(words),)), 1.0)
    await store(relay, 1, data={"id": "1", "text": "lorem ipsum dolor sit amet " * 1_000})
    ticks: list[float] = []
    watching = asyncio.create_task(_tick(ticks))
    await finish(small_router(relay, database))
    watching.cancel()
    assert not await rows(database)
    # It goes round eight times or so for the database alone.
    assert len(ticks) > 15


async def _tick(ticks: list[float]) -> None:
    """Notes the moments at which the event loop goes round."""
    while True:
        ticks.append(time.perf_counter())
        await asyncio.sleep(0.001)


def test_what_filters_look_for_counts_as_work_also_where_nothing_comes_of_it() -> None:
    index = RouteIndex([route("r", "C1", filters=(Contains(("a", "b")), Quiet(("c", "d", "e"))))])
    event = structs.replace(_event(1), data={"text": "x" * 100_000})
    found = expand(event, index, 0.0)
    assert not found.deliveries and found.searched == 5 * LONGEST_TEXT and found.weight == 1


def _event(number: int, tenant: TenantId = TENANT) -> Event:
    return Event(number, tenant, "tweet.new", "nasa", None, 0.0, 0.0, {}, f"e:{number}")


def _making(rows_each: int) -> Expand:
    def expand(event: Event) -> Expansion:
        if event.identity == "e:99":
            raise LookupError
        place = route("r", "C1").destination
        new = NewDelivery(
            place, "lane", DeliveryKind.EVENT, DedupKey(f"e:{event.id}"), "key", 0.0, event=event.id
        )
        return Expansion([new] * rows_each)

    return expand


def test_a_batch_gives_each_tenant_its_share_and_passes_the_rest_of_it() -> None:
    mine = [_event(number) for number in range(1, 9)]
    batch = at_once(common_batch([*mine, _event(9, OTHER)], {}, _making(10), SHARES, 0.0))
    assert batch.upto == 9 and [one.tenant for one in batch.routed] == [str(TENANT)] * 2 + [str(OTHER)]
    assert batch.passed == {str(TENANT): Lag(2, 8)}
    again = at_once(common_batch([_event(10), _event(11, OTHER)], {str(TENANT)}, _making(10), SHARES, 0.0))
    assert again.passed == {str(TENANT): Lag(9, 10)} and again.made.weight == 10


def test_a_batch_ends_when_it_is_full_however_many_tenants_there_are() -> None:
    events = [_event(n, TenantId("slack", f"T{n}")) for n in range(1, 21)]
    batch = at_once(common_batch(events, {}, _making(10), SHARES, 0.0))
    assert (batch.upto, batch.made.weight, batch.passed) == (4, 40, {})


def test_what_cannot_be_said_for_one_event_is_left_to_the_turns_of_its_tenant() -> None:
    events = [_event(98), _event(99), _event(100), _event(101, OTHER)]
    batch = at_once(common_batch(events, {}, _making(1), SHARES, 0.0))
    assert batch.passed == {str(TENANT): Lag(98, 100)} and len(batch.routed) == 2
    assert at_once(turn(events[:3], 100, _making(1), 5, 0.0)).upto == 98
    with pytest.raises(LookupError):
        at_once(turn(events[1:3], 100, _making(1), 5, 0.0))


def test_a_turn_ends_with_its_share_and_one_event_is_never_divided() -> None:
    events = [_event(number) for number in (3, 5, 8)]
    assert at_once(turn(events, 20, _making(4), 5, 0.0)).upto == 7
    assert at_once(turn(events, 20, _making(50), 5, 0.0)).upto == 4
    assert at_once(turn(events, 20, _making(1), 5, 0.0)).upto == 20


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 60)), max_size=60))
def test_whatever_comes_each_tenants_events_are_routed_once_and_in_order(made: list[tuple[str, int]]) -> None:
    events = [_event(n, TenantId("slack", name)) for n, (name, _) in enumerate(made, 1)]
    routed: defaultdict[str, list[str]] = defaultdict(list)
    lags: dict[str, Lag] = {}
    position = 0

    def expand(event: Event) -> Expansion:
        routed[str(event.tenant)].append(event.identity)
        return _making(made[event.id - 1][1])(event)

    while position < len(events) or lags:
        batch = at_once(common_batch(events[position : position + SHARES.events], lags, expand, SHARES, 0.0))
        position = max(position, batch.upto)
        for tenant, passed in batch.passed.items():
            lags[tenant] = Lag(lags.get(tenant, passed).position, passed.upto)
        for tenant, lag in list(lags.items()):
            mine = [e for e in events[lag.position : lag.upto] if str(e.tenant) == tenant]
            upto = at_once(turn(mine, lag.upto, expand, SHARES.turn, 0.0)).upto
            assert upto > lag.position
            lags[tenant] = Lag(upto, lag.upto)
            if upto >= lag.upto:
                del lags[tenant]
    for name in "abc":
        tenant = str(TenantId("slack", name))
        assert routed[tenant] == [event.identity for event in events if str(event.tenant) == tenant]


def test_turns_go_round() -> None:
    assert next_turns({"a", "b", "c"}, "") == ["a", "b", "c"]
    assert next_turns({"a", "b", "c"}, "b") == ["c", "a", "b"]
    assert next_turns({"a", "c"}, "b") == ["c", "a"]
