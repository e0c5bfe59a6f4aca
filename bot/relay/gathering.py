"""Many small writes as few large ones: what asks until a write begins is written by it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeAlias, TypeVar

from bot.core.errors import StorageUnavailable
from bot.storage.engine.database import Database

Item = TypeVar("Item")
Answer = TypeVar("Answer")


_Asked: TypeAlias = tuple[Item, asyncio.Future[Answer]]


BeginGroup: TypeAlias = Callable[[], Sequence[_Asked[Item, Answer]]]
"""Ends the gathering of a group; what was asked for until then."""
TakeItems: TypeAlias = Callable[[], Sequence[Item]]
"""The items of a group; none come after it was called."""
WriteItems: TypeAlias = Callable[[TakeItems[Item]], Awaitable[Sequence[Answer]]]
"""Stores a group all or nothing; an answer for each item."""


class WriteGroup(Generic[Item, Answer]):
    """The items of one write: those that wait when it begins, which it says by asking for them."""

    __slots__ = ("_asked", "_begin")

    def __init__(self, begin: BeginGroup[Item, Answer]) -> None:
        """begin: called once, perhaps in another thread; whoever asks from then on is too late."""
        self._begin = begin
        self._asked: Sequence[_Asked[Item, Answer]] | None = None

    def take(self) -> list[Item]:
        """The items, in order; the same ones every time."""
        return [item for item, _ in self._all()]

    def halves(self) -> tuple[WriteGroup[Item, Answer], ...]:
        """The group in two parts; none when it has only one item."""
        asked = self._all()
        if len(asked) < 2:
            return ()
        first, second = asked[: len(asked) // 2], asked[len(asked) // 2 :]
        return WriteGroup(lambda: first), WriteGroup(lambda: second)

    def answer(self, answers: Sequence[Answer]) -> None:
        """Give each item its answer."""
        for (_, future), answer in zip(self._all(), answers, strict=True):
            if not future.done():  # whoever asked may have gone away
                future.set_result(answer)

    def fail(self, error: Exception) -> None:
        """Nothing of the group was written."""
        for _, future in self._all():
            if not future.done():
                future.set_exception(error)

    def _all(self) -> Sequence[_Asked[Item, Answer]]:
        if self._asked is None:
            self._asked = self._begin()
        return self._asked


class Gatherer(Generic[Item, Answer]):
    """Hands items to `write` in groups, in order."""

    def __init__(
        self,
        write: WriteItems[Item, Answer],
        *,
        name: str,
        group_limit: int,
        waiting_limit: int,
        ahead: int = 1,
        gather: float = 0.0,
        enough: int = 1,
    ) -> None:
        """write: stores a group all or nothing, and gives one answer for each item. It asks for the items
        when it begins, of what it is given; there may be none.

        name: of the tasks, for whoever looks at them. waiting_limit: items that may wait; further
        ones get StorageUnavailable. ahead: writes at a time; with 2, one stands ready to begin as soon
        as the one before it has ended. gather: seconds from the beginning of a write to that of the next one,
        so that what comes one by one is written together, unless `enough` items wait.
        """
        self._write_group = write
        self._name = name
        self._group_limit = group_limit
        self._waiting_limit = waiting_limit
        self._ahead = ahead
        self._gather_for = gather
        self._enough = enough
        self._enough_wait = asyncio.Event()
        self._begun_at = -gather
        self._waiting: deque[_Asked[Item, Answer]] = deque()
        self._next: WriteGroup[Item, Answer] | None = None
        self._writers: set[asyncio.Task[None]] = set()

    async def submit(self, item: Item) -> Answer:
        """The answer for an item once its group was written; raises what the writing raised."""
        return await self.put(item)

    def put(self, item: Item) -> asyncio.Future[Answer]:
        """The same as a future, for whoever has no task to wait in; StorageUnavailable at once where too many
        wait."""
        if len(self._waiting) >= self._waiting_limit:
            raise StorageUnavailable(
                "more waits than can be stored",  # no message: for logs
                code="busy",
                retry_after=5.0,
            )
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if len(self._waiting) == self._enough:
            self._enough_wait.set()
        self._prepare()
        return answer

    @property
    def busy(self) -> bool:
        """Whether anything waits to be written."""
        return bool(self._writers)

    async def drained(self) -> None:
        """Wait until everything submitted so far has its answer."""
        while self._writers:
            await asyncio.wait(self._writers)

    def _prepare(self) -> None:
        """See to it that what waits is written, by a write that has not begun."""
        if self._next is None and len(self._writers) < self._ahead:
            self._next = group = WriteGroup(lambda: self._gather(group))
            writer = asyncio.create_task(self._write(group), name=self._name)
            self._writers.add(writer)
            writer.add_done_callback(lambda task: self._ended(task, group))

    def _gather(self, group: WriteGroup[Item, Answer]) -> list[_Asked[Item, Answer]]:
        # In this order: whoever adds an item and still sees the group here knows that it is found below.
        self._begun(group)
        asked: list[_Asked[Item, Answer]] = []
        while self._waiting and len(asked) < self._group_limit:
            asked.append(self._waiting.popleft())
        return asked

    def _begun(self, group: WriteGroup[Item, Answer]) -> None:
        if self._next is group:
            self._next = None

    def _ended(self, writer: asyncio.Task[None], group: WriteGroup[Item, Answer]) -> None:
        self._begun(group)  # in case it never did
        self._writers.discard(writer)
        if self._waiting:
            self._prepare()

    async def _write(self, group: WriteGroup[Item, Answer]) -> None:
        if self._gather_for:
            loop = asyncio.get_running_loop()
            left = self._begun_at + self._gather_for - loop.time()
            if left > 0 and len(self._waiting) < self._enough:
                self._enough_wait.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self._enough_wait.wait()
            self._begun_at = loop.time()
        await self._try(group)

    async def _try(self, group: WriteGroup[Item, Answer]) -> None:
        try:
            answers = await self._write_group(group.take)
        except Exception as error:
            halves = () if isinstance(error, StorageUnavailable) else group.halves()
            # One item that the database will not have must not be everybody's failure.
            for half in halves:
                await self._try(half)
            if not halves:
                group.fail(error)
        else:
            group.answer(answers)


def writes_ahead(db: Database) -> int:
    """How many writes of one gatherer a database is given at a time.

    SQLite's writer does one after another, and need not wait for the event loop in between when the
    next one is there. Transactions of PostgreSQL run beside each other, and could lock each other out.
    """
    return 2 if db.dialect == "sqlite" else 1
