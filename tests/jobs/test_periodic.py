"""Periodic work goes on after trouble, comes sooner when asked for, and ends when it is stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.core.clocks import Sleep
from bot.jobs.on_asyncio import AsyncioJobs
from bot.jobs.periodic import WHEN_ASKED, JobObserver, JobScope, Periodic
from bot.observability.figures import BotMetrics
from bot.observability.jobs import JobFigures

HERE = JobScope.PROCESS


@dataclass
class Told:
    """What became of each run: the job, the part of the bot, what it raised."""

    runs: list[tuple[str, str, str]] = field(default_factory=list)

    def ran(self, job: str, part: str, _seconds: float, error: Exception | None) -> None:
        self.runs.append((job, part, "" if error is None else str(error)))


@dataclass
class Pauses:
    """A sleep that says how long it would have been, and ends when the test lets it."""

    asked: list[float] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.begun.set()
        await self.over.wait()

    async def let_go(self) -> None:
        """Once somebody sleeps, end that."""
        await asyncio.wait_for(self.begun.wait(), 10)
        self.begun.clear()
        self.over.set()
        await asyncio.sleep(0)
        self.over.clear()


def jobs_of(
    *work: Periodic,
    observer: JobObserver | None = None,
    sleep: Sleep = asyncio.sleep,
    chance: float = 0.5,
    monotonic: Callable[[], float] = time.monotonic,
) -> AsyncioJobs:
    return AsyncioJobs(
        work,
        sleep=sleep,
        monotonic=monotonic,
        random=lambda: chance,
        observer=observer or Told(),
        prefix="test",
    )


async def nothing() -> None:
    """A run that does nothing."""


async def test_trouble_is_told_and_the_next_run_comes_in_its_turn() -> None:
    runs: list[int] = []
    told = Told()
    enough = asyncio.Event()

    async def run() -> None:
        runs.append(len(runs))
        if len(runs) == 3:
            enough.set()
        raise ValueError(f"run {len(runs)}")

    jobs = jobs_of(Periodic("work", 0.001, run, HERE, jitter=0.5), observer=told, chance=0.25)
    await jobs.start()
    await asyncio.wait_for(enough.wait(), 10)
    await jobs.stop()
    assert [(job, error) for job, _part, error in told.runs[:2]] == [("work", "run 1"), ("work", "run 2")]
    after = len(runs)
    await asyncio.sleep(0.01)
    assert len(runs) == after


async def test_work_that_is_asked_for_does_not_wait_and_others_do() -> None:
    seen: list[str] = []
    twice = asyncio.Event()

    async def run() -> None:
        seen.append("a")
        if seen.count("a") == 2:
            twice.set()

    async def other() -> None:
        seen.append("b")

    jobs = jobs_of(Periodic("a", 1e6, run, HERE), Periodic("b", 1e6, other, HERE))
    await jobs.start()
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert {"test-a", "test-b"} <= names
    await asyncio.sleep(0)
    jobs.soon("a")
    await asyncio.wait_for(twice.wait(), 10)
    await jobs.stop()
    assert seen.count("b") == 1
    with pytest.raises(KeyError):
        jobs.soon("c")


async def test_what_was_asked_for_runs_once_and_then_rests_again() -> None:
    """The sleep that asking cut short must not count as over once more."""
    told, pauses = Told(), Pauses()
    jobs = jobs_of(Periodic("work", 60.0, nothing, HERE), observer=told, sleep=pauses)
    await jobs.start()
    for times in range(2, 5):
        await asyncio.wait_for(pauses.begun.wait(), 10)
        pauses.begun.clear()
        jobs.soon("work")
        await asyncio.wait_for(pauses.begun.wait(), 10)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(told.runs) == times
    await jobs.stop()


@pytest.mark.parametrize(("chance", "pause"), [(0.0, 9.0), (0.5, 10.0), (0.75, 10.5)])
async def test_jitter_moves_a_pause_by_no_more_than_its_part(chance: float, pause: float) -> None:
    pauses = Pauses()
    jobs = jobs_of(Periodic("work", 10.0, nothing, HERE, jitter=0.1), sleep=pauses, chance=chance)
    await jobs.start()
    await asyncio.wait_for(pauses.begun.wait(), 10)
    await jobs.stop()
    assert pauses.asked == [pytest.approx(pause)]


async def test_who_says_the_pause_is_asked_after_each_run_also_one_that_failed() -> None:
    told, pauses, left = Told(), Pauses(), [3.0, 2.0, WHEN_ASKED]

    async def run() -> None:
        if len(told.runs) == 1:
            raise OSError("away")

    jobs = jobs_of(Periodic("work", lambda: left.pop(0), run, HERE, delay=5.0), observer=told, sleep=pauses)
    await jobs.start()
    for _ in range(3):
        await pauses.let_go()
    for _ in range(20):
        await asyncio.sleep(0)
    assert pauses.asked == [5.0, 3.0, 2.0], "the last pause ends only when the work is asked for"
    jobs.soon("work")
    left.append(7.0)
    await asyncio.wait_for(pauses.begun.wait(), 10)
    await jobs.stop()
    assert len(told.runs) == 4 and pauses.asked[-1] == 7.0


async def test_a_run_that_is_under_way_is_cancelled() -> None:
    ended: list[str] = []
    begun = asyncio.Event()

    async def run() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    told = Told()
    jobs = jobs_of(Periodic("work", 1.0, run, HERE), observer=told)
    await jobs.start()
    await asyncio.wait_for(begun.wait(), 10)
    await jobs.stop()
    assert ended == ["cancelled"] and told.runs == []


async def test_each_run_shows_in_the_figures_and_a_failed_one_is_told_once() -> None:
    figures, troubles, own = BotMetrics(), list[str](), list[str]()

    async def fail() -> None:
        raise OSError("no disk")

    observer = JobFigures(
        figures, lambda: 1_700_000_000.0, lambda where, error: troubles.append(f"{where}: {error}")
    )
    jobs = jobs_of(
        Periodic("good", 1e6, nothing, HERE),
        Periodic("bad", 1e6, fail, HERE, part="lanes"),
        Periodic("wordy", 1e6, fail, HERE, failed=lambda error: own.append(str(error))),
        observer=observer,
    )
    await jobs.start()
    for _ in range(5):
        await asyncio.sleep(0)
    await jobs.stop()
    assert troubles == ["lanes: no disk"] and own == ["no disk"]
    text = figures.text().decode()
    for job, failures in (("bad", 1.0), ("wordy", 1.0)):
        assert f'xquik_bot_job_failures_total{{work="{job}"}} {failures}' in text
    assert 'job_failures_total{work="good"}' not in text
    for job in ("good", "bad", "wordy"):
        assert f'xquik_bot_job_last_run_timestamp_seconds{{work="{job}"}} 1.7e+09' in text
        assert f'xquik_bot_job_seconds_count{{work="{job}"}} 1.0' in text
