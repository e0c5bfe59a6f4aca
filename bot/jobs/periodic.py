"""Work that is done again and again, with one way to wait, to stop and to tell of trouble.

A run that fails is reported, and the next one comes in its turn: what was due then still is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.clocks import Chance
from bot.core.tasks import cancelled

Trouble: TypeAlias = Callable[[str, Exception], None]
"""Told the name of the work and what it raised; never raises."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """name: of the work, for its task and for what is told of it. every: seconds from the end of a run to the
    next, more or less by `jitter` of it at most, so that many processes spread. run: one run."""

    name: str
    every: float
    run: Callable[[], Awaitable[None]]
    jitter: float = 0.0


class Jobs:
    """Runs periodic work, each in a task of its own, from `start` to `stop`."""

    def __init__(
        self, work: Sequence[Periodic], *, random: Chance, trouble: Trouble, scope: str = "jobs"
    ) -> None:
        """random: uniform in [0, 1). scope: what the names of tasks begin with."""
        self._work = tuple(work)
        self._random = random
        self._trouble = trouble
        self._scope = scope
        self._soon = {one.name: asyncio.Event() for one in self._work}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin with a run of each."""
        self._tasks = [
            asyncio.create_task(self._go_on(one), name=f"{self._scope}-{one.name}") for one in self._work
        ]

    async def stop(self) -> None:
        """End them; a run that is under way is cancelled."""
        await cancelled(self._tasks)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def soon(self, name: str) -> None:
        """Do not wait for the next turn of that work. KeyError when there is none of that name."""
        self._soon[name].set()

    async def _go_on(self, one: Periodic) -> None:
        soon = self._soon[one.name]
        while True:
            soon.clear()
            try:
                await one.run()
            except Exception as error:
                self._trouble(one.name, error)
            pause = one.every * (1.0 + one.jitter * (2.0 * self._random() - 1.0))
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await soon.wait()
