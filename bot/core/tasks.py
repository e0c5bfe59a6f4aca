"""Background tasks: kept while they run, since asyncio itself holds them weakly, and ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias, TypeVar

T = TypeVar("T")

# Seconds until one that is still there is cancelled once more: what it does in order to end has its time.
AGAIN: Final = 5.0


async def cancelled(tasks: Iterable[asyncio.Task[Any]], again: float = AGAIN, *, grace: float = 0.0) -> None:
    """Cancel tasks until they have ended; what they raise is not looked at.

    again: seconds until one that is still there is cancelled anew. Once is not always enough: a connection
    that breaks at that moment can turn the cancellation into an error of its own, after which the task goes
    on. grace: seconds in which they may end by themselves before.
    """
    every = set(tasks)
    left = every
    if every and grace > 0:
        _, left = await asyncio.wait(every, timeout=grace)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again)
    for task in every:
        if not task.cancelled():
            task.exception()  # taken, so that asyncio says nothing of it


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """The work, to its end: one who is cancelled meanwhile ends after it, and not in the middle of it."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # taken, so that asyncio says nothing of it
        raise


TaskFailed: TypeAlias = Callable[[BaseException], None]
"""Told what a task raised."""


class TaskSet:
    """What is under way beside whoever began it."""

    def __init__(self, failed: TaskFailed | None = None) -> None:
        """failed: told what a task raised that was started here; without it asyncio logs that."""
        self._failed = failed
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None], name: str | None = None) -> asyncio.Task[None]:
        """Go on with something; returns at once."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    @contextmanager
    def joined(self) -> Iterator[None]:
        """The current task, which somebody else began, belongs to these meanwhile."""
        task = asyncio.current_task()
        if task is None:
            yield
            return
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def ended(self) -> None:
        """Wait until all that are under way now have ended."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self, grace: float = 0.0) -> None:
        """Wait up to `grace` seconds for what is under way, then cancel it, and see it end."""
        await cancelled(self._tasks, grace=grace)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if self._failed is not None and not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)
