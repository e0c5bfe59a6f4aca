"""A task ends, also when it loses its cancellation to an error that comes at the same moment."""

from __future__ import annotations

import asyncio
import gc

from bot.core.tasks import TaskSet, cancelled


async def test_a_task_that_loses_its_cancellation_is_cancelled_again() -> None:
    lost = 0

    async def upkeep() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost += 1  # as a driver does whose connection broke meanwhile

    task = asyncio.create_task(upkeep())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await cancelled([task], again=0.05)
    assert task.cancelled() and lost == 1


async def test_what_a_task_raises_while_it_ends_is_taken() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("the disk is full")

    said: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, what: said.append(what["message"]))
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await cancelled([task])
    del task
    gc.collect()
    assert said == []


async def test_grace_lets_a_task_end_by_itself() -> None:
    ended: list[str] = []

    async def work(name: str, until: asyncio.Event) -> None:
        await until.wait()
        ended.append(name)

    soon, never = asyncio.Event(), asyncio.Event()
    tasks = TaskSet()
    tasks.start(work("quick", soon), "quick")
    tasks.start(work("slow", never), "slow")
    await asyncio.sleep(0)
    soon.set()
    await tasks.close(grace=0.05)
    assert ended == ["quick"] and len(tasks) == 0


async def test_a_set_tells_what_its_tasks_raise_and_nothing_of_those_it_ends() -> None:
    failures: list[str] = []
    tasks = TaskSet(lambda error: failures.append(str(error)))

    async def fail() -> None:
        raise ValueError("broken")

    tasks.start(fail())
    await tasks.ended()
    tasks.start(asyncio.sleep(60))
    await tasks.close()
    await asyncio.sleep(0)
    assert failures == ["broken"] and len(tasks) == 0


async def test_a_task_that_somebody_else_began_can_join() -> None:
    tasks = TaskSet()
    let_go, left = asyncio.Event(), list[str]()

    async def visit() -> None:
        with tasks.joined():
            await let_go.wait()
            left.append("by itself")

    visiting = asyncio.create_task(visit())
    await asyncio.sleep(0)
    assert len(tasks) == 1
    let_go.set()
    await tasks.close(grace=5.0)
    assert left == ["by itself"] and len(tasks) == 0
    await visiting
