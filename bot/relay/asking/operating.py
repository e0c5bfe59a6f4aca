"""What an operator sees of the whole installation, and may do to it: over all tenants, by no tenant's leave.

Works in any process with the database. What is queued or let go on here is found by the process that
relays within a second, when that is another one.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination
from bot.core.clocks import Clock
from bot.core.messages.message import msg
from bot.core.ports import Wake
from bot.core.routes.dead_letters import DeadLetter, DeadLetters
from bot.core.routes.long_lanes import LongLane
from bot.relay import pausing
from bot.relay.sending.outbox import delivery_key
from bot.storage.engine.database import Database
from bot.storage.relay.overview import Overview, longest_lanes, overview
from bot.storage.relay.place_control import pause_place, resume_place
from bot.storage.relay.recent import RecentEvent, recent_events, recent_outcomes
from bot.storage.relay.replaying import count_dead, list_dead, newest_dead, replay_dead
from bot.storage.relay.routes import Routes

PAUSED_BY_OPERATOR = msg("paused by the operator of this bot")


class InstallationStatus(msgspec.Struct, frozen=True):
    """The whole installation at a moment (`now`: epoch seconds)."""

    now: float
    figures: Overview
    events: tuple[RecentEvent, ...]
    outcomes: Mapping[str, Mapping[str, int]]
    lanes: tuple[LongLane, ...]


class Operating:
    """Questions and actions of the operator. Every method raises StorageUnavailable when it cannot."""

    def __init__(self, db: Database, routes: Routes, wake: Wake, clock: Clock) -> None:
        """wake: called for a lane that has something to send. clock: epoch seconds."""
        self._db = db
        self._routes = routes
        self._wake = wake
        self._clock = clock

    async def standing(self, *, events: int = 10, lanes: int = 25) -> InstallationStatus:
        """How everything does. events: of the newest so many; lanes: of the longest so many."""
        now = self._clock()
        return InstallationStatus(
            now=now,
            figures=await overview(self._db, now),
            events=await recent_events(self._db, events),
            outcomes=await recent_outcomes(self._db),
            lanes=await longest_lanes(self._db, lanes),
        )

    async def dead(
        self, chosen: DeadLetters, limit: int, *, before: int | None = None
    ) -> tuple[DeadLetter, ...]:
        """A page of dead letters, newest first, those that were replayed among them."""
        return await list_dead(self._db, chosen, limit, before=before)

    async def count(self, chosen: DeadLetters) -> tuple[DeadLetters, int]:
        """How many would be replayed (counted up to 100,000), and exactly which: none that die later."""
        fixed = chosen if chosen.upto is not None else replace(chosen, upto=await newest_dead(self._db))
        return fixed, await count_dead(self._db, fixed)

    async def replay(self, chosen: DeadLetters) -> int:
        """Send dead letters once more; how many. A second time, or at the same time, none."""
        done = await replay_dead(self._db, chosen, now=self._clock(), key=delivery_key)
        for lane in done.lanes:
            self._wake(lane)
        return done.messages

    async def pause(self, place: Destination) -> int:
        """Stop a place, and say so there; how many routes lead there."""
        told: list[str] = []

        async def say(connection: AsyncConnection) -> None:
            told[:] = await pausing.place_stopped(connection, place, PAUSED_BY_OPERATOR, self._clock())

        found = await pause_place(self._db, place, PAUSED_BY_OPERATOR, say, now=self._clock())
        for lane in told:
            self._wake(lane)
        return found

    async def resume(self, place: Destination) -> int:
        """Let a place go on, and say so there; how many routes lead there."""
        told: list[str] = []

        async def say(connection: AsyncConnection) -> None:
            told[:] = await pausing.place_goes_on(connection, place, self._clock())

        found = await resume_place(self._db, place, say)
        for lane in (str(place), *told):
            self._wake(lane)
        return found
