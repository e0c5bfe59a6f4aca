"""What the relay tells about itself, for figures, logs and traces. Never a tenant's text or a secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from bot.core.routes.tracing import Arrival, Routing, SendAttempt
from bot.storage.intake.watermarks import Member

MemberLog: TypeAlias = Callable[[str, Member], None]
"""Told what was done, in a word, with a member of the watermarks."""


class RelayObserver(Protocol):
    """Told what happens, from the event loop. Must be quick and never raise."""

    def arrived(self, new: Sequence[Arrival], again: Sequence[Arrival]) -> None:
        """A group of events was stored: those that are new, and those that had come before."""

    def rejected(self, cause: str) -> None:
        """A delivery was turned away: a `signature.Cause`, "nonce", "body", "size", "unknown",
        "busy", "slow", "storage", "full" or "share"."""

    def skewed(self, seconds: float) -> None:
        """How far the timestamp of a delivery is before (+) or behind (-) our clock."""

    def filled(self, used: int, most: int, why: str) -> None:
        """How full the database is, in bytes. why: what keeps further events out ("storage", "disk"), ""
        while there is room."""

    def routed(self, events: Sequence[Routing]) -> None:
        """A batch of events became deliveries."""

    def sent(self, sending: SendAttempt) -> None:
        """A delivery was tried."""

    def ambiguous(self, platform: str, resolution: str) -> None:
        """Nobody knew whether a message stood already. resolution: "repeated_key" (sent again with a
        key that the platform recognises), "found" (it stood), "absent" (it did not, and was sent) or
        "marked" (nobody could look; sent again and marked)."""

    def paused(self, platform: str, reason: str) -> None:
        """Routes were paused because their channel cannot be written to."""

    def unreachable(self, platform: str, change: int) -> None:
        """A place cannot be reached for a while (1), or can be again (-1)."""

    def compared(self, stored: int, skipped: int, *, ok: bool = True) -> None:
        """Catch-up compared a tenant's events. stored: how many were missing and are stored now;
        skipped: of them too old to be posted one by one; ok: whether it got to the end."""

    def streaming(self, change: int) -> None:
        """A stream was opened (1) or ended (-1)."""

    def trouble(self, where: str, error: BaseException) -> None:
        """A part of the relay failed and will try again. where: intake, router, lanes, pruning,
        catchup, stream, watch, housekeeping, capacity."""


class Unobserved:
    """An observer that looks away."""

    def arrived(self, new: Sequence[Arrival], again: Sequence[Arrival]) -> None:
        """Nothing."""

    def rejected(self, cause: str) -> None:
        """Nothing."""

    def skewed(self, seconds: float) -> None:
        """Nothing."""

    def filled(self, used: int, most: int, why: str) -> None:
        """Nothing."""

    def routed(self, events: Sequence[Routing]) -> None:
        """Nothing."""

    def sent(self, sending: SendAttempt) -> None:
        """Nothing."""

    def ambiguous(self, platform: str, resolution: str) -> None:
        """Nothing."""

    def paused(self, platform: str, reason: str) -> None:
        """Nothing."""

    def unreachable(self, platform: str, change: int) -> None:
        """Nothing."""

    def compared(self, stored: int, skipped: int, *, ok: bool = True) -> None:
        """Nothing."""

    def streaming(self, change: int) -> None:
        """Nothing."""

    def trouble(self, where: str, error: BaseException) -> None:
        """Nothing."""


class Observers:
    """Several observers as one, each told in its turn."""

    def __init__(self, *observers: RelayObserver) -> None:
        self._all = observers

    def arrived(self, new: Sequence[Arrival], again: Sequence[Arrival]) -> None:
        """To all."""
        for observer in self._all:
            observer.arrived(new, again)

    def rejected(self, cause: str) -> None:
        """To all."""
        for observer in self._all:
            observer.rejected(cause)

    def skewed(self, seconds: float) -> None:
        """To all."""
        for observer in self._all:
            observer.skewed(seconds)

    def filled(self, used: int, most: int, why: str) -> None:
        """To all."""
        for observer in self._all:
            observer.filled(used, most, why)

    def routed(self, events: Sequence[Routing]) -> None:
        """To all."""
        for observer in self._all:
            observer.routed(events)

    def sent(self, sending: SendAttempt) -> None:
        """To all."""
        for observer in self._all:
            observer.sent(sending)

    def ambiguous(self, platform: str, resolution: str) -> None:
        """To all."""
        for observer in self._all:
            observer.ambiguous(platform, resolution)

    def paused(self, platform: str, reason: str) -> None:
        """To all."""
        for observer in self._all:
            observer.paused(platform, reason)

    def unreachable(self, platform: str, change: int) -> None:
        """To all."""
        for observer in self._all:
            observer.unreachable(platform, change)

    def compared(self, stored: int, skipped: int, *, ok: bool = True) -> None:
        """To all."""
        for observer in self._all:
            observer.compared(stored, skipped, ok=ok)

    def streaming(self, change: int) -> None:
        """To all."""
        for observer in self._all:
            observer.streaming(change)

    def trouble(self, where: str, error: BaseException) -> None:
        """To all."""
        for observer in self._all:
            observer.trouble(where, error)
