"""Deleting what is settled and old, a little at a time, so that no request waits for it.

Where room becomes scarce, what is settled goes before its time, of whoever has stored most first. Nothing
goes so that is younger than `relay.max_age`: an event that came again would be posted again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import msgspec

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock, Sleep
from bot.jobs.periodic import JobScope, Periodic
from bot.relay.receiving.capacity import Capacity
from bot.relay.routing.router import RoutedUpTo
from bot.storage import retention
from bot.storage.engine.database import Database
from bot.storage.intake.events import Events
from bot.storage.relay.deliveries import Deliveries, drop_of
from bot.storage.relay.held import HeldEvents
from bot.storage.retention import RULES, Rule

_DAY = 86_400.0
# Of its share, from where on what a tenant has stored goes before its time.
_CROWDED = 0.8


class Retention(msgspec.Struct, frozen=True):
    """Seconds for which things are kept. settled: sent messages, dead letters and their events, and all of
    `bot.storage.retention` that has no time of its own. youngest: nothing goes sooner for lack of room."""

    settled: float = 30 * _DAY
    youngest: float = _DAY
    every: float = 60.0
    # Rounds to one that looks at everything and not at nonces and at the room alone.
    whole: int = 10
    # Between two small transactions of one round.
    breath: float = 0.05


Position: TypeAlias = Callable[[], Awaitable[int]]
"""The id up to which every event is routed."""


class Pruner:
    """Deletes old rows on a timer."""

    def __init__(
        self,
        db: Database,
        events: Events,
        deliveries: Deliveries,
        held: HeldEvents,
        capacity: Capacity,
        position: Position,
        position_of: RoutedUpTo,
        *,
        retention: Retention,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        """position, position_of: the router's, of all and of a tenant; events behind it have not been looked
        at yet and stay."""
        self._db = db
        self._events = events
        self._deliveries = deliveries
        self._held = held
        self._capacity = capacity
        self._position = position
        self._position_of = position_of
        self._retention = retention
        self._clock = clock
        self._sleep = sleep
        self._turn = 0

    def work(self) -> Periodic:
        """Prune now and then; at the start, what has come to its own end meanwhile."""
        return Periodic("pruning", self._retention.every, self._round, JobScope.INSTALLATION)

    async def _round(self) -> None:
        turn, self._turn = self._turn, self._turn % self._retention.whole + 1
        if turn == 0:
            await self._expire()
        await (self.prune() if turn == self._retention.whole else self.make_room())

    async def prune(self) -> None:
        """One round over everything, to its end."""
        await self._expire()
        await self._settled(self._clock() - self._retention.settled)
        await self._relieve()

    async def make_room(self) -> None:
        """What grows fastest, and what is to go where there is little room."""
        await self._drop(RULES["hook_nonces"])
        await self._relieve()

    async def _expire(self) -> None:
        for rule in RULES.values():
            await self._drop(rule)

    async def _drop(self, rule: Rule) -> None:
        after = self._retention.settled if rule.after is None else rule.after
        before = self._clock() - after
        while await retention.drop(self._db, rule, before) == retention.BATCH:
            await self._sleep(self._retention.breath)

    async def _settled(self, before: float) -> None:
        start: int | None = 0
        while start is not None:
            start = await self._deliveries.prune(before, start)
            await self._sleep(self._retention.breath)
        start = 0
        while start is not None:
            start = await self._held.prune(before, start)
            await self._sleep(self._retention.breath)
        routed = await self._position()
        start = 0
        while start is not None:
            start = await self._events.prune(before, start, routed)
            await self._sleep(self._retention.breath)

    async def _relieve(self) -> None:
        """Let what is old go before its time where room is scarce."""
        await self._capacity.look()
        for tenant in self._capacity.crowded(_CROWDED):
            await self._relieve_of(tenant)
        kept = self._retention.settled
        while self._capacity.pressed and kept > self._retention.youngest:
            kept = max(kept / 2, self._retention.youngest)
            await self._settled(self._clock() - kept)
            await self._capacity.look()

    async def _relieve_of(self, tenant: str) -> None:
        before = self._clock() - min(self._retention.youngest, self._retention.settled)
        routed = await self._position_of(TenantId.parse(tenant))
        start: int | None = 0
        while start is not None and tenant in self._capacity.crowded(_CROWDED):
            start, freed = await self._events.prune_of(tenant, before, start, routed, drop_of)
            self._capacity.freed(tenant, freed)
            await self._sleep(self._retention.breath)
