"""Jobs that processes share: at most one of a key waits and one runs, and groups take turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.jobs.keyed_jobs import JobLimits, KeyedJobs, Wanted
from bot.storage.engine.addresses import address, connecting
from bot.storage.engine.database import Database
from tests.jobs.shared_harness import asked, keyed_jobs, keys
from tests.storage.test_database import adding
from tests.storage.test_database import keys as stored


@pytest.fixture
async def jobs(shared_url: str) -> AsyncIterator[KeyedJobs]:
    """Eight jobs at a time, eight later."""
    async with keyed_jobs(shared_url, JobLimits(due=8, later=8)) as made:
        yield made


def wanted(*named: str, at: float | None = None) -> list[Wanted]:
    """Keys whose groups are what stands before the slash."""
    return [Wanted(name, name.partition("/")[0], at) for name in named]


async def take(jobs: KeyedJobs, worker: int) -> str | None:
    """Fetch a job as procrastinate's workers do; its key."""
    from procrastinate.manager import JobManager

    job = await JobManager(jobs.connector).fetch_job(queues=["keys.q"], worker_id=worker)
    return None if job is None else job.lock


async def worker_of(jobs: KeyedJobs) -> int:
    """A worker of procrastinate's."""
    from procrastinate.manager import JobManager

    found: int = await JobManager(jobs.connector).register_worker()
    return found


async def test_a_key_that_waits_already_is_no_error_and_the_others_of_its_group_are_put(
    jobs: KeyedJobs, shared_url: str
) -> None:
    assert await jobs.put("q", wanted("a/1")) == frozenset()
    assert await jobs.put("q", wanted("a/2", "a/1", "b/1", "b/1")) == frozenset()
    assert sorted(keys(shared_url)) == ["a/1", "a/2", "b/1"]


async def test_many_put_the_same_keys_at_once_and_each_waits_once(jobs: KeyedJobs, shared_url: str) -> None:
    names = [f"{group}/{number}" for group in "abcd" for number in range(2)]
    await asyncio.gather(*(jobs.put("q", wanted(*names)) for _ in range(12)))
    assert sorted(keys(shared_url)) == sorted(names)


async def test_those_who_come_while_it_is_opened_wait_for_that(shared_url: str) -> None:
    jobs = KeyedJobs(connecting(address(shared_url)))
    ends = await asyncio.gather(*(jobs.put("q", wanted(f"a/{number}")) for number in range(8)))
    assert ends == [frozenset()] * 8 and len(keys(shared_url)) == 8
    await jobs.close()
    with pytest.raises(StorageUnavailable):
        await jobs.put("q", wanted("a/9"))


async def test_while_a_key_runs_it_may_wait_once_more_and_is_not_taken_meanwhile(
    jobs: KeyedJobs, shared_url: str
) -> None:
    worker = await worker_of(jobs)
    await jobs.put("q", wanted("a/1"))
    assert await take(jobs, worker) == "a/1"
    await jobs.put("q", wanted("a/1", "a/2"))
    assert await take(jobs, worker) == "a/2"
    assert await take(jobs, worker) is None
    assert keys(shared_url) == ["a/1"]
    await jobs.put("q", wanted("a/2"), unless_running=True)
    assert keys(shared_url) == ["a/1"], "what runs is left alone where that is asked for"


async def test_a_key_that_waits_for_a_moment_comes_sooner_where_that_is_wanted(
    jobs: KeyedJobs, shared_url: str
) -> None:
    worker, now = await worker_of(jobs), time.time()
    await jobs.put("q", wanted("a/1", at=now + 3600))
    assert await take(jobs, worker) is None
    await jobs.put("q", wanted("a/1", at=now + 7200))
    later = asked(shared_url, "SELECT extract(epoch FROM scheduled_at) AS at FROM procrastinate_jobs")
    assert [round(float(row.at) - now) for row in later] == [3600], "never later"
    await jobs.put("q", [*wanted("a/1", at=now + 60), *wanted("a/1")])
    assert await take(jobs, worker) == "a/1"


async def test_a_group_has_three_times_what_is_left_free_and_hears_what_was_left_out(
    jobs: KeyedJobs, shared_url: str
) -> None:
    flood = [f"a/{number}" for number in range(20)]
    left = await jobs.put("q", wanted(*flood))
    assert len(keys(shared_url)) == 6 and left == set(flood) - set(keys(shared_url))
    assert await jobs.put("q", wanted(*flood[:1])) <= {flood[0]}
    assert await jobs.put("q", wanted("b/1")) == frozenset(), "something is left for a newcomer"
    assert len(await jobs.put("q", wanted(*flood, at=time.time() + 60))) == 14 - 6, (
        "those that wait are apart"
    )


async def test_groups_take_turns_however_many_keys_one_has(shared_url: str) -> None:
    async with keyed_jobs(shared_url, JobLimits(due=1_000)) as jobs:
        worker = await worker_of(jobs)
        await jobs.put("q", wanted(*(f"a/{number:02}" for number in range(20))))
        taken = [await take(jobs, worker) for _ in range(3)]
        assert taken == ["a/00", "a/01", "a/02"]
        await jobs.put("q", wanted("b/0", "b/1", "c/0"))
        then = [await take(jobs, worker) for _ in range(6)]
        # Each newcomer's first beside the next of the flood; the second one's behind that.
        assert set(then[:3]) == {"a/03", "b/0", "c/0"} and set(then[3:5]) == {"a/04", "b/1"}
        # One that comes again and again does not hold up those that waited.
        for number in range(5, 9):
            await jobs.put("q", wanted(f"d/{number}"))
            assert {await take(jobs, worker), await take(jobs, worker)} == {
                f"a/{number + 1:02}",
                f"d/{number}",
            }


async def test_what_a_dead_worker_did_is_finished_and_never_put_back(
    jobs: KeyedJobs, shared_url: str
) -> None:
    """With a second job of the key waiting, `retry_job` is a violation for ever."""
    from procrastinate.exceptions import UniqueViolation
    from procrastinate.manager import JobManager

    worker = await worker_of(jobs)
    await jobs.put("q", wanted("a/1", "a/2"))
    assert [await take(jobs, worker) for _ in range(2)] == ["a/1", "a/2"]
    await jobs.put("q", wanted("a/1"))
    manager = JobManager(jobs.connector)
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=-1.0))
    waiting = next(job for job in stalled if job.lock == "a/1")
    with pytest.raises(UniqueViolation):
        await manager.retry_job(waiting)
    assert await jobs.finish_dead(3600.0) == {}, "it said something a moment ago"
    dead = await jobs.finish_dead(-1.0)
    assert sorted(one.key for one in dead["q"]) == ["a/1", "a/2"]
    await jobs.put("q", dead["q"])
    assert sorted(keys(shared_url)) == ["a/1", "a/2"] and keys(shared_url, "doing") == []


async def test_the_jobs_of_a_worker_that_is_gone_are_dead_at_once(jobs: KeyedJobs, shared_url: str) -> None:
    worker = await worker_of(jobs)
    await jobs.put("q", wanted("a/1"))
    assert await take(jobs, worker) == "a/1"
    asked(shared_url, "DELETE FROM procrastinate_workers")
    assert [one.key for one in (await jobs.finish_dead(3600.0))["q"]] == ["a/1"]


async def test_a_server_that_cannot_be_reached_is_said_without_its_password(shared_url: str) -> None:
    url = address(shared_url).set(host="127.0.0.1", port=1, query={}, password="hunter2")
    jobs = KeyedJobs(connecting(url), patience=0.5)
    with pytest.raises(StorageUnavailable) as raised:
        await jobs.put("q", wanted("a/1"))
    assert "hunter2" not in str(raised.value)
    await jobs.close()


async def test_sessions_that_may_not_rest_for_long_do_no_harm(shared_url: str) -> None:
    from tests.conftest import TIME_LIMITS, with_limits

    async with keyed_jobs(with_limits(shared_url, **TIME_LIMITS)) as jobs:
        await jobs.put("q", wanted("a/1"))
        await asyncio.sleep(3 * TIME_LIMITS["idle_session_timeout"] / 1000)
        await jobs.put("q", wanted("a/2"))
    assert sorted(keys(shared_url)) == ["a/1", "a/2"]


async def test_a_transaction_that_is_open_neither_waits_for_a_wake_nor_is_harmed_by_one(
    jobs: KeyedJobs, shared_url: str
) -> None:
    """Put inside it, a key that waits already would abort it, and everybody else would wait for its end."""
    database = await Database.open(shared_url)
    async with keyed_jobs(shared_url) as others:

        async def work(connection: AsyncConnection) -> None:
            await adding("kept")(connection)
            async with asyncio.timeout(5):
                await jobs.put("q", wanted("a/1"))
                await asyncio.gather(others.put("q", wanted("a/1")), jobs.put("q", wanted("a/1")))
            await adding("kept, too")(connection)

        await database.write(work)
    assert await stored(database) == ["kept", "kept, too"] and keys(shared_url) == ["a/1"]
    await database.close()
