"""PostgreSQL's limits of time while messages are posted: what stands in a channel is written down, however
long that takes, and nothing is posted a second time meanwhile."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Engine, event, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Delivered, DeliveryResult
from bot.core.chat.ids import Destination
from bot.core.errors import StorageUnavailable
from bot.relay.observing import Unobserved
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.engine.failures import sqlstate
from bot.storage.migrate import engine_for
from bot.storage.tables import deliveries
from tests.conftest import with_limits
from tests.relay.conftest import make_relay
from tests.relay.harness import (
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


@dataclass
class RecordingObserver(Unobserved):
    """Keeps what went wrong in the lanes."""

    lanes: list[BaseException] = field(default_factory=list)

    def trouble(self, where: str, error: BaseException) -> None:
        if where == "lanes":
            self.lanes.append(error)

    def states(self) -> list[str | None]:
        """What PostgreSQL said, in order."""
        return [sqlstate(error.__cause__ or error) for error in self.lanes]


@dataclass
class Scene:
    """A relay on a PostgreSQL with limits of time, and a session without any."""

    db: Database
    relay: Relay
    messenger: RecordingMessenger
    troubles: RecordingObserver
    client: httpx.AsyncClient
    other: Connection

    async def meanwhile(self, *statements: str) -> None:
        """Let the other session do something. In a thread: it may have to wait for one of the relay's."""
        for statement in statements:
            await asyncio.to_thread(self.other.execute, text(statement))

    async def let_go(self) -> None:
        """End the transaction of the other session."""
        await asyncio.to_thread(self.other.commit)


@asynccontextmanager
async def scene(url: str, **limits: int) -> AsyncIterator[Scene]:
    """limits: in milliseconds."""
    db = await _opened(with_limits(url, **limits))
    messenger, troubles = RecordingMessenger(), RecordingObserver()
    # The pause of the lanes between two tries of the same.
    relay = make_relay(db, messenger, poll=0.05, observer=troubles, sleep=_briefly)
    await relay.start()
    engine = engine_for(url)
    async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
        with engine.connect() as other:
            yield Scene(db, relay, messenger, troubles, client, other)
    engine.dispose()
    await relay.stop(grace=2.0)
    await db.close()


async def _opened(url: str) -> Database:
    """A busy machine may take longer to open it than a session may rest."""
    for _ in range(100):
        with suppress(StorageUnavailable):
            return await Database.open(url)
    raise AssertionError("a hundred times out of reach")


async def _briefly(seconds: float) -> None:
    await asyncio.sleep(min(seconds, 0.05))


async def _rows(db: Database) -> list[Any]:
    query = select(deliveries.c.state, deliveries.c.attempts, deliveries.c.ambiguous, deliveries.c.message)

    async def work(connection: AsyncConnection) -> list[Any]:
        return list((await connection.execute(query.order_by(deliveries.c.id))).all())

    return await db.read(work)


@pytest.mark.parametrize(
    ("limits", "state"),
    [({"statement_timeout": 100}, "57014"), ({"lock_timeout": 100}, "55P03")],
    ids=["statement_timeout", "lock_timeout"],
)
@pytest.mark.parametrize("count", [1, 3])
async def test_what_was_posted_is_written_down_before_anything_else_is_posted(
    postgres_url: str, limits: dict[str, int], state: str, count: int
) -> None:
    async with scene(postgres_url, **limits) as on:

        async def post_while_the_row_is_held(to: Destination, card: Card, key: str) -> DeliveryResult:
            await on.meanwhile("SELECT id FROM deliveries FOR UPDATE")
            return on.messenger.stand(to, card, key)

        await on.relay.routes.add(route("r", "C1"), 0.0)
        path = await make_hook(on.relay, TENANT, "hook-one")
        on.messenger.answers["C1"] = [post_while_the_row_is_held]
        for number in range(count):
            assert (await deliver(on.client, path, event_body(number))).status_code == 200
        await until(lambda: on.troubles.states().count(state) >= 3)
        assert len(on.messenger.calls) == 1
        await on.let_go()
        await until(lambda: len(on.messenger.posted) == count)
        await until(lambda: _all_sent(on, count))
        assert on.messenger.texts("C1") == [f"Tweet number {n}" for n in range(count)]
        assert len(on.messenger.calls) == count and on.messenger.finds == []


async def test_a_fault_of_the_tables_posts_nothing_twice_either(postgres_url: str) -> None:
    """What is no limit and no outage either: to post again would not mend it."""
    async with scene(postgres_url) as on:

        async def post_and_break(to: Destination, card: Card, key: str) -> DeliveryResult:
            await on.meanwhile("ALTER TABLE deliveries RENAME COLUMN settled_at TO settled")
            await on.let_go()
            return on.messenger.stand(to, card, key)

        await on.relay.routes.add(route("r", "C1"), 0.0)
        path = await make_hook(on.relay, TENANT, "hook-one")
        on.messenger.answers["C1"] = [post_and_break]
        try:
            assert (await deliver(on.client, path, event_body(0))).status_code == 200
            await until(lambda: on.troubles.states().count("42703") >= 3)
        finally:
            await on.meanwhile("ALTER TABLE deliveries RENAME COLUMN settled TO settled_at")
            await on.let_go()
        await until(lambda: _all_sent(on, 1))
        assert len(on.messenger.calls) == 1


@pytest.mark.parametrize("said", ["m" * 500, "\x00", "1.5\x00"])
async def test_an_id_that_cannot_be_stored_does_not_post_its_message_again(
    database: Database, said: str
) -> None:
    messenger = RecordingMessenger()

    async def odd(to: Destination, card: Card, key: str) -> DeliveryResult:
        messenger.stand(to, card, key)
        return Delivered(said)

    relay = make_relay(database, messenger, poll=0.05)
    await relay.routes.add(route("r", "C1"), 0.0)
    await relay.start()
    messenger.answers["C1"] = [odd]
    async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
        path = await make_hook(relay, TENANT, "hook-one")
        for number in range(2):
            assert (await deliver(client, path, event_body(number))).status_code == 200
        await until(lambda: len(messenger.texts("C1")) == 2)
    await relay.stop(grace=2.0)
    assert messenger.texts("C1") == ["Tweet number 0", "Tweet number 1"]
    assert [row.message for row in await _rows(database)] == [None, "1"]


async def test_all_limits_together_lose_and_double_nothing(postgres_url: str) -> None:
    """Locks, a loop that stalls and connections that rest, each longer than its limit, all the time."""
    limits = {
        "statement_timeout": 150,
        "lock_timeout": 60,
        "idle_session_timeout": 60,
        "idle_in_transaction_session_timeout": 60,
    }
    wanted, least, most = {"57014", "55P03", "25P03", "57P05"}, 20, 300
    count, channels = 0, ("C1", "C2")
    with _said() as said:
        async with scene(postgres_url) as on:
            for channel in channels:
                await on.relay.routes.add(route(channel, channel), 0.0)
            path = await make_hook(on.relay, TENANT, "hook-one")
        async with scene(postgres_url, **limits) as on:
            async with _slow_rows(on):
                disturbing = asyncio.create_task(_disturb(on))
                try:
                    # How long it takes to meet each limit once is up to the machine.
                    with _stalls():
                        while count < least or (count < most and not wanted <= set(said)):
                            # What was not taken is sent again with the same bytes, as Xquik does.
                            await _until_taken(on, path, event_body(count))
                            count += 1
                    await until(lambda: len(on.messenger.posted) >= count * len(channels), 60)
                finally:
                    disturbing.cancel()
                    await asyncio.wait([disturbing])
            await until(lambda: _all_sent(on, count * len(channels)), 30)
            for channel in channels:
                assert on.messenger.texts(channel) == [f"Tweet number {n}" for n in range(count)]
    assert wanted <= set(said), said


async def _disturb(on: Scene) -> None:
    """Hold locks for longer than they are waited for; stall the loop for longer than a session may rest."""
    for turn in range(10_000):
        await on.meanwhile("LOCK TABLE deliveries IN EXCLUSIVE MODE")
        await asyncio.sleep(0.12)
        await on.let_go()
        for _ in range(4):
            await asyncio.sleep(0.05)
            if turn % 4 == 1:
                time.sleep(0.08)  # noqa: ASYNC251 - the stall that is meant


@contextmanager
def _stalls() -> Iterator[None]:
    """Now and then the loop stalls between two statements of a transaction, for longer than one may rest."""
    turn, loop = itertools.count(1), threading.get_ident()

    def stall(*_: object) -> None:
        if threading.get_ident() == loop and next(turn) % 40 == 0:
            time.sleep(0.08)

    event.listen(Engine, "after_cursor_execute", stall)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", stall)


@asynccontextmanager
async def _slow_rows(on: Scene) -> AsyncIterator[None]:
    """A fifth of the time a row takes longer than a statement may."""
    await on.meanwhile(*_SLOW.split(";;"))
    await on.let_go()
    try:
        yield
    finally:
        await on.let_go()
        await on.meanwhile("DROP FUNCTION slowly CASCADE")
        await on.let_go()


_SLOW = """CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (extract(epoch FROM clock_timestamp()) * 5)::bigint % 5 = 0 THEN PERFORM pg_sleep(0.5); END IF;
    RETURN NEW; END $$
;;CREATE TRIGGER slow_deliveries BEFORE INSERT OR UPDATE ON deliveries FOR EACH ROW EXECUTE FUNCTION slowly()
;;CREATE TRIGGER slow_events BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION slowly()"""


async def _until_taken(on: Scene, path: str, body: bytes) -> None:
    for _ in range(100):
        answer = await deliver(on.client, path, body)
        if answer.status_code == 200:
            return
        assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0, answer.text
    raise AssertionError("a hundred times not taken")


async def _all_sent(on: Scene, count: int) -> bool:
    try:
        rows = await _rows(on.db)
    except Exception:
        return False
    return [(row.state, row.ambiguous) for row in rows] == [("sent", False)] * count


@contextmanager
def _said() -> Iterator[Counter[str]]:
    """How often PostgreSQL gave which state, to anybody in this process."""
    found: Counter[str] = Counter()

    def note(context: Any) -> None:
        found[sqlstate(context.original_exception) or ""] += 1

    event.listen(Engine, "handle_error", note)
    try:
        yield found
    finally:
        event.remove(Engine, "handle_error", note)
