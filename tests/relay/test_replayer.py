"""Sending once more, on a real database: what is taken, what goes with it, and how much at a time."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import LimitReached
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.route import Route
from bot.relay.asking.replayer import MOST_WAITING
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.tables import deliveries
from tests.relay.harness import TENANT, route
from tests.relay.routing_harness import keys_of, route_all, rows, store, store_many, unsending


async def _stretch(relay: Relay, through: Route, *, again: bool = True, token: str = "t") -> int:
    """Ask for the last hour and confirm; how many were sent."""
    now = time.time()
    chosen, count = await relay.replayer.stretch(through, now - 3600, now + 60, again=again)
    sent = await relay.replayer.replay(through, chosen, token)
    assert sent == count
    return sent


async def _give_up(db: Database) -> None:
    """Make dead letters of all that waits."""

    async def work(connection: AsyncConnection) -> None:
        given_up = {"state": "dead", "error": "no", "settled_at": 1.0}
        await connection.execute(update(deliveries).values(**given_up))

    await db.write(work)


async def test_what_is_sent_once_more_goes_into_its_thread_and_is_published(database: Database) -> None:
    relay = unsending(database)
    look = Appearance(threading=Threading.DAY, publish=True)
    made = route("r", "C1", appearance=look)
    await store(relay, 1, data={"id": "1"})
    await relay.routes.add(made, 1.0)
    await route_all(relay)
    first = [(row.kind, row.about) for row in await rows(database)]
    await _give_up(database)
    assert await _stretch(relay, made) == 1
    again = [row for row in await rows(database) if row.state == "waiting"]
    assert [row.kind for row in again] == ["event", "publish"]
    assert again[0].about == dict(first)["event"] and again[1].about == again[0].purpose


async def test_a_channel_gets_nothing_once_more_of_whom_it_muted(database: Database) -> None:
    relay = unsending(database)
    both = replace(route("r", "C1"), also=(route("x", "C2").destination,))
    await store(relay, 1, data={"id": "1"})
    await relay.routes.add(both, 1.0)
    await relay.mutes.mute(TENANT, "C1", "nasa", "U1", 1.0)
    assert await _stretch(relay, both) == 1
    assert [row.channel for row in await rows(database)] == ["C2"]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_nobody_piles_up_more_than_so_many_by_asking_again_and_again(database: Database) -> None:
    relay = unsending(database)
    made = replace(route("r", "C0"), also=tuple(route("x", f"C{n}").destination for n in range(1, 10)))
    await store_many(database, TENANT, range(1_000))
    await relay.routes.add(made, 1.0)
    asked = 0
    with pytest.raises(LimitReached, match="already waiting here"):
        for asked in range(5):
            await _stretch(relay, made, token=f"t{asked}")
    assert asked == MOST_WAITING // 10_000
    assert await relay.deliveries.backlog(TENANT) == MOST_WAITING


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_the_failures_of_a_route_are_found_behind_those_of_a_thousand_others(
    database: Database,
) -> None:
    relay = unsending(database)
    quiet = route("quiet", "C1", events=("tweet.reply",))
    await relay.routes.add(quiet, 1.0)
    await relay.routes.add(route("loud", "C2", events=("tweet.new",)), 2.0)
    await store(relay, 5_000, eventType="tweet.reply", data={"id": "5000"})
    await store_many(database, TENANT, range(1_100))
    await route_all(relay)
    await _give_up(database)
    chosen, count = await relay.replayer.dead(TENANT, quiet)
    assert count == 1 and len(await keys_of(database, "C1")) == 1
    assert await relay.replayer.replay_dead(chosen) == 1
    assert await relay.replayer.dead_by_lane(TENANT) == {"slack:T1/C2": 1_100}
