"""The limits of a key, shared by several processes on one PostgreSQL."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.chat.asker import OURSELVES, Asker
from bot.core.errors import RateLimited, StorageUnavailable
from bot.storage.engine.database import Database
from bot.storage.migrate import engine_for
from bot.storage.places.request_shares import CHANNEL, RequestShares
from bot.xquik.limits import Counted, RateLimiter, RateLimits, Window
from tests.storage.request_child import LIMIT

LEASE = 0.4
ROOT = Path(__file__).parents[2]


class Process:
    """What one process has: a pool of its own, one that hears, and a gate. asked: its transactions."""

    def __init__(self, database: Database, limits: RateLimits, lease: float) -> None:
        self.database = database
        self.asked = 0
        self.hears = asyncio.Event()
        write = database.write

        async def counted(work: object) -> object:
            self.asked += 1
            return await write(work)  # type: ignore[arg-type]

        database.write = counted  # type: ignore[assignment, method-assign]
        shares = RequestShares(database, lease)
        heard = database._hears[CHANNEL]

        def hear(said: str | None) -> None:
            heard(said)
            self.hears.set()

        database.hear(CHANNEL, hear)
        self.gate = RateLimiter(limits, shared=shares)
        self.listening = asyncio.create_task(database.listen())

    async def may(self, counted: Counted = "write", asker: Asker = OURSELVES) -> bool:
        try:
            await self.gate.acquire("key", counted, asker)
        except RateLimited:
            return False
        return True

    async def die(self) -> None:
        """As by SIGKILL: nothing is given back."""
        self.listening.cancel()
        await asyncio.gather(self.listening, return_exceptions=True)
        await self.gate._tasks.close()
        await self.database.close()


@asynccontextmanager
async def processes(
    url: str, number: int, limits: RateLimits, lease: float = 10.0
) -> AsyncIterator[list[Process]]:
    started = [Process(await Database.open(url), limits, lease) for _ in range(number)]
    try:
        async with asyncio.timeout(10):
            await asyncio.gather(*(one.hears.wait() for one in started))
        yield started
    finally:
        for one in started:
            await one.die()


def writes(limit: int, seconds: float) -> RateLimits:
    """People together may have all of it, and one person a quarter."""
    return RateLimits(write=(Window(limit, seconds),), reserve=0.0, longest_wait=0.3)


async def _many(process: Process, asker: Asker = OURSELVES) -> int:
    done = 0
    while await process.may(asker=asker):
        done += 1
    return done


async def test_three_together_never_have_more_than_the_window(postgres_url: str) -> None:
    async with processes(postgres_url, 3, writes(100, 60.0)) as three:
        counts = await asyncio.gather(*(_many(one) for one in three))
        assert 90 <= sum(counts) <= 100, counts
        assert sum(one.asked for one in three) < 100


async def test_one_that_is_busy_has_nearly_all_of_it(postgres_url: str) -> None:
    async with processes(postgres_url, 3, writes(100, 60.0)) as (busy, *others):
        for other in others:
            assert await other.may()
        assert await _many(busy) >= 92
        assert busy.asked < 40  # most requests ask the database for nothing


async def test_what_one_had_that_died_comes_back(postgres_url: str) -> None:
    async with processes(postgres_url, 2, writes(40, 0.5), LEASE) as (dying, other):
        assert [await dying.may() for _ in range(40)] == [True] * 40
        await dying.die()
        began = time.monotonic()
        done = 0
        while done < 40:
            done = done + 1 if await other.may() else 0
            assert time.monotonic() - began < LEASE + 0.5 + 4.0


async def test_who_stops_gives_back_what_was_not_used(postgres_url: str) -> None:
    async with processes(postgres_url, 2, writes(100, 60.0)) as (leaving, other):
        assert [await leaving.may() for _ in range(20)] == [True] * 20
        await leaving.gate.aclose()
        assert await _many(other) == 80


async def test_a_429_that_one_process_sees_holds_all_at_once(postgres_url: str) -> None:
    async with processes(postgres_url, 3, writes(100, 60.0)) as (first, second, late):
        assert await first.may() and await second.may()
        second.hears.clear()
        first.gate.hold("key", "write", 30.0)
        async with asyncio.timeout(10):
            await second.hears.wait()
        with pytest.raises(RateLimited) as refused:
            await second.gate.acquire("key", "write")
        assert refused.value.retry_after == pytest.approx(30.0, abs=2)
        # One that did not ask for this key yet, and so forgot what it heard, learns it with its first part.
        late.gate._tenants.clear()
        assert not await late.may()
        assert await second.may("read")


async def test_a_database_that_is_away_leaves_each_its_own_share(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with processes(postgres_url, 3, writes(64, 60.0)) as three:
        assert await three[0].may()

        async def away(_: object) -> object:
            raise StorageUnavailable("away")

        for one in three:
            monkeypatch.setattr(one.database, "write", away)
        counts = await asyncio.gather(*(_many(one) for one in three))
        assert counts == [3, 4, 4]  # a sixteenth each
        monkeypatch.undo()


async def test_what_does_not_answer_is_not_waited_for(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with processes(postgres_url, 1, writes(64, 60.0)) as (one,):

        async def hangs(_: object) -> object:
            await asyncio.Event().wait()
            return None

        monkeypatch.setattr(one.database, "write", hangs)
        began = time.monotonic()
        assert [await one.may() for _ in range(4)] == [True] * 4
        assert time.monotonic() - began < 3.0
        monkeypatch.undo()


async def test_one_person_has_one_share_by_way_of_all_processes(postgres_url: str) -> None:
    async with processes(postgres_url, 3, writes(100, 60.0)) as three:
        ann, ben = Asker("slack/ann"), Asker("slack/ben")
        counts = [await _many(one, ann) for one in three]
        assert 20 <= sum(counts) <= 27, counts
        assert await three[2].may(asker=ben)
        engine = engine_for(postgres_url)
        with engine.connect() as connection:
            stored = str(connection.execute(text("SELECT * FROM request_shares")).all())
        engine.dispose()
        assert "ann" not in stored


async def test_a_reserve_is_there_for_every_process(postgres_url: str) -> None:
    limits = RateLimits(write=(Window(100, 60.0),), longest_wait=0.3)
    async with processes(postgres_url, 2, limits) as (chat, relay):
        for person in range(6):
            await _many(chat, Asker(f"slack/{person}"))
        assert [await relay.may() for _ in range(20)] == [True] * 20
        assert not await relay.may(asker=Asker("slack/new"))


async def test_what_was_missed_is_asked_for(postgres_url: str) -> None:
    async with processes(postgres_url, 1, writes(100, 60.0)) as (one,):
        assert await one.may()
        asked = one.asked
        assert await one.may() and one.asked == asked
        one.database._hears[CHANNEL](None)
        assert await one.may() and one.asked == asked + 1
        one.database._hears[CHANNEL]("of another version")
        assert await one.may() and one.asked == asked + 1


async def test_keys_do_not_share(postgres_url: str) -> None:
    async with processes(postgres_url, 2, writes(10, 60.0)) as (one, other):
        assert await _many(one) == 10
        await other.gate.acquire("another", "write")


def _ended(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.kill()


class Counter:
    """An Xquik that only notes when it was asked."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            assert b"GET /account" in head
            self.moments.append(time.monotonic())
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")

    def most(self, seconds: float) -> int:
        """The most that came within any such time."""
        return max(sum(1 for one in self.moments if at <= one < at + seconds) for at in self.moments)


async def test_three_real_processes_are_together_as_fast_as_one_may_be(postgres_url: str) -> None:
    xquik = Counter()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await xquik.serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    arguments = (postgres_url, f"http://127.0.0.1:{port}", "xq_" + "a" * 32, "5")
    async with AsyncExitStack() as stack:
        stack.callback(server.close)
        children = []
        for _ in range(3):
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.storage.request_child",
                *arguments,
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            stack.callback(_ended, child)
            children.append(child)
        async with asyncio.timeout(60):
            for child in children:
                assert child.stdout is not None
                assert await child.stdout.readline() == b"ready\n"
            for child in children:
                assert child.stdin is not None
                child.stdin.write(b"go\n")
            counts = [int(await child.stdout.readline()) for child in children if child.stdout]
            assert [await child.wait() for child in children] == [0, 0, 0]
    # A request that was let through may arrive a little later than the one after it.
    assert xquik.most(0.8) <= LIMIT
    assert sum(counts) >= 3 * LIMIT  # of 5 seconds, in which they find their shares
    assert min(counts) > 0.25 * max(counts), counts
