"""Where there is no room for another event: all of the database, its disk, or a tenant's share."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, TextClause, event, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.relay.observing import Unobserved
from bot.relay.pruning import Retention
from bot.relay.receiving.capacity import Capacity, standing
from bot.storage.engine import stored_bytes
from bot.storage.engine.database import Database
from bot.storage.engine.sizes import Size, Sizes
from bot.storage.tables import deliveries, events
from tests.relay.conftest import RelayHarness, make_relay
from tests.relay.engine import jobs_of
from tests.relay.harness import (
    OTHER,
    TENANT,
    RecordingMessenger,
    application,
    deliver,
    event_body,
    make_hook,
    route,
    serving,
    until,
)

MIB = 1 << 20


@dataclass
class Stated:
    """A size that a test says."""

    size: Size = field(default_factory=lambda: Size(0))

    async def now(self) -> Size:
        return self.size


@dataclass
class Seen(Unobserved):
    """Keeps what was said of the room."""

    said: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)

    def filled(self, used: int, most: int, why: str) -> None:
        self.said.append(why)

    def rejected(self, cause: str) -> None:
        self.causes.append(cause)


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


async def for_ever(_: float) -> None:
    await asyncio.Event().wait()


@dataclass
class Crowd:
    """A house whose database has 100 MiB."""

    house: RelayHarness
    sizes: Stated
    seen: Seen
    paths: dict[str, str]

    @property
    def capacity(self) -> Capacity:
        return self.house.relay.capacity


@pytest.fixture
async def crowd(database: Database) -> AsyncIterator[Crowd]:
    messenger, seen, sizes = RecordingMessenger(), Seen(), Stated()
    jobs = jobs_of(seen, once="capacity")  # the tests say when it looks
    relay = make_relay(database, messenger, poll=0.05, observer=seen, max_size=100 * MIB, jobs=jobs)
    relay.capacity._sizes = sizes
    await relay.start()
    async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
        paths = {
            "slack": await make_hook(relay, TENANT, "hook-one"),
            "discord": await make_hook(relay, OTHER, "hook-two"),
        }
        yield Crowd(RelayHarness(database, relay, messenger, client), sizes, seen, paths)
    await relay.stop(grace=2.0)


def large(number: int, size: int = MIB - 1000) -> bytes:
    return event_body(number, data={"text": "x" * size})


@pytest.mark.parametrize(
    ("size", "why"),
    [
        (Size(99), None),
        (Size(100), "storage"),
        (Size(10, free=1000, reserve=100), None),
        (Size(10, free=99, reserve=100), "disk"),
    ],
)
def test_what_is_full(size: Size, why: str | None) -> None:
    assert standing(size, 100).why == why


def test_full_is_over_only_when_some_is_free_again() -> None:
    assert standing(Size(99), 100, was_full=True).why == "storage"
    assert standing(Size(97), 100, was_full=True).why is None
    assert standing(Size(1, free=101, reserve=100), 100, was_full=True).why == "disk"


async def test_at_the_bound_intake_says_503_and_all_else_goes_on(crowd: Crowd) -> None:
    house = crowd.house
    await house.routes(route("r", "C1"))
    answer = await deliver(house.client, crowd.paths["slack"], event_body(1))
    assert answer.status_code == 200
    crowd.sizes.size = Size(100 * MIB)
    await crowd.capacity.look()
    for path in crowd.paths.values():
        answer = await deliver(house.client, path, event_body(2))
        assert answer.status_code == 503 and int(answer.headers["retry-after"]) == 60
        assert "no room" in answer.json()["error"]
    await until(lambda: house.messenger.texts("C1") == ["Tweet number 1"])  # delivered all the same
    assert len(await house.relay.events.recent(TENANT, 5)) == 1  # and read
    await house.quiet()
    assert crowd.seen.causes == ["full", "full"]
    crowd.sizes.size = Size(90 * MIB)
    await crowd.capacity.look()
    assert (await deliver(house.client, crowd.paths["slack"], event_body(2))).status_code == 200


async def test_who_floods_his_own_hook_fills_his_share_and_nobody_elses(crowd: Crowd) -> None:
    house = crowd.house
    for path in crowd.paths.values():
        assert (await deliver(house.client, path, event_body(0))).status_code == 200
    statuses = []
    for number in range(1, 60):
        answer = await deliver(house.client, crowd.paths["slack"], large(number))
        statuses.append(answer.status_code)
        if answer.status_code == 503:
            break
    # With each MiB taken the share of all shrinks, so that it ends long before all is full.
    assert statuses[-1] == 503 and 20 < len(statuses) < 50
    assert int(answer.headers["retry-after"]) == 600 and "share" in answer.json()["error"]
    assert (await deliver(house.client, crowd.paths["discord"], event_body(1))).status_code == 200
    assert (await deliver(house.client, crowd.paths["discord"], large(2))).status_code == 200
    assert crowd.seen.causes == ["share"]
    # What is stored is known to the next process, too.
    stored = await stored_bytes.largest(house.db)
    assert stored[str(TENANT)] > (len(statuses) - 1) * (MIB - 1000)
    other = Capacity(house.db, Stated(Size(60 * MIB)), 70 * MIB, observer=Unobserved())
    await other.look()
    with pytest.raises(StorageUnavailable, match="share") as error:
        other.check(str(TENANT), 1000)
    assert error.value.code == "share"
    other.check(str(OTHER), 1000)


async def test_what_a_tenant_has_makes_room_when_it_is_old_and_settled(crowd: Crowd) -> None:
    house = crowd.house
    await house.routes(route("r", "C1"), route("o", "9", OTHER))
    for number in range(8):
        assert (await deliver(house.client, crowd.paths["slack"], large(number))).status_code == 200
    assert (await deliver(house.client, crowd.paths["discord"], event_body(0))).status_code == 200
    await house.quiet()
    pruner = house.relay.pruner
    pruner._retention = Retention(youngest=3600.0, breath=0.0)
    crowd.sizes.size = Size(98 * MIB)  # 2 MiB free, so a share is 6 MiB

    async def numbers() -> list[int]:
        async def work(connection: AsyncConnection) -> list[int]:
            return list((await connection.execute(select(events.c.id).order_by(events.c.id))).scalars())

        return await house.db.read(work)

    await pruner.make_room()
    assert len(await numbers()) == 9  # all of it younger than what may go

    async def grow_old(connection: AsyncConnection) -> None:
        await connection.execute(update(events).values(received_at=time.time() - 7200))
        await connection.execute(
            update(deliveries).where(deliveries.c.event == 2).values(state="waiting", not_before=4e9)
        )

    await house.db.write(grow_old)
    await pruner.make_room()
    left = await numbers()
    assert 2 in left and 9 in left, "what waits to be sent stays, and another tenant's"
    assert 2 <= len(left) <= 7


async def test_small_tenants_are_pruned_sooner_where_all_is_nearly_full(crowd: Crowd) -> None:
    house = crowd.house
    await house.routes(route("r", "C1"))
    for number in range(3):
        assert (await deliver(house.client, crowd.paths["slack"], event_body(number))).status_code == 200
    await house.quiet()

    async def grow_old(connection: AsyncConnection) -> None:
        await connection.execute(update(events).values(received_at=time.time() - 2 * 86_400))
        await connection.execute(update(deliveries).values(created_at=time.time() - 2 * 86_400))

    await house.db.write(grow_old)
    house.relay.pruner._retention = Retention(breath=0.0)
    await house.relay.pruner.prune()
    assert len(await house.relay.events.recent(TENANT, 9)) == 3  # thirty days, where there is room
    crowd.sizes.size = Size(95 * MIB)
    await house.relay.pruner.make_room()
    assert await house.relay.events.recent(TENANT, 9) == ()
    assert await stored_bytes.largest(house.db) == {str(TENANT): 0}


async def test_counters_say_what_is_stored(crowd: Crowd) -> None:
    """Duplicates, several tenants and letters of several bytes: as if it were added up."""
    house = crowd.house
    await house.routes(route("r", "C1"), route("s", "C2"), route("o", "9", OTHER))
    bodies = [event_body(number, data={"id": str(number), "text": "é🎉" * 50}) for number in range(4)]
    sent = [
        deliver(house.client, path, body, nonce=f"{n:032x}")
        for n, (path, body) in enumerate((p, b) for p in crowd.paths.values() for b in (*bodies, bodies[0]))
    ]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {200}
    await house.quiet()

    async def counted(connection: AsyncConnection) -> dict[str, int]:
        size = stored_bytes.size_column(connection.dialect.name)
        found = await connection.execute(select(events.c.tenant, func.sum(size)).group_by(events.c.tenant))
        total = {row[0]: int(row[1]) for row in found}
        counts = func.sum(stored_bytes.message_column(deliveries.c.card))
        for row in await connection.execute(
            select(deliveries.c.tenant, counts).group_by(deliveries.c.tenant)
        ):
            total[row[0]] += int(row[1])
        return total

    assert await stored_bytes.largest(house.db) == await house.db.read(counted)


async def test_every_statement_of_a_round_finds_its_rows_by_an_index(crowd: Crowd) -> None:
    """Whatever the pruner asks of the tables that grow, on both databases, as it asks."""
    house = crowd.house
    await house.routes(route("r", "C1"))
    for number in range(3):
        assert (await deliver(house.client, crowd.paths["slack"], event_body(number))).status_code == 200
    await house.quiet()
    asked: dict[str, Any] = {}

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if re.match("SELECT|DELETE|UPDATE", statement) and re.search(GROWING, statement):
            asked[statement] = parameters[0] if many else parameters

    event.listen(Engine, "before_cursor_execute", note)
    try:
        house.relay.pruner._retention = Retention(settled=-1.0, youngest=-1.0, breath=0.0)
        crowd.sizes.size = Size(100 * MIB)  # so that the tenant's own are looked at as well
        await house.relay.pruner.make_room()
        await house.relay.pruner.prune()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) > 10 and any("events.tenant =" in statement for statement in asked)
    plans = {one[0]: await house.db.read(partial(_plan, asked=one)) for one in asked.items()}
    scans = {statement: plan for statement, plan in plans.items() if _SCAN.search(plan)}
    assert scans == {}


GROWING = "events|deliveries|held|hook_nonces|claims|button_states|cached_answers|proposals"
_SCAN = re.compile(rf"SCAN ({GROWING})(?! USING)|Seq Scan on ({GROWING})|TEMP B-TREE")


async def _plan(connection: AsyncConnection, asked: tuple[str, Any]) -> str:
    statement, values = asked
    if connection.dialect.name == "sqlite":
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row["detail"] for row in rows.mappings())
    await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", values)
    return "\n".join(str(row[0]) for row in rows)


async def test_room_is_what_will_be_used_again_too(database: Database) -> None:
    """Deleting makes room on both, although neither file grows smaller."""
    sizes = Sizes(database)

    async def fill(connection: AsyncConnection) -> None:
        await connection.execute(text("CREATE TABLE filling (content TEXT)"))
        for _ in range(200):
            await connection.execute(text("INSERT INTO filling VALUES (:it)"), {"it": "x" * 100_000})

    before = await sizes.now()
    try:
        await database.write(fill)
        # PostgreSQL compresses what is the same over and over.
        grown = before.used + (10 * MIB if database.dialect == "sqlite" else 100_000)
        await until(lambda: _grew(sizes, grown))
        await until(lambda: _counted(database, 200))
        await sizes.now()
        full = await sizes.now()
        await database.write(lambda connection: connection.execute(text("DELETE FROM filling")))
        await until(lambda: _shrank(sizes, full.used))
    finally:
        await database.write(lambda connection: connection.execute(text("DROP TABLE filling")))
    if database.dialect == "sqlite":
        assert before.free is not None and before.reserve > 0


async def _counted(database: Database, rows: int) -> bool:
    """PostgreSQL's own figures, which come a little later."""
    if database.dialect == "sqlite":
        return True
    query = text("SELECT n_live_tup FROM pg_stat_user_tables WHERE relname = 'filling'")
    return bool(await database.read(lambda c: _one(c, query)) == rows)


async def _one(connection: AsyncConnection, query: TextClause) -> int:
    return int((await connection.execute(query)).scalar_one())


async def _grew(sizes: Sizes, past: int) -> bool:
    return (await sizes.now()).used > past


async def _shrank(sizes: Sizes, below: int) -> bool:
    return (await sizes.now()).used < below
