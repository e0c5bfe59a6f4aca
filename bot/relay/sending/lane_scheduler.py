"""What decides when a lane is drained, as the relay needs it: handed to the relay, not made by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from bot.core.ports import Scheduler
from bot.relay.sending.lane_tenure import LaneTenure
from bot.relay.sending.lanes import Rest

Drain: TypeAlias = Callable[[str], Awaitable[Rest]]
"""Sends what a lane holds, and says what comes next for it."""


class LaneScheduler(Scheduler, Protocol):
    """Implemented by `bot.relay.sending.scheduler.AsyncioScheduler`, for one process, and by
    `bot.relay.sending.shared_scheduler.SharedScheduler`, for several.

    shared: several processes drain at the same time, and each that wakes a lane is heard by all.
    """

    shared: bool

    @property
    def tenure(self) -> LaneTenure | None:
        """Which lanes are this process's; None where that is all or none of them."""

    @property
    def ready(self) -> bool:
        """Whether lanes are drained here now."""

    def serve(self, drain: Drain) -> None:
        """Drain lanes with that. Called once, before the first lane is woken."""

    def look(self) -> None:
        """Look for lanes now: another process may have filled some."""

    async def start(self) -> None:
        """Begin to drain what is woken."""

    async def run(self) -> None:
        """Find what is left from before, and from then on what nobody woke, until stopped."""

    def stop_looking(self) -> None:
        """Start no further lanes; `run` ends."""

    async def stop(self, grace: float) -> None:
        """Wait up to `grace` seconds for running lanes, then cancel them."""

    @property
    def busy(self) -> int:
        """How many lanes are being drained or wait for a turn."""
