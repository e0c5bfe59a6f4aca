"""Periodic work goes on after trouble, comes sooner when asked for, and ends when it is stopped."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs.periodic import Jobs, Periodic


async def test_trouble_is_told_and_the_next_run_comes_in_its_turn() -> None:
    runs: list[int] = []
    told: list[tuple[str, str]] = []
    enough = asyncio.Event()

    async def run() -> None:
        runs.append(len(runs))
        if len(runs) == 3:
            enough.set()
        raise ValueError(f"run {len(runs)}")

    jobs = Jobs(
        [Periodic("work", 0.001, run, jitter=0.5)],
        random=lambda: 0.25,
        trouble=lambda name, error: told.append((name, str(error))),
    )
    await jobs.start()
    await asyncio.wait_for(enough.wait(), 10)
    await jobs.stop()
    assert told[:2] == [("work", "run 1"), ("work", "run 2")]
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

    jobs = Jobs(
        [Periodic("a", 1e6, run), Periodic("b", 1e6, other)],
        random=lambda: 0.5,
        trouble=lambda _name, _error: None,
        scope="test",
    )
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
