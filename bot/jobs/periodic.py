"""Periodic work, which is done again and again with pauses, said apart from what runs it.

A part of the bot says what it does and how often; the composition root hands it something that runs that:
today tasks of asyncio (`bot.jobs.on_asyncio`), and where several machines share the work, another engine.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Final, Protocol, TypeAlias

import msgspec

from bot.core.clocks import Chance

WHEN_ASKED: Final = math.inf
"""A pause that ends only when the work is asked for."""


class JobScope(Enum):
    """Who runs it. PROCESS: each process for itself. INSTALLATION: one process for all that share a
    database, the one that relays."""

    PROCESS = "process"
    INSTALLATION = "installation"


Run: TypeAlias = Callable[[], Awaitable[object]]
"""One run of the work; what it raises is told, and the next one comes in its turn."""
Interval: TypeAlias = Callable[[], float]
"""Seconds from the end of a run to the next, said after each."""
RunFailed: TypeAlias = Callable[[Exception], None]
"""Told what a run raised."""
WorkSoon: TypeAlias = Callable[[], None]
"""Has the work run before its turn: `Jobs.soon`."""


class Periodic(msgspec.Struct, frozen=True):
    """name: of the work, in figures, logs and tasks. every: seconds from the end of a run to the next, or who
    says them after each run, also after one that failed; more or less by `jitter` of it at most, so that many
    processes spread. run: one run; what it raises is told, and the next one comes in its turn: what was due
    then still is. delay: seconds until the first. part: of the bot, under which a failure is told (see
    `RelayObserver.trouble`); else the name. failed: told what a run raised, in place of that, where the work
    has words of its own for it."""

    name: str
    every: float | Interval
    run: Run
    scope: JobScope
    jitter: float = 0.0
    delay: float = 0.0
    part: str = ""
    failed: RunFailed | None = None

    def pause(self, random: Chance) -> float:
        """Seconds until the next run."""
        seconds = self.every() if callable(self.every) else self.every
        return seconds * (1.0 + self.jitter * (2.0 * random() - 1.0)) if self.jitter else seconds


class JobObserver(Protocol):
    """Told of every run, from the event loop. Must be quick and never raise."""

    def ran(self, job: str, part: str, seconds: float, error: Exception | None) -> None:
        """A run ended. error: what it raised; None when all went well. part: under which to tell that; ""
        where the work did so itself."""


class Jobs(Protocol):
    """Periodic work that runs from `start` to `stop`."""

    async def start(self) -> None:
        """Begin with a run of each, after its delay."""

    async def stop(self) -> None:
        """End them; a run that is under way is cancelled."""

    def soon(self, name: str) -> None:
        """Do not wait for the next turn of that work. KeyError when there is none of that name."""


class MakeJobs(Protocol):
    """What runs periodic work."""

    def __call__(self, work: Sequence[Periodic], /) -> Jobs:
        """The work, not started yet. Names are unique in it."""


async def run_until(done: asyncio.Event, work: Periodic, jobs: MakeJobs) -> None:
    """Do that again and again until one run, or somebody else, sets `done`."""
    running = jobs([work])
    await running.start()
    try:
        await done.wait()
    finally:
        await running.stop()
