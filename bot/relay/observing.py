"""What the relay tells about itself, for figures and logs. Never a tenant's text or a secret."""

from __future__ import annotations

from typing import Protocol


class RelayObserver(Protocol):
    """Told what happens, from the event loop. Must be quick and never raise."""

    def received(self, via: str) -> None:
        """A new event was stored. via: webhook, stream or catchup."""

    def duplicate(self) -> None:
        """An event came again and was not stored again."""

    def rejected(self, cause: str) -> None:
        """A delivery was turned away: a `signature.Cause`, "nonce", "body", "size", "unknown",
        "busy", "slow" or "storage"."""

    def routed(self, events: int, deliveries: int) -> None:
        """A batch of events became deliveries."""

    def sent(self, platform: str, outcome: str, seconds: float) -> None:
        """A delivery was tried. outcome: delivered, busy, gone, refused, unknown or dead.
        seconds: since the event was received, or the card was queued."""

    def ambiguous(self, platform: str) -> None:
        """A message was sent again, marked, because nobody can say whether it stands already."""

    def paused(self, platform: str, reason: str) -> None:
        """Routes were paused because their channel cannot be written to."""

    def trouble(self, where: str, error: BaseException) -> None:
        """A part of the relay failed and will try again. where: intake, router, lanes, pruning,
        catchup, stream."""


class Unobserved:
    """An observer that looks away."""

    def received(self, via: str) -> None:
        """Nothing."""

    def duplicate(self) -> None:
        """Nothing."""

    def rejected(self, cause: str) -> None:
        """Nothing."""

    def routed(self, events: int, deliveries: int) -> None:
        """Nothing."""

    def sent(self, platform: str, outcome: str, seconds: float) -> None:
        """Nothing."""

    def ambiguous(self, platform: str) -> None:
        """Nothing."""

    def paused(self, platform: str, reason: str) -> None:
        """Nothing."""

    def trouble(self, where: str, error: BaseException) -> None:
        """Nothing."""
