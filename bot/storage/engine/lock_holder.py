"""Who holds the lock of the relay, and what such a lock does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol

import msgspec


class LockHolder(msgspec.Struct, frozen=True):
    """Who holds the lock, as far as it is known. since: epoch seconds."""

    pid: int | None
    host: str
    since: float | None

    def __str__(self) -> str:
        """As in: process 4711 on host-a, since 2026-11-28 09:30 UTC."""
        said = f"process {self.pid}" if self.pid is not None else "another process"
        if self.host:
            said += f" on {self.host}"
        if self.since is not None:
            said += f", since {datetime.fromtimestamp(self.since, UTC):%Y-%m-%d %H:%M} UTC"
        return said


class RelayLock(Protocol):
    """The lock of one process. taken_over: set when somebody else has it who got it after us; by then
    `holds` is false. holder: who that is."""

    taken_over: asyncio.Event
    holder: LockHolder | None

    async def take(self) -> LockHolder | None:
        """None: it is ours now. Otherwise who holds it. StorageUnavailable when nobody can say."""

    def holds(self) -> bool:
        """Whether it is certainly ours at this moment. False for a while may become true again."""

    async def who(self) -> LockHolder | None:
        """Who holds it now, None: nobody. Takes and makes nothing. StorageUnavailable as for `take`."""

    async def release(self) -> None:
        """Give it back, where it is held."""
