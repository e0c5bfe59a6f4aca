"""What comes with messages that were held: the thread of their day, and their publication."""

from __future__ import annotations

import time

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.route import CatchUpPolicy, MissedPolicy
from bot.core.routes.schedule import Schedule
from bot.storage.engine.database import Database
from bot.storage.tables import held
from tests.relay.harness import TENANT, route
from tests.relay.routing_harness import route_all, rows, store, unsending

LOOKS = Appearance(threading=Threading.DAY, publish=True)


async def _due(db: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        await connection.execute(update(held).values(due_at=1.0, created_at=1.0))

    await db.write(work)


async def test_a_list_goes_into_the_thread_of_its_day_and_is_published(database: Database) -> None:
    relay = unsending(database)
    digest = Schedule(digest="0 9 * * *")
    inside = Destination(TENANT, "C2", "a-thread")
    await relay.routes.add(route("r", "C1", also=(inside,), appearance=LOOKS, schedule=digest), time.time())
    for number in (1, 2):
        await store(relay, number, data={"id": str(number)})
    await route_all(relay)
    await _due(database)
    assert await relay.releaser.release_due()
    found = await rows(database)
    opener, message = (row for row in found if row.lane == "slack:T1/C1")
    assert (opener.kind, message.kind, message.about) == ("opener", "list", opener.purpose)
    (published,) = (row for row in found if row.lane == "slack:T1/C1#publish")
    assert (published.kind, published.about) == ("publish", message.purpose)
    assert [row.about for row in found if row.lane == "slack:T1/C2/a-thread"] == [None]


async def test_what_was_missed_and_comes_singly_has_its_company_and_the_word_about_it_has_none(
    database: Database,
) -> None:
    relay = unsending(database)
    policy = CatchUpPolicy(MissedPolicy.LAST, last=1)
    await relay.routes.add(route("r", "C1", appearance=LOOKS, catch_up=policy), time.time())
    for number in (1, 2):
        await store(relay, number, data={"id": str(number)}, occurredAt=time.time() - 3_000)
    await route_all(relay)
    await _due(database)
    assert await relay.releaser.release_due()
    found = [(row.lane, row.kind, row.about is not None) for row in await rows(database)]
    assert found == [
        ("slack:T1/C1", "list", False),
        ("slack:T1/C1", "opener", False),
        ("slack:T1/C1", "event", True),
        ("slack:T1/C1#publish", "publish", True),
    ]
