"""The locks of the lanes that a process drains, on one connection to PostgreSQL (`session_locks`).

All of them go together: when the process dies, when the connection breaks, and when the process stands still
for longer than the limit. A process that goes on after that knows it before it asks anybody, so it cannot
post what another one has begun with by then. A lock that was got back over a new connection is not the one
that was taken: another process may have had it in between, drained the lane, and given it back."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from sqlalchemy import URL

from bot.core.clocks import Clock, Monotonic, Sleep
from bot.storage.engine.session_lock import LockTimes, since_boot
from bot.storage.engine.session_locks import FORMER_RELAY, SessionLocks

PROGRAM: Final = "xquik-bot lanes"


class _Taken(msgspec.Struct, frozen=True):
    """session: the number of the connection that got it. at: epoch seconds."""

    session: int
    at: float


class LaneLocks:
    """url: as `bot.storage.engine.addresses.address` makes it. clock: epoch seconds."""

    def __init__(
        self,
        url: URL,
        times: LockTimes | None = None,
        *,
        clock: Clock,
        monotonic: Monotonic = since_boot,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._locks = SessionLocks(url, PROGRAM, times, monotonic=monotonic, sleep=sleep)
        self._taken: dict[str, _Taken] = {}

    def holds(self, lane: str) -> bool:
        """Whether the lane's lock is certainly ours at this moment."""
        return not self.gone(lane) and self._locks.holds(_name(lane)) and self._locks.holds(FORMER_RELAY)

    def gone(self, lane: str) -> bool:
        """Whether it is not ours any more, whatever the server says next."""
        taken = self._taken.get(lane)
        return taken is None or taken.session != (self._locks.number or -2)

    def since(self, lane: str) -> float:
        """When we got it, epoch seconds; now where it is not ours."""
        taken = self._taken.get(lane)
        return self._clock() if taken is None else taken.at

    async def take(self, lane: str) -> bool:
        """Whether it is ours now; False where another process, or another task of this one, has it.
        StorageUnavailable when nobody can say."""
        if lane in self._taken:
            return False
        # Nobody else of this process may have it meanwhile; it counts from when it is there.
        self._taken[lane] = _Taken(-1, self._clock())
        took = False
        try:
            took = await self._free() and await self._locks.take(_name(lane))
        finally:
            if not took:
                del self._taken[lane]
        if took:
            # Where the connection is gone already, so is the lock.
            self._taken[lane] = _Taken(self._locks.number or -1, self._clock())
        return took

    async def give_back(self, lane: str) -> None:
        """Let another process have it. Where the server cannot be reached it gets it back by itself."""
        if lane in self._taken:
            try:
                await self._locks.give_back(_name(lane))
            finally:
                del self._taken[lane]

    async def _free(self) -> bool:
        """Whether no process of a version that drains all lanes by itself relays, and none can until we end:
        versions run beside each other while they are replaced."""
        return self._locks.holds(FORMER_RELAY) or await self._locks.join(FORMER_RELAY)

    async def close(self) -> None:
        """Give all of them back."""
        self._taken.clear()
        await self._locks.close()


def _name(lane: str) -> str:
    return f"lane {lane}"
