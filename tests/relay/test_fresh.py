"""The events that the router is handed instead of reading them: never one left out, never out of order."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes.events import Event
from bot.relay.receiving.fresh import LOOK_EVERY, FreshEvents
from bot.storage.engine.database import Database
from bot.storage.intake.events import ORDER_LOCK, NewEvent, store_events
from tests.conftest import ManualClock

TENANT = TenantId("slack", "T1")


async def _store(database: Database, *names: str) -> list[tuple[Event, int]]:
    """Store events as the intake does, and what it would hand on of them."""
    new = [
        NewEvent(
            str(TENANT),
            name,
            hashlib.sha256(name.encode()).digest(),
            "tweet.new",
            "nasa",
            None,
            json.dumps({"id": name}),
            1.0,
            2.0,
            "webhook",
        )
        for name in names
    ]

    async def work(connection: AsyncConnection) -> list[int | None]:
        await database.serialised(connection, ORDER_LOCK)
        return await store_events(connection, new)

    ids = await database.write(work)
    return [
        (
            Event(
                number,
                TENANT,
                one.type,
                one.username,
                one.query,
                1.0,
                2.0,
                {"id": one.identity},
                one.identity,
            ),
            10,
        )
        for one, number in zip(new, ids, strict=True)
        if number is not None
    ]


def _names(events: tuple[Event, ...]) -> list[str]:
    return [event.identity for event in events]


async def test_what_was_handed_over_equals_what_is_stored(database: Database, clock: ManualClock) -> None:
    events = FreshEvents(database, clock)
    events.add(await _store(database, "a", "b", "c"))
    handed = await events.after(0, 2)
    assert handed == (await FreshEvents(database, clock).after(0, 10))[:2]
    assert _names(await events.after(handed[-1].id, 2)) == ["c"]


async def test_an_event_of_another_process_in_between_is_found_in_its_place(
    database: Database, clock: ManualClock
) -> None:
    events = FreshEvents(database, clock)
    first = await _store(database, "a")
    await _store(database, "other")
    events.add([*first, *await _store(database, "b", "c")])
    position, found = 0, []
    for _ in range(4):
        read = await events.after(position, 10)
        found += _names(read)
        position = read[-1].id if read else position
    assert found == ["a", "other", "b", "c"]


async def test_the_database_is_looked_at_now_and_then_although_nothing_is_missing(
    database: Database, clock: ManualClock
) -> None:
    events = FreshEvents(database, clock)
    assert await events.after(0, 10) == ()
    events.add(await _store(database, "a"))
    (last,) = await events.after(0, 10)
    await _store(database, "other")
    assert await events.after(last.id, 10) == ()
    clock.advance(LOOK_EVERY)
    assert _names(await events.after(last.id, 10)) == ["other"]


async def test_more_than_may_be_held_is_read_at_once(database: Database, clock: ManualClock) -> None:
    events = FreshEvents(database, clock, limit=25)
    events.add(await _store(database, "a"))
    (last,) = await events.after(0, 10)
    events.add(await _store(database, "b", "c", "d"))
    assert _names(await events.after(last.id, 2)) == ["b", "c"]
    assert _names(await events.after(last.id + 2, 2)) == ["d"]


async def test_what_was_handed_out_in_vain_is_found_again(database: Database, clock: ManualClock) -> None:
    events = FreshEvents(database, clock)
    events.add(await _store(database, "a", "b", "c"))
    await events.after(0, 10)
    assert _names(await events.after(0, 10)) == ["a", "b", "c"]
    first = (await events.after(0, 1))[0].id
    assert _names(await events.after(first, 10)) == ["b", "c"]
