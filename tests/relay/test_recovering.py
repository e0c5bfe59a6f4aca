"""What comes while a place cannot be written to arrives when it can be, in order, once, and is told of."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.delivery_results import Busy, Gone
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.events import DELETED_TYPE
from bot.core.routes.route import Deleted
from bot.core.routes.schedule import Schedule
from bot.storage.engine.database import Database
from bot.storage.places.tenants import StoredTenants
from bot.storage.relay import lane_heads, lost_places
from bot.storage.relay.overview import overview
from bot.storage.relay.place_control import pause_place, resume_place
from tests.relay.harness import OTHER, TENANT, route, until
from tests.relay.lost_harness import CLOSED, HOUR, Lost

C1 = Destination(TENANT, "C1")
TWELVE = list(range(1, 13))
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
async def lost(database: Database) -> Lost:
    """A route of Ann's to C1, which is closed after its first message."""
    made = Lost(database)
    await made.relay.routes.add(route("r", "C1", created_by="U1"), made.now)
    return made


async def closed(lost: Lost, *events: int, gone: Gone = CLOSED) -> None:
    """The first event arrives, the place is closed, the others come."""
    await lost.event(events[0])
    await lost.send()
    lost.messenger.closed["C1"] = gone
    for number in events[1:]:
        await lost.event(number)
        await lost.send()


async def test_what_came_after_a_pause_arrives_when_the_platform_says_it_can(lost: Lost) -> None:
    await closed(lost, *TWELVE)
    assert lost.tweets("C1") == [1]
    assert [to.channel for to, _ in lost.messenger.calls].count("C1") == 2, "only the first is tried"
    ((person, words),) = lost.told()
    assert person == "U1"
    assert "A route is paused" in words and "removed from the channel" in words and "Invite me" in words
    del lost.messenger.closed["C1"]
    await lost.relay.recovery.look_again(TENANT, "C1")
    await lost.look()
    assert lost.tweets("C1") == TWELVE
    (back,) = lost.notices("C1")
    assert "10 messages follow" in back
    assert lost.stands("C1").index(back) == 2, "after the first that arrived, before what it announces"
    assert [person for person, _ in lost.told()] == ["U1", "U1"]
    assert "works again" in lost.told()[1][1]
    (standing,) = await lost.relay.routes.list(TENANT)
    assert standing.route.paused_reason is None and not standing.route.lost


async def test_and_at_the_hourly_look_which_posts_nothing_where_it_cannot(lost: Lost) -> None:
    await closed(lost, *TWELVE)
    calls = len(lost.messenger.calls)
    await lost.look()
    assert not lost.messenger.checks, "not before the hour is over"
    lost.now += 1.2 * HOUR
    await lost.look()
    assert lost.messenger.checks == ["C1"]
    assert len(lost.messenger.calls) == calls
    del lost.messenger.closed["C1"]
    lost.now += 1.2 * HOUR
    await lost.look()
    assert lost.tweets("C1") == TWELVE


async def test_and_after_restarts_at_any_point(lost: Lost) -> None:
    await closed(lost, *TWELVE[:6])
    lost.again()
    for number in TWELVE[6:]:
        await lost.event(number)
    await lost.send()
    assert lost.tweets("C1") == [1]
    del lost.messenger.closed["C1"]
    await lost.relay.recovery.look_again(TENANT)
    lost.again()
    await lost.look()
    assert lost.tweets("C1") == TWELVE
    assert len(lost.notices("C1")) == 1
    assert [person for person, _ in lost.told()] == ["U1", "U1"]


async def test_every_lost_place_is_looked_at_when_the_relay_starts(lost: Lost) -> None:
    await closed(lost, *TWELVE)
    del lost.messenger.closed["C1"]
    lost.again(asyncio.sleep)
    await lost.relay.start()
    try:
        await until(lambda: lost.tweets("C1") == TWELVE)
    finally:
        await lost.relay.stop(grace=2.0)


@ONE_DATABASE
async def test_a_running_relay_goes_on_at_once_when_it_is_told_to_look(lost: Lost) -> None:
    await closed(lost, *TWELVE)
    lost.again(asyncio.sleep)
    await lost.relay.start()
    try:
        await until(lambda: lost.messenger.checks)
        del lost.messenger.closed["C1"]
        await lost.relay.recovery.look_again(TENANT, "C1")
        await until(lambda: lost.tweets("C1") == TWELVE)
    finally:
        await lost.relay.stop(grace=2.0)


async def test_what_grew_too_old_is_left_out_counted_and_said(lost: Lost) -> None:
    await closed(lost, 1, 2, 3)
    lost.now += 20 * HOUR
    await lost.event(4, 5)
    lost.now += 10 * HOUR
    await lost.look()
    assert (
        await lost.reasons("C1")
        == ["it became older than relay.max_age (1d) while its channel could not be posted to"] * 2
    )
    (standing,) = await lost.relay.routes.list(TENANT)
    assert standing.places[0].left_out == 2
    await lost.event(6)
    del lost.messenger.closed["C1"]
    await lost.relay.recovery.look_again(TENANT)
    await lost.look()
    assert lost.tweets("C1") == [1, 4, 5, 6]
    (back,) = lost.notices("C1")
    assert "2 messages were left out" in back
    (standing,) = await lost.relay.routes.list(TENANT)
    assert standing.places[0].left_out == 0, "it was said"


@ONE_DATABASE
async def test_where_nothing_is_left_that_is_said_at_once(lost: Lost) -> None:
    await closed(lost, 1, 2, 3)
    lost.now += 30 * HOUR
    del lost.messenger.closed["C1"]
    await lost.look()
    assert lost.tweets("C1") == [1]
    assert ["2 messages were left out" in one for one in lost.notices("C1")] == [True]
    await lost.event(4)
    await lost.send()
    assert lost.tweets("C1") == [1, 4]
    assert len(lost.notices("C1")) == 1


async def test_a_place_keeps_the_newest_of_what_is_too_much(
    lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_places, "MOST_KEPT", 4)
    await closed(lost, *TWELVE)
    lost.now += 1.2 * HOUR
    await lost.look()
    assert len(await lost.reasons("C1")) == 7
    del lost.messenger.closed["C1"]
    lost.now += 1.2 * HOUR
    await lost.look()
    assert lost.tweets("C1") == [1, 9, 10, 11, 12]


async def test_a_place_that_only_seems_well_is_told_of_once(lost: Lost) -> None:
    await closed(lost, 1, 2, 3)
    lost.messenger.seems_open.add("C1")
    for _ in range(5):
        lost.now += 1.2 * HOUR
        await lost.look()
        assert lost.tweets("C1") == [1]
    assert len(lost.told()) == 1
    assert not lost.notices("C1")
    assert [to.channel for to, _ in lost.messenger.calls].count("C1") == 7, "once an hour"
    lost.messenger.closed.clear()
    lost.now += 1.2 * HOUR
    await lost.look()
    assert lost.tweets("C1") == [1, 2, 3]
    lost.messenger.closed["C1"] = CLOSED
    await lost.event(4)
    await lost.send()
    assert len(lost.told()) == 3, "a new pause is told again"


async def test_other_places_of_the_route_go_on_meanwhile(lost: Lost) -> None:
    two = replace(route("two", "C1", created_by="U2"), also=(Destination(TENANT, "C2"),))
    await lost.relay.routes.add(two, lost.now + 1)
    await closed(lost, *TWELVE)
    assert lost.tweets("C2") == TWELVE
    by_name = {one.route.name: one.route for one in await lost.relay.routes.list(TENANT)}
    assert by_name["r"].paused_reason == CLOSED.reason and by_name["two"].paused_reason is None
    assert sorted(person for person, _ in lost.told()) == ["U1", "U2"]
    assert "elsewhere" in dict(lost.told())["U2"]
    del lost.messenger.closed["C1"]
    await lost.relay.recovery.look_again(TENANT, "C1")
    await lost.look()
    assert lost.tweets("C1") == TWELVE and lost.tweets("C2") == TWELVE


async def test_a_person_may_let_it_go_on_and_everything_follows(lost: Lost) -> None:
    await closed(lost, *TWELVE)
    del lost.messenger.closed["C1"]
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    assert await lost.relay.resume(made, by="U1")
    await lost.send()
    assert lost.tweets("C1") == TWELVE
    assert ["11 messages follow" in one for one in lost.notices("C1")] == [True], "said once"
    assert "11 messages follow" in lost.stands("C1")[1]


async def test_pause_and_resume_stand_around_what_came_meanwhile(lost: Lost) -> None:
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    await lost.event(1, 2)
    assert await lost.relay.pause(made, "paused by Ann", by="U1")
    await lost.event(3, 4, 5)
    await lost.send()
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    missed = await lost.relay.missed(made)
    assert missed is not None
    assert await lost.relay.resume(made, by="U1", missed=missed, wanted=None)
    await lost.event(6)
    await lost.send()
    paused, resumed = lost.notices("C1")
    assert "3 messages follow" in resumed
    assert [lost.stands("C1").index(one) for one in (paused, resumed)] == [2, 3]
    assert lost.tweets("C1") == [1, 2, 3, 4, 5, 6]


async def test_a_word_that_waits_is_said_before_the_one_that_ends_it(lost: Lost) -> None:
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    await lost.event(1, 2)
    assert await lost.relay.pause(made, "paused by Ann", by="U1")
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    assert await lost.relay.resume(made, by="U1")
    lost.again()
    await lost.send()
    paused, resumed = lost.notices("C1")
    assert "is paused" in paused and "2 messages follow" in resumed
    assert [lost.stands("C1").index(one) for one in (paused, resumed)] == [0, 1]
    assert lost.tweets("C1") == [1, 2]


async def test_our_own_word_is_never_a_dead_letter(lost: Lost) -> None:
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    lost.messenger.closed["C1"] = CLOSED
    assert await lost.relay.pause(made, "paused by Ann", by="U1")
    await lost.send()
    assert not await lost.relay.deliveries.dead(TENANT, 10)


async def test_a_failure_before_the_last_message_that_arrived_is_shown_no_more(lost: Lost) -> None:
    await closed(lost, 1, 2)
    (standing,) = await lost.relay.routes.list(TENANT)
    assert standing.last_failure == CLOSED.reason
    lost.messenger.closed.clear()
    await lost.relay.recovery.look_again(TENANT, "C1")
    await lost.look()
    (standing,) = await lost.relay.routes.list(TENANT)
    assert lost.tweets("C1") == [1, 2] and standing.last_success_at is not None
    assert standing.last_failure is None


@ONE_DATABASE
async def test_a_person_who_is_too_early_pauses_nothing_for_good(lost: Lost) -> None:
    await closed(lost, 1, 2, 3)
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    assert await lost.relay.resume(made, by="U9")
    await lost.send()
    await lost.event(4)
    lost.messenger.closed.clear()
    await lost.relay.recovery.look_again(TENANT)
    await lost.look()
    assert lost.tweets("C1") == [1, 2, 3, 4]


async def test_only_what_changed_is_looked_at(lost: Lost) -> None:
    await lost.relay.routes.add(route("two", "C2"), lost.now + 1)
    await lost.relay.routes.add(route("far", "C1", tenant=OTHER), lost.now + 2)
    for channel in ("C1", "C2"):
        lost.messenger.closed[channel] = CLOSED
    await lost.event(1)
    await lost.event(2, tenant=OTHER)
    await lost.send()
    await lost.relay.recovery.look_again(TENANT, "C2")
    await lost.look()
    assert lost.messenger.checks == ["C2"]
    await lost.relay.recovery.look_again(TENANT)
    await lost.look()
    assert sorted(lost.messenger.checks) == ["C1", "C2", "C2"]
    await lost.relay.recovery.look_everywhere("discord")
    await lost.look()
    assert sorted(lost.messenger.checks) == ["C1", "C1", "C2", "C2"]


async def test_one_tenant_with_many_lost_places_holds_up_no_other(lost: Lost) -> None:
    for number in range(60):
        await lost.relay.routes.add(route(f"m{number}", f"M{number}"), lost.now + number)
        lost.messenger.closed[f"M{number}"] = CLOSED
    await lost.relay.routes.add(route("far", "F1", tenant=OTHER), lost.now + 99)
    lost.messenger.closed["F1"] = CLOSED
    await lost.event(1)
    await lost.event(2, tenant=OTHER)
    await lost.send()
    lost.now += 1.2 * HOUR
    assert await lost.relay.recovery.round(), "there is more"
    assert "F1" in lost.messenger.checks[:2]


async def test_a_place_that_a_person_stopped_waits_for_a_person_and_loses_nothing(lost: Lost) -> None:
    await lost.event(1)
    await lost.send()
    assert await pause_place(lost.db, C1, "stopped", now=lost.now) == 1
    await lost.event(*TWELVE[1:])
    await lost.send()
    await lost.relay.recovery.look_again(TENANT)
    lost.now += 1.2 * HOUR
    await lost.look()
    assert lost.tweets("C1") == [1] and not lost.messenger.checks
    assert (await overview(lost.db, lost.now)).oldest is None, "it stands on purpose"
    assert await resume_place(lost.db, C1) == 1
    await lost.send()
    assert lost.tweets("C1") == TWELVE


async def test_where_the_bot_was_removed_nobody_is_asked_until_it_is_back(lost: Lost) -> None:
    tenants = StoredTenants(lost.db, lambda: lost.now)
    await tenants.ensure(TENANT)
    await closed(lost, *TWELVE)
    await tenants.remove(TENANT)
    lost.now += 1.2 * HOUR
    await lost.look()
    assert not lost.messenger.checks
    await tenants.restore(TENANT)
    lost.messenger.closed.clear()
    await lost.relay.recovery.look_again(TENANT)
    await lost.look()
    assert lost.tweets("C1") == TWELVE


@ONE_DATABASE
async def test_a_platform_that_does_not_say_is_asked_again_soon(lost: Lost) -> None:
    await closed(lost, *TWELVE)
    answers = [Busy(90.0), Gone("The channel was deleted.")]

    async def check(to: Destination) -> object:
        lost.messenger.checks.append(to.channel)
        return answers.pop(0)

    lost.messenger.check = check  # type: ignore[assignment,method-assign]
    lost.now += 1.2 * HOUR
    await lost.look()
    lost.now += 120.0
    await lost.look()
    assert lost.messenger.checks == ["C1", "C1"]
    (standing,) = await lost.relay.routes.list(TENANT)
    assert standing.places[0].lost_reason == "The channel was deleted."


async def test_deletions_threads_and_a_pace_hold_while_a_place_is_lost(lost: Lost) -> None:
    looks = Appearance(threading=Threading.DAY)
    (plain,) = await lost.relay.routes.of_tenant(TENANT)
    changed = replace(plain, appearance=looks, deleted=Deleted.REMOVE, schedule=Schedule(per_hour=3600))
    await lost.relay.routes.change(changed, lost.now)
    await closed(lost, 1, 2, 3, 4)
    gone = {"id": f"18934567890{3:08}"}
    await lost.event(20, eventType=DELETED_TYPE, data=gone)
    lost.now += 60
    lost.messenger.closed.clear()
    await lost.relay.recovery.look_again(TENANT)
    await lost.look()
    for _ in range(5):
        lost.now += 60
        await lost.send()
    assert lost.tweets("C1") == [1, 2, 4]


async def test_a_route_that_leads_to_a_lost_place_anew_has_it_looked_at(lost: Lost) -> None:
    await closed(lost, *TWELVE)
    lost.messenger.closed.clear()
    await lost.relay.routes.add(route("new", "C1"), lost.now)
    await lost.look()
    assert lost.tweets("C1") == TWELVE


@ONE_DATABASE
async def test_an_unknown_tenant_or_channel_changes_nothing(lost: Lost) -> None:
    await closed(lost, 1, 2)
    await lost.relay.recovery.look_again(TenantId("slack", "T9"), "C1")
    await lost.relay.recovery.look_again(TENANT, "C9")
    await lost.look()
    assert not lost.messenger.checks


@ONE_DATABASE
async def test_whether_a_place_is_lost_is_read_from_its_index_alone(lost: Lost) -> None:
    async def plan(connection: AsyncConnection) -> str:
        heads, given = lane_heads._plain_heads()
        named = {**given, "lanes": '["slack:T1/C1"]'}
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {heads}", named)
        return "\n".join(str(row[-1]) for row in rows)

    assert "route_places USING COVERING INDEX ix_route_places_lost" in await lost.db.read(plan)
