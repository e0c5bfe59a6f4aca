"""The figures of the whole installation are right, and cheap whatever has piled up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes.dead_letters import DeadLetters
from bot.storage.engine.database import Database
from bot.storage.relay import overview as subject
from bot.storage.relay.deliveries import PARKED
from bot.storage.relay.overview import Overview, longest_lanes, overview
from bot.storage.relay.replaying import replay_dead
from bot.storage.tables import cursors, deliveries, events, route_places, routes

TENANT = TenantId("slack", "T1")
NOW = 10_000.0


async def put(database: Database, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    async def work(connection: AsyncConnection) -> None:
        for row in rows:
            await connection.execute(insert(table).values(**row))

    await database.write(work)


def message(number: int, channel: str, **changes: Any) -> dict[str, Any]:
    return {
        "tenant": str(TENANT),
        "lane": f"{TENANT}/{channel}",
        "channel": channel,
        "kind": "card",
        "dedup_key": f"p:{number}",
        "key": f"k{number}",
        "created_at": 1000.0 + number,
    } | changes


async def test_an_empty_installation_has_nothing_that_waits(database: Database) -> None:
    assert await overview(database, NOW) == Overview(0, 0, None, 0, 0, 0)
    assert await longest_lanes(database, 10) == ()


async def test_the_oldest_is_the_oldest_that_should_have_been_sent(database: Database) -> None:
    await put(
        database,
        deliveries,
        [
            message(1, "gone", not_before=PARKED, attempts=1),
            message(2, "gone"),  # behind a head that stands
            message(3, "quiet", not_before=NOW + 3600),  # kept for later on purpose
            message(4, "done", state="sent"),
            message(6, "retrying", not_before=NOW + 60, attempts=3),
            message(7, "fine"),
        ],
    )
    found = await overview(database, NOW)
    assert (found.oldest, found.backlog, found.lanes) == (1006.0, 5, 4)


async def test_dead_letters_count_until_they_are_replayed(database: Database) -> None:
    await put(database, deliveries, [message(n, "c", state="dead", settled_at=5.0) for n in range(3)])
    assert (await overview(database, NOW)).dead == 3
    await replay_dead(database, DeadLetters(), now=NOW, key=lambda lane, dedup_key: dedup_key)
    found = await overview(database, NOW)
    assert (found.dead, found.backlog, found.oldest) == (0, 3, NOW)


async def test_paused_places_and_unrouted_events_are_counted(database: Database) -> None:
    await put(
        database,
        routes,
        [
            {"id": name, "tenant": str(TENANT), "name": name, "created_at": 1.0, "paused_reason": reason}
            for name, reason in (("fine", None), ("paused", "by hand"))
        ],
    )
    await put(
        database,
        route_places,
        [
            {
                "route": route,
                "lane": lane,
                "tenant": str(TENANT),
                "position": 0,
                "channel": lane,
                "lost_reason": lost,
            }
            for route, lane, lost in (
                ("fine", "a", None),
                ("fine", "b", "gone"),
                ("paused", "b", None),
                ("paused", "c", None),
            )
        ],
    )
    event = {
        "tenant": str(TENANT),
        "body_hash": b"0" * 32,
        "type": "tweet.new",
        "data": "{}",
        "via": "webhook",
    }
    times = {"occurred_at": 1.0, "received_at": 1.0}
    await put(database, events, [event | times | {"identity": str(n)} for n in range(5)])
    assert (await overview(database, NOW)).unrouted == 5
    await put(database, cursors, [{"name": "router", "position": 3}])
    found = await overview(database, NOW)
    assert (found.paused_places, found.unrouted) == (2, 2)


async def test_the_longest_lanes_come_first_with_what_their_head_says(database: Database) -> None:
    await put(
        database,
        deliveries,
        [
            *(message(n, "long", not_before=PARKED if n == 10 else 0, error="gone") for n in range(10, 15)),
            message(1, "short", attempts=2, error="busy"),
        ],
    )
    first, second = await longest_lanes(database, 10)
    assert (first.destination.channel, first.waiting, first.oldest, first.stands) == ("long", 5, 1010.0, True)
    assert (second.destination.channel, second.waiting, second.attempts, second.error) == (
        "short",
        1,
        2,
        "busy",
    )
    assert len(await longest_lanes(database, 1)) == 1


async def test_a_lane_leads_to_its_place_also_when_its_head_goes_into_a_thread_there(
    database: Database,
) -> None:
    await put(
        database,
        deliveries,
        [message(1, "C1", thread="1700.5"), message(2, "C2", thread="9", lane="slack:T1/C2/9")],
    )
    places = {str(lane.destination) for lane in await longest_lanes(database, 10)}
    assert places == {"slack:T1/C1", "slack:T1/C2/9"}


async def test_the_heads_are_found_by_the_index_of_what_is_open(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    explained = text(f"EXPLAIN QUERY PLAN {subject._HEADS.text}")

    async def work(connection: AsyncConnection) -> list[str]:
        values = {"limit": 10, "now": NOW, "parked": PARKED}
        return [str(row.detail) for row in await connection.execute(explained, values)]

    plan = await database.read(work)
    await database.close()
    assert any("ix_deliveries_open" in line for line in plan)
    assert not any(line.startswith("SCAN d") for line in plan), plan
