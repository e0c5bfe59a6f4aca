"""Whether there is room for another event: in the database, and in its tenant's share of it.

What is full takes no more events; what is stored is read, delivered, decided and deleted as before. A tenant
may have three times what is left free: three quarters alone, equal parts with others, and there is always
something for a newcomer. So whoever floods his own hook fills his own share, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from bot.core.errors import StorageUnavailable
from bot.core.messages.message import msg
from bot.jobs.periodic import JobScope, Periodic
from bot.relay.observing import RelayObserver
from bot.storage.engine import stored_bytes
from bot.storage.engine.database import Database
from bot.storage.engine.sizes import Size

# Seconds between two looks; what comes in between is counted as it comes, and room that is made is used soon.
EVERY = 5.0
WHILE_FULL = 1.0
# Full until so much of it is free again, so that it does not change with every event.
_AGAIN = 0.98
# Of the room, where what is old begins to go before its time.
PRESSED = 0.9
# What is free is divided so that a tenant may have so many times as much.
_TIMES = 3
# What an event takes in all for each byte that it is counted with: indexes, messages, the log.
_SPREAD = 2
# Seconds after which one who was turned away may ask again.
FULL_RETRY, SHARE_RETRY = 60.0, 600.0


class Sizing(Protocol):
    """Asks for the size of the database."""

    async def now(self) -> Size:
        """StorageUnavailable when it does not answer."""


class RoomStatus(msgspec.Struct, frozen=True):
    """Bytes. used, most: of the room. why: what is full ("storage", "disk"), None while there is room."""

    used: int
    most: int
    why: str | None


def standing(size: Size, most: int, *, was_full: bool = False) -> RoomStatus:
    """How full it is. most: `storage.max_size`. Pure."""
    part = _AGAIN if was_full else 1.0
    if size.used >= most * part:
        return RoomStatus(size.used, most, "storage")
    if size.free is not None and size.free * part < size.reserve:
        return RoomStatus(size.used, most, "disk")
    return RoomStatus(size.used, most, None)


class Capacity:
    """Knows how full it is, as of the last look and what was taken since."""

    def __init__(
        self,
        db: Database,
        sizes: Sizing,
        most: int,
        *,
        observer: RelayObserver,
    ) -> None:
        """most: bytes, `storage.max_size`."""
        self._db = db
        self._sizes = sizes
        self._most = most
        self._observer = observer
        self._standing = RoomStatus(0, most, None)
        self._free = most
        self._stored: Mapping[str, int] = {}
        self._since: dict[str, int] = {}
        self._taken = 0

    def work(self) -> Periodic:
        """Look now and then, in every process that takes events."""
        return Periodic("capacity", self._pause, self.look, JobScope.PROCESS)

    def _pause(self) -> float:
        return EVERY if self._standing.why is None else WHILE_FULL

    async def look(self) -> RoomStatus:
        """How full it is now. StorageUnavailable when the database does not answer."""
        self._since, taken = {}, self._since
        try:
            size = await self._sizes.now()
            self._stored = await stored_bytes.largest(self._db)
        except BaseException:
            for tenant, bytes_ in taken.items():
                self._since[tenant] = self._since.get(tenant, 0) + bytes_
            raise
        self._taken = sum(self._since.values())
        room = self._most if size.free is None else min(self._most, size.used + size.free - size.reserve)
        self._free = max(0, room - size.used)
        self._standing = standing(size, self._most, was_full=self._standing.why is not None)
        self._observer.filled(self._standing.used, self._most, self._standing.why or "")
        return self._standing

    @property
    def pressed(self) -> bool:
        """Whether what is old should go before its time."""
        return self._standing.why is not None or self._standing.used > self._most * PRESSED

    def check(self, tenant: str, size: int) -> None:
        """StorageUnavailable where there is no room for an event of so many bytes.

        Its code says what is full: "full" all of it, "share" the tenant's.
        """
        if self._standing.why is not None:
            raise StorageUnavailable(
                msg("There is no room for more events."),
                remedy=msg("Whoever runs this bot can raise `storage.max_size` or free disk space."),
                code="full",
                retry_after=FULL_RETRY,
            )
        if self._of(tenant) + size > self.share:
            raise StorageUnavailable(
                msg("The share of event storage for this server or workspace is used up."),
                remedy=msg("Events older than `relay.max_age` are removed within minutes, which makes room."),
                code="share",
                retry_after=SHARE_RETRY,
            )

    def took(self, tenant: str, size: int) -> None:
        """An event was stored."""
        self._since[tenant] = self._since.get(tenant, 0) + size
        self._taken += size

    def freed(self, tenant: str, size: int) -> None:
        """Events of so many bytes were deleted."""
        self._since[tenant] = self._since.get(tenant, 0) - size

    @property
    def share(self) -> int:
        """Bytes that a tenant may have now."""
        return _TIMES * max(0, self._free - _SPREAD * self._taken)

    def crowded(self, part: float) -> list[str]:
        """The tenants that have more than a part of their share, those with most first."""
        most = self.share * part
        return [tenant for tenant in self._stored if self._of(tenant) > most]

    def _of(self, tenant: str) -> int:
        return self._stored.get(tenant, 0) + self._since.get(tenant, 0)
