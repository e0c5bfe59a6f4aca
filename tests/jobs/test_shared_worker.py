"""The worker of shared work is kept going: whatever ends it, or makes it deaf, it works again soon."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import pytest
from msgspec.structs import replace

from bot.jobs.keyed_jobs import Wanted
from tests.jobs.shared_harness import QUICK, Told, asked, keyed_jobs, keys, working
from tests.relay.harness import until


class Doing:
    """Counts what was done. holding: keys that are held until `let_go`."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.running: set[str] = set()
        self.holding: set[str] = set()
        self.let_go = asyncio.Event()
        self.most = 0

    async def __call__(self, key: str) -> None:
        self.running.add(key)
        self.most = max(self.most, len(self.running))
        try:
            if key in self.holding:
                await self.let_go.wait()
            if key.endswith("!"):
                raise LookupError(key)
        finally:
            self.running.discard(key)
        self.done[key] += 1


def one(*named: str) -> list[Wanted]:
    return [Wanted(name, "g") for name in named]


async def test_what_is_put_is_done_at_once_and_leaves_nothing_behind(shared_url: str) -> None:
    doing, told = Doing(), Told()
    slow = replace(QUICK, look=60.0)  # only a word wakes it
    async with keyed_jobs(shared_url) as jobs, working(jobs, doing, told, times=slow) as worker:
        await until(lambda: worker.ready)
        await jobs.put("q", one("a", "b", "c!"))
        await until(lambda: sum(doing.done.values()) == 2)
        await until(lambda: not asked(shared_url, "SELECT FROM procrastinate_jobs WHERE lock IS NOT NULL"))
    assert told.restarts == [] and [t for t in told.troubles if "LookupError" in t]
    assert not asked(shared_url, "SELECT FROM procrastinate_workers"), "it said goodbye"


async def test_two_workers_share_the_keys_and_none_is_worked_on_twice_at_once(shared_url: str) -> None:
    doing = Doing()
    names = [f"k{number}" for number in range(40)]
    async with (
        keyed_jobs(shared_url) as first,
        keyed_jobs(shared_url) as second,
        working(first, doing, Told()),
        working(second, doing, Told()),
    ):
        for _ in range(3):
            await first.put("q", one(*names[:20]))
            await second.put("q", one(*names[10:]))
        await until(lambda: set(doing.done) == set(names))


@pytest.mark.parametrize("which", ["all of its connections", "the one that listens"])
async def test_cut_off_by_the_server_it_is_started_again_and_hears_again(shared_url: str, which: str) -> None:
    """Without a periodic task procrastinate's worker goes on deaf; with one it ends without an error."""
    doing, told = Doing(), Told()
    slow = replace(QUICK, look=60.0)
    async with keyed_jobs(shared_url) as jobs, working(jobs, doing, told, times=slow) as worker:
        await until(lambda: worker.ready)
        await jobs.put("q", one("before"))
        await until(lambda: doing.done["before"] == 1)
        listening = "" if which.startswith("all") else "AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')"
        await asyncio.to_thread(
            asked,
            shared_url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND application_name = 'xquik-bot jobs' {listening}",
        )

        async def works_again() -> bool:
            # Only what is new is said to those who listen.
            await jobs.put("q", one(f"after {sum(doing.done.values())} {time.monotonic()}"))
            return len(doing.done) > 1

        await until(works_again, 20.0)
        await until(lambda: worker.ready)


async def test_one_that_hears_nothing_is_given_up_and_what_it_does_goes_on(shared_url: str) -> None:
    doing, told = Doing(), Told()
    doing.holding.add("long")
    async with keyed_jobs(shared_url) as jobs, working(jobs, doing, told) as worker:
        await until(lambda: worker.ready)
        await jobs.put("q", one("long"))
        await until(lambda: "long" in doing.running)
        # As behind a network that lets nothing through any more: the connection stays, and says nothing.
        jobs.deaf = True
        await until(lambda: bool(told.restarts), 10.0)
        assert not worker.ready and told.restarts[0] == "it hears nothing"
        jobs.deaf = False
        await until(lambda: worker.ready, 10.0)
        await jobs.put("q", one("next"))
        await until(lambda: doing.done["next"] == 1)
        assert "long" in doing.running
        doing.let_go.set()
        await until(lambda: doing.done["long"] == 1)


async def test_one_whose_row_was_pruned_while_it_stood_still_is_started_again(shared_url: str) -> None:
    doing, told = Doing(), Told()
    quiet = replace(QUICK, heartbeat=60.0)
    async with keyed_jobs(shared_url) as jobs, working(jobs, doing, told, times=quiet) as worker:
        await until(lambda: worker.ready)
        await until(lambda: bool(asked(shared_url, "SELECT FROM procrastinate_workers")))
        asked(shared_url, "DELETE FROM procrastinate_workers")
        await jobs.put("q", one("a"))
        await until(lambda: doing.done["a"] == 1, 20.0)
        assert told.restarts and "ForeignKeyViolation" in told.restarts[0]


async def test_a_job_that_others_finished_meanwhile_ends_without_a_fuss(shared_url: str) -> None:
    """As those of a worker whose signs of life ended while it went on."""
    doing, told = Doing(), Told()
    doing.holding.add("a")
    async with keyed_jobs(shared_url) as jobs, working(jobs, doing, told) as worker:
        await until(lambda: worker.ready)
        await jobs.put("q", one("a"))
        await until(lambda: "a" in doing.running)
        dead = await jobs.finish_dead(-1.0)
        assert [one.key for one in dead["q"]] == ["a"]
        doing.let_go.set()
        await until(lambda: doing.done["a"] == 1)
        await jobs.put("q", one("b"))
        await until(lambda: doing.done["b"] == 1)
        await until(lambda: bool(told.troubles))
        assert "RaiseException" in told.troubles[0] and told.restarts == []


async def test_stopping_waits_for_what_runs_and_then_cuts_it_off(shared_url: str) -> None:
    doing, told = Doing(), Told()
    doing.holding |= {"a", "b"}
    async with keyed_jobs(shared_url) as jobs, working(jobs, doing, told) as worker:
        await until(lambda: worker.ready)
        await jobs.put("q", one("a", "b"))
        await until(lambda: len(doing.running) == 2)
        worker.stop_fetching()
        await jobs.put("q", one("c"))
        ending = asyncio.create_task(worker.stop(0.3))
        await asyncio.wait({ending})
        assert ending.exception() is None
        assert doing.running == set() and not doing.done
    assert keys(shared_url) == ["c"], "nothing more is begun"
    assert keys(shared_url, "doing") == [], "and what was cut off is not left as if it ran"


async def test_with_the_database_away_it_stops_within_its_time(shared_url: str) -> None:
    doing, told = Doing(), Told()
    async with keyed_jobs(shared_url) as jobs, working(jobs, doing, told) as worker:
        await until(lambda: worker.ready)
        # Nothing is to be had any more, as when the server is gone.
        await jobs.connector.close_async()
        await until(lambda: not worker.ready, 10.0)
        async with asyncio.timeout(10):
            await worker.stop(0.5)


async def test_one_periodic_task_is_always_there_and_cleans_what_ended_otherwise(shared_url: str) -> None:
    doing, told = Doing(), Told()
    asked(
        shared_url,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock) VALUES"
        " ('keys.q', 'work', 'old'), ('keys.q', 'work', 'new')",
    )
    for state in ("doing", "aborted"):
        asked(shared_url, f"UPDATE procrastinate_jobs SET status = '{state}'")
    asked(
        shared_url,
        "UPDATE procrastinate_events e SET at = now() - interval '3 hours' FROM procrastinate_jobs j"
        " WHERE j.id = e.job_id AND j.lock = 'old'",
    )
    async with keyed_jobs(shared_url) as jobs, working(jobs, doing, told) as worker:
        await until(lambda: worker.ready)
        app = worker.made
        assert [cron.cron for cron in app.periodic_registry.periodic_tasks.values()] == ["*/10 * * * *"]
        await until(lambda: bool(asked(shared_url, "SELECT FROM procrastinate_periodic_defers")))
        await until(lambda: not asked(shared_url, "SELECT FROM procrastinate_jobs WHERE lock = 'old'"))
    assert asked(shared_url, "SELECT FROM procrastinate_jobs WHERE lock = 'new'")
