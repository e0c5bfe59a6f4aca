"""The stream of one Xquik account: read as it comes, resumed where it broke, and never a gap.

What lies before a connection is caught up with before it is read, so nothing falls between the two.
After a short break Xquik replays from the last event that is stored here. Every event goes
through the same intake as deliveries do, for each tenant that shares the key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from bot.core.chat.ids import TenantId
from bot.core.clocks import Chance, Clock, Monotonic, Sleep
from bot.core.errors import BotError, KeyRejected
from bot.core.ports import LookSoon
from bot.relay.fetching.catchup import CatchUp
from bot.relay.observing import MemberLog, RelayObserver
from bot.relay.receiving.delivery_body import NotAnEventError, read_body
from bot.relay.receiving.intake import Intake
from bot.storage.intake.watermarks import Member, Watermarks, is_number, resume_after
from bot.xquik.resources.event_feed import RawEvent
from bot.xquik.resources.events_stream import EventStream

VIA = "stream"


class StreamSchedule(msgspec.Struct, frozen=True):
    """Seconds. idle: of silence after which a connection is dead (Xquik comments every 15). short: a
    break up to here is left to Xquik's replay. steady: a connection that lasted so long was a good
    one. gap: for catching up at most. turn: of a connection while others wait for a place. look:
    until a new tenant or key is noticed. places: connections at a time.
    """

    idle: float = 45.0
    short: float = 60.0
    steady: float = 60.0
    gap: float = 600.0
    turn: float = 600.0
    look: float = 5.0
    first_backoff: float = 1.0
    longest_backoff: float = 300.0
    places: int = 256


class Clocks(msgspec.Struct, frozen=True):
    """clock: epoch seconds. monotonic: seconds from any start, never going back. random: uniform in
    [0, 1). sleep: waits so many seconds."""

    clock: Clock
    monotonic: Monotonic
    random: Chance
    sleep: Sleep = asyncio.sleep


class StreamSlots:
    """Connections at a time. Who waits gets one in turn."""

    def __init__(self, number: int) -> None:
        self._free = asyncio.Semaphore(number)
        self._waiting = 0

    @property
    def crowded(self) -> bool:
        """Whether somebody waits."""
        return self._waiting > 0

    async def __aenter__(self) -> None:
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1

    async def __aexit__(self, *_: object) -> None:
        self._free.release()


class AccountStream:
    """Follows one account. members: the tenants that share its key; may be set at any time."""

    def __init__(
        self,
        members: Sequence[Member],
        catchup: CatchUp,
        marks: Watermarks,
        intake: Intake,
        places: StreamSlots,
        *,
        soon: LookSoon,
        log: MemberLog,
        schedule: StreamSchedule,
        clocks: Clocks,
        observer: RelayObserver,
    ) -> None:
        """soon: asks for a comparison with the list of events, which also proves the replay. log: told
        what happens in a word."""
        self.members = tuple(members)
        self._catchup = catchup
        self._marks = marks
        self._intake = intake
        self._places = places
        self._soon = soon
        self._log = log
        self._schedule = schedule
        self._clock = clocks.clock
        self._monotonic = clocks.monotonic
        self._random = clocks.random
        self._sleep = clocks.sleep
        self._observer = observer
        self._failures = 0
        # When everything up to then was known to be stored; None before the first connection.
        self._alive_at: float | None = None

    async def run(self) -> None:
        """Follow until cancelled, or until Xquik refuses the key."""
        while True:
            error: BotError | None = None
            began = self._monotonic()
            try:
                async with self._places:
                    began = self._monotonic()
                    await self._connection()
            except KeyRejected as refusal:
                error = refusal
                if await self._refused():
                    return
            except BotError as trouble:
                error = trouble
            except TimeoutError:
                pass
            except Exception as surprise:
                self._observer.trouble("stream", surprise)
            await self._sleep(self._pause(self._monotonic() - began, error))

    def _pause(self, lasted: float, error: BotError | None) -> float:
        """Seconds until the next connection."""
        if lasted >= self._schedule.steady:
            self._failures = 0
            if error is None:
                return self._random()  # Xquik ends each after 30 minutes; not all come back at once
        self._failures += 1
        own = self._schedule.first_backoff * 2.0 ** min(self._failures - 1, 16)
        asked = (error.retry_after if error is not None else None) or 0.0
        return max(asked, min(self._schedule.longest_backoff, own)) * (1.0 + 0.2 * self._random())

    async def _connection(self) -> None:
        members = [found for one in self.members if (found := await self._marks.member(one.tenant))]
        members = [member for member in members if not member.refused]
        if not members:
            return
        last = self._last_stored(members)
        if last is None:
            # Once before, so that who is new begins before the stream does, and a long gap keeps no
            # connection waiting; and once more for what happened until it was open.
            await self._close_gaps(members)
        feed = await self._catchup.feed(members[0])
        stream = EventStream(await feed.follow(last, self._schedule.idle))
        self._observer.streaming(1)
        try:
            self._log("streaming", members[0])
            if last is None:
                await self._close_gaps(members)
            else:
                for member in members:
                    self._soon(member.tenant)
            self._alive_at = self._monotonic()
            await self._read(stream)
        finally:
            self._observer.streaming(-1)
            await stream.aclose()

    def _last_stored(self, members: Sequence[Member]) -> str | None:
        """From where Xquik can replay for all of them; None when catching up is needed."""
        if self._alive_at is None or self._monotonic() - self._alive_at > self._schedule.short:
            return None
        points = {resume_after(member.mark) if member.mark else None for member in members}
        if None in points:
            return None
        known = [point for point in points if point is not None]
        if all(is_number(point) for point in known):
            return min(known, key=int)
        return known[0] if len(known) == 1 else None

    async def _close_gaps(self, members: Sequence[Member]) -> None:
        async with asyncio.timeout(self._schedule.gap):
            await asyncio.gather(*(self._close_gap(member) for member in members))

    async def _close_gap(self, member: Member) -> None:
        while (await self._catchup.run(member)).more:
            pass

    async def _read(self, stream: EventStream) -> None:
        opened = self._monotonic()
        dropped = 0
        while (events := await stream.read()) is not None:
            if events:
                await self._store(events)
            self._alive_at = self._monotonic()
            if stream.dropped > dropped:
                dropped = stream.dropped
                for member in self.members:
                    self._soon(member.tenant)
            if self._places.crowded and self._monotonic() - opened >= self._schedule.turn:
                return

    async def _store(self, events: Sequence[RawEvent]) -> None:
        tenants = [member.tenant for member in self.members]
        for event in events:
            await asyncio.gather(*(self._take(tenant, event.content) for tenant in tenants))
        last = next((event.id for event in reversed(events) if event.id is not None), None)
        if last is not None:
            await asyncio.gather(*(self._marks.streamed(tenant, last) for tenant in tenants))

    async def _take(self, tenant: TenantId, content: bytes) -> None:
        try:
            body = read_body(content, self._clock())
        except NotAnEventError:
            return
        if body.event is not None:
            await self._intake.take_event(tenant, body.event, body.data, body.digest, VIA)

    async def _refused(self) -> bool:
        """Note the refusal for everyone who has the key; whether that is done."""
        try:
            for member in self.members:
                self._log("refused", member)
                await self._catchup.refused(member)
        except Exception as error:
            self._observer.trouble("stream", error)
            return False
        return True
