"""Many small writes as few large ones: what asks while a write runs is gathered for the next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.core.errors import StorageUnavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Gatherer(Generic[Item, Answer]):
    """Hands items to `write` in groups, one group at a time, in order."""

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]],
        *,
        name: str,
        group_limit: int,
        waiting_limit: int,
    ) -> None:
        """write: stores a group all or nothing, and gives one answer for each item.

        name: of the task, for whoever looks at them. waiting_limit: items that may wait; further
        ones get StorageUnavailable.
        """
        self._write_group = write
        self._name = name
        self._group_limit = group_limit
        self._waiting_limit = waiting_limit
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Answer:
        """The answer for an item once its group was written; raises what the writing raised."""
        if len(self._waiting) >= self._waiting_limit:
            raise StorageUnavailable("more waits than can be stored", code="busy", retry_after=5.0)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write(), name=self._name)
        return await answer

    async def drained(self) -> None:
        """Wait until everything submitted so far has its answer."""
        while self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write(self) -> None:
        try:
            while self._waiting:
                size = min(self._group_limit, len(self._waiting))
                await self._try([self._waiting.popleft() for _ in range(size)])
        finally:
            self._writer = None

    async def _try(self, group: Sequence[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._write_group([item for item, _ in group])
        except Exception as error:
            if len(group) > 1 and not isinstance(error, StorageUnavailable):
                # One item that the database will not have must not be everybody's failure.
                middle = len(group) // 2
                await self._try(group[:middle])
                await self._try(group[middle:])
                return
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(group, answers, strict=True):
            if not future.done():  # whoever asked may have gone away
                future.set_result(answer)
