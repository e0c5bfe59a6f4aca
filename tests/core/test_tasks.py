"""A task ends, also when it loses its cancellation to an error that comes at the same moment."""

from __future__ import annotations

import asyncio

from bot.core.tasks import cancelled


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
