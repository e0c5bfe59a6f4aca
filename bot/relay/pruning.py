"""Deleting what is settled and old, a little at a time, so that no request waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.relay.observing import RelayObserver
from bot.storage.deliveries import Deliveries
from bot.storage.events import Events
from bot.storage.held import Held
from bot.storage.hooks import Hooks

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Retention:
    """Seconds for which things are kept. nonces: well above the ten minutes in which the vendor may
    repeat a delivery. settled: sent messages, dead letters and their events."""

    nonces: float = _DAY
    settled: float = 30 * _DAY
    every: float = 600.0
    # Between two small transactions of one round.
    breath: float = 0.05


class Pruner:
    """Deletes old rows on a timer."""

    def __init__(
        self,
        hooks: Hooks,
        events: Events,
        deliveries: Deliveries,
        held: Held,
        position: Callable[[], Awaitable[int]],
        *,
        retention: Retention,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        observer: RelayObserver,
    ) -> None:
        """position: the router's; events behind it have not been looked at yet and stay."""
        self._hooks = hooks
        self._events = events
        self._deliveries = deliveries
        self._held = held
        self._position = position
        self._retention = retention
        self._clock = clock
        self._sleep = sleep
        self._observer = observer

    async def run(self) -> None:
        """Prune now and then until cancelled."""
        while True:
            await self._sleep(self._retention.every)
            try:
                await self.prune()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self._observer.trouble("pruning", error)

    async def prune(self) -> None:
        """One round, to its end."""
        now = self._clock()
        while await self._hooks.prune_nonces(now - self._retention.nonces):
            await self._sleep(self._retention.breath)
        before = now - self._retention.settled
        start: int | None = 0
        while start is not None:
            start = await self._deliveries.prune(before, start)
            await self._sleep(self._retention.breath)
        while await self._held.prune(before):
            await self._sleep(self._retention.breath)
        routed = await self._position()
        start = 0
        while start is not None:
            start = await self._events.prune(before, start, routed)
            await self._sleep(self._retention.breath)
