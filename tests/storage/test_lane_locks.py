"""A lane is one process's: its lock goes with the process, with its connection, and when it stands still."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import create_engine, make_url, text

from bot.core.errors import StorageUnavailable
from bot.storage.engine.addresses import address
from bot.storage.engine.lane_locks import PROGRAM, LaneLocks
from bot.storage.engine.session_lock import LockTimes
from tests.relay.harness import until
from tests.storage.locking_child import QUICK

LANE = "slack:T1/C1"


def locks_of(url: str, times: LockTimes = QUICK) -> LaneLocks:
    """Those of a process of its own, as far as the server knows."""
    return LaneLocks(address(url), times, clock=time.time)


@asynccontextmanager
async def holding(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that holds the lane's lock."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.locking_child", url, LANE),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
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


def cut(url: str) -> None:
    """End every connection with such locks, as a restart of the server does."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                f" WHERE application_name LIKE '{PROGRAM}%' AND datname = current_database()"
            )
        )
    engine.dispose()


async def test_a_lane_is_held_by_one_and_each_lane_by_itself(postgres_url: str) -> None:
    first, second = locks_of(postgres_url), locks_of(postgres_url)
    before = time.time()
    assert await first.take(LANE) and first.holds(LANE) and before <= first.since(LANE) <= time.time()
    assert not await first.take(LANE), "another task of the same process is another one, too"
    assert not await second.take(LANE) and not second.holds(LANE) and second.gone(LANE)
    assert await second.take("slack:T1/C2")
    await first.give_back(LANE)
    assert first.gone(LANE) and not first.holds(LANE)
    assert await second.take(LANE)
    await first.close()
    await second.close()


async def test_many_at_once_are_asked_for_one_after_another(postgres_url: str) -> None:
    first, second = locks_of(postgres_url), locks_of(postgres_url)
    lanes = [f"slack:T1/C{number}" for number in range(50)]
    for _ in range(2):
        took = await asyncio.gather(*(locks.take(lane) for lane in lanes for locks in (first, second)))
        assert [sum(took[place : place + 2]) for place in range(0, 100, 2)] == [1] * 50
        await asyncio.gather(*(locks.give_back(lane) for lane in lanes for locks in (first, second)))
    await first.close()
    await second.close()


async def test_a_process_that_is_killed_lets_go_at_once(postgres_url: str) -> None:
    locks = locks_of(postgres_url)
    async with holding(postgres_url) as other:
        assert not await locks.take(LANE)
        other.send_signal(signal.SIGKILL)

        async def ours() -> bool:
            return await locks.take(LANE)

        await until(ours, 5.0)
    await locks.close()


async def test_a_process_that_stands_still_loses_it_and_knows_before_it_asks_anybody(
    postgres_url: str,
) -> None:
    locks = locks_of(postgres_url)
    async with holding(postgres_url) as other:
        assert other.stdin is not None and other.stdout is not None
        other.send_signal(signal.SIGSTOP)
        assert not await locks.take(LANE)

        async def ours() -> bool:
            return await locks.take(LANE)

        stopped = time.monotonic()
        await until(ours, 10.0)
        assert time.monotonic() - stopped < QUICK.limit + 3.0, "in bounded time"
        other.stdin.write(b"go on\n")
        other.send_signal(signal.SIGCONT)
        assert await asyncio.wait_for(other.stdout.readline(), 10) == b"holds False\n"
        assert await asyncio.wait_for(other.stdout.readline(), 10) == b"gone False\n"
        assert locks.holds(LANE)
    await locks.close()


async def test_without_word_from_the_server_it_is_not_held_long_before_another_can_have_it(
    postgres_url: str,
) -> None:
    now, resting = 1000.0, asyncio.Event()

    async def never(_seconds: float) -> None:
        await resting.wait()

    locks = LaneLocks(address(postgres_url), clock=time.time, monotonic=lambda: now, sleep=never)
    assert await locks.take(LANE) and locks.holds(LANE)
    now += LockTimes().certain + 0.1
    assert not locks.holds(LANE) and not locks.gone(LANE), "the next answer says that it is still ours"
    await locks.close()


async def test_a_connection_that_is_cut_takes_all_locks_with_it_and_the_next_one_is_made_anew(
    postgres_url: str,
) -> None:
    mine, other = locks_of(postgres_url), locks_of(postgres_url)
    assert await mine.take(LANE) and await mine.take("slack:T1/C2")
    await asyncio.to_thread(cut, postgres_url)
    await until(lambda: mine.gone(LANE) and mine.gone("slack:T1/C2"), 5.0)
    for lane in (LANE, "slack:T1/C2"):
        await mine.give_back(lane)

    async def theirs() -> bool:
        return await other.take(LANE)

    await until(theirs, 5.0)
    assert not await mine.take(LANE) and await mine.take("slack:T1/C2")
    assert not mine.holds(LANE)
    await mine.close()
    await other.close()


async def test_a_lock_that_another_process_had_in_between_is_not_the_one_that_was_taken(
    postgres_url: str,
) -> None:
    """It may have drained the lane and given it back before our connection was made anew."""
    mine, other = locks_of(postgres_url, replace(QUICK, beat=60.0)), locks_of(postgres_url)
    assert await mine.take(LANE)
    await asyncio.to_thread(cut, postgres_url)
    assert not mine.holds(LANE), "known at once, without a question"

    async def theirs() -> bool:
        return await other.take(LANE)

    await until(theirs, 5.0)
    await other.give_back(LANE)

    async def connected_again() -> bool:
        with suppress(StorageUnavailable):
            return await mine.take("slack:T1/C2")
        return False

    await until(connected_again, 5.0)
    assert mine.gone(LANE) and not mine.holds(LANE)
    await mine.give_back(LANE)
    assert await mine.take(LANE) and mine.holds(LANE)
    await mine.close()
    await other.close()


async def test_a_version_that_drains_all_lanes_by_itself_and_those_that_share_them_exclude_each_other(
    postgres_url: str,
) -> None:
    """Versions run beside each other while they are replaced one by one."""
    first, second = locks_of(postgres_url), locks_of(postgres_url)
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    take = text("SELECT pg_try_advisory_lock(7823415002)")
    with engine.connect() as former:
        assert former.execute(take).scalar_one()
        assert not await first.take(LANE)
        former.invalidate()

    async def ours() -> bool:
        return await first.take(LANE)

    await until(ours, 5.0)
    assert await second.take("slack:T1/C2") and first.holds(LANE)
    with engine.connect() as former:
        assert not former.execute(take).scalar_one()
        await first.close()
        assert not former.execute(take).scalar_one()
        await second.close()

    async def free() -> bool:
        with engine.connect() as former:
            return bool(former.execute(take).scalar_one())

    await until(free, 5.0)  # the server ends a session a moment after it was hung up
    engine.dispose()
