"""Many locks of a process on one connection: shared out by name, and never held by two."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.core.errors import StorageUnavailable
from bot.storage.engine.addresses import address
from bot.storage.engine.session_lock import LockTimes
from bot.storage.engine.session_locks import SessionLocks, key_of
from tests.journeys.run.harness import until
from tests.storage.relaying_child import QUICK

PROGRAM = "xquik-bot test"


@asynccontextmanager
async def holding(url: str, *names: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of its own that holds locks."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.session_locks_child", url, *names),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 20) == b"held\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def opened(url: str, *gone: list[Collection[str]], **arguments: object) -> AsyncIterator[SessionLocks]:
    """Locks of this process; what is lost goes into the list."""
    lost = gone[0].append if gone else lambda _names: None
    locks = SessionLocks(address(url), PROGRAM, QUICK, lost=lost, **arguments)  # type: ignore[arg-type]
    try:
        yield locks
    finally:
        await locks.close()


async def took(locks: SessionLocks, name: str) -> None:
    """Once nobody else has it."""

    async def ours() -> bool:
        return await locks.take(name)

    await until(ours, 10.0, "the lock")


async def test_each_name_is_one_processs_alone_until_it_gives_it_back(postgres_url: str) -> None:
    async with opened(postgres_url) as first, opened(postgres_url) as second:
        assert await first.take("a") and await second.take("b")
        assert await first.take("a"), "asking again does no harm"
        assert not await second.take("a") and not await first.take("b")
        assert (first.holds("a"), first.holds("b"), second.holds("b")) == (True, False, True)
        await first.give_back("a")
        assert not first.holds("a")
        assert await second.take("a"), "taken twice, and given back with one word"
        held = await first.held(["a", "b", "c"])
        assert [session.number for session in held["a"]] == [second.number]
        assert held["a"][0].name.startswith(f"{PROGRAM} ") and f":{os.getpid()} " in held["a"][0].name
        assert held["b"] == held["a"] and held["c"] == []
        await second.close()
        await took(first, "b")


async def test_a_lock_that_several_join_says_who_is_there(postgres_url: str) -> None:
    async with opened(postgres_url) as first, opened(postgres_url) as second:
        assert await first.join("here") and await second.join("here")
        there = (await first.held(["here"]))["here"]
        assert {session.number for session in there} == {first.number, second.number}
        assert not await first.take("here"), "which is then nobody's alone"
        await second.give_back("here")
        assert [s.number for s in (await first.held(["here"]))["here"]] == [first.number]


async def test_the_locks_of_a_process_that_is_killed_are_free_at_once(postgres_url: str) -> None:
    async with opened(postgres_url) as locks, holding(postgres_url, "a", "b") as other:
        assert not await locks.take("a")
        other.send_signal(signal.SIGKILL)
        await took(locks, "a")
        await took(locks, "b")


async def test_a_process_that_stood_still_is_told_what_it_lost(postgres_url: str) -> None:
    """And keeps what nobody wanted meanwhile."""
    async with opened(postgres_url) as locks, holding(postgres_url, "a", "b", "c") as other:
        other.send_signal(signal.SIGSTOP)
        await took(locks, "a")
        await took(locks, "b")
        other.send_signal(signal.SIGCONT)
        assert other.stdout is not None
        said = await asyncio.wait_for(other.stdout.readline(), 10)
        assert said == b"lost a b\n" or said == b"lost a b c\n", "c may not be proven again yet"
        assert locks.holds("a") and locks.holds("b")


async def test_what_nobody_takes_while_the_connection_is_cut_was_never_lost(postgres_url: str) -> None:
    gone: list[Collection[str]] = []
    async with opened(postgres_url, gone) as locks:
        assert await locks.take("a") and await locks.join("here")
        before = locks.number
        await asyncio.to_thread(_cut, postgres_url)
        await until(lambda: locks.holds("a") and locks.number not in (None, before), 10.0, "the lock")
        assert gone == [] and locks.holds("here")
        assert [s.number for s in (await locks.held(["a"]))["a"]] == [locks.number]


async def test_what_another_one_takes_while_it_is_cut_is_lost_alone(postgres_url: str) -> None:
    gate, gone = asyncio.Event(), list[Collection[str]]()

    async def until_opened(_seconds: float) -> None:
        await gate.wait()

    async with (
        opened(postgres_url, gone, sleep=until_opened) as mine,
        opened(postgres_url) as other,
    ):
        assert await mine.take("a") and await mine.take("b")
        assert mine.holds("a")
        await asyncio.to_thread(_cut, postgres_url)
        await took(other, "a")
        assert not mine.holds("a") and not mine.holds("b"), "two would have it until the next beat"
        gate.set()
        await until(lambda: bool(gone) and mine.holds("b"), 10.0, "the other lock")
        assert gone == [frozenset({"a"})]
        assert not mine.holds("a") and other.holds("a")


async def test_who_asks_the_server_knows_what_others_took_meanwhile(postgres_url: str) -> None:
    resting, gone = asyncio.Event(), list[Collection[str]]()

    async def never(_seconds: float) -> None:
        await resting.wait()  # as in a process that stands still: no beat

    async with opened(postgres_url, gone, sleep=never) as mine, opened(postgres_url) as other:
        assert await mine.take("a") and await mine.take("b")
        assert await mine.prove("a") and not await mine.prove("c")
        await asyncio.to_thread(_cut, postgres_url)
        await took(other, "a")
        resting.set()
        assert not await mine.prove("a"), "and not only after a beat"
        assert await mine.prove("b")
        assert gone == [frozenset({"a"})]


async def test_a_question_that_is_cancelled_ends_no_lock(postgres_url: str) -> None:
    async with opened(postgres_url) as locks:
        assert await locks.take("a")
        before = locks.number
        asking = [asyncio.create_task(locks.take("b")), asyncio.create_task(locks.held(["a"]))]
        await asyncio.sleep(0)
        for one in asking:
            one.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        assert locks.holds("a") and locks.number == before
        assert [session.number for session in (await locks.held(["a"]))["a"]] == [before]


async def test_without_word_from_the_server_nothing_is_held(postgres_url: str) -> None:
    now = 1000.0
    resting = asyncio.Event()

    async def never(_seconds: float) -> None:
        await resting.wait()

    locks = SessionLocks(address(postgres_url), PROGRAM, monotonic=lambda: now, sleep=never)
    assert await locks.take("a")
    now += LockTimes().certain - 0.1
    assert locks.holds("a")
    now += 0.2
    assert not locks.holds("a")
    await locks.held([])
    assert locks.holds("a"), "any answer is a proof"
    await locks.close()
    assert not locks.holds("a")


async def test_a_server_that_is_not_there_is_said() -> None:
    locks = SessionLocks(address("postgresql://nobody@127.0.0.1:1/none"), PROGRAM, QUICK)
    with pytest.raises(StorageUnavailable):
        await locks.take("a")
    assert not locks.holds("a")
    await locks.close()


def test_a_name_has_the_same_number_everywhere() -> None:
    assert key_of("discord.shard.1.0") == key_of("discord.shard.1.0") != key_of("discord.shard.1.1")
    assert -(2**63) <= key_of("a") < 2**63


def _cut(url: str) -> None:
    """End every connection that holds such locks, as a restart of the server does."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                f" WHERE application_name LIKE '{PROGRAM}%' AND datname = current_database()"
            )
        )
    engine.dispose()
