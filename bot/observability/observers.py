"""The observers of the core and the relay: one log line each, and the figures."""

from __future__ import annotations

from bot.core.invocation import Invocation
from bot.observability.figures import Figures
from bot.observability.logs import log


class InvocationLog:
    """Implements `bot.core.ports.Observer`: command, tenant, outcome, milliseconds; no values."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._log = log("bot.commands")

    def invoked(self, invocation: Invocation, command: str, outcome: str, seconds: float) -> None:
        """One line and two figures for each command or button."""
        self._log.info(
            "invoked",
            id=invocation.id,
            command=command,
            tenant=str(invocation.tenant),
            outcome=outcome,
            ms=round(seconds * 1000),
        )
        self._figures.commands.labels(command, outcome).inc()
        self._figures.command_seconds.labels(command).observe(seconds)

    def failed(self, invocation: Invocation, command: str, error: BaseException) -> None:
        """What should not have happened, with its traceback; the values of arguments stay out."""
        self._log.error("failed", id=invocation.id, command=command, exc_info=error)


class RelayLog:
    """Implements `bot.relay.observing.RelayObserver`."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._log = log("bot.relay")

    def received(self, via: str) -> None:
        """A new event was stored."""
        self._figures.received.labels(via).inc()

    def duplicate(self) -> None:
        """An event came again."""
        self._figures.duplicates.inc()

    def rejected(self, cause: str) -> None:
        """A delivery was turned away."""
        self._figures.rejected.labels(cause).inc()
        self._log.warning("rejected", cause=cause)

    def routed(self, events: int, deliveries: int) -> None:
        """Events became deliveries."""
        self._figures.routed.inc(deliveries)
        self._log.debug("routed", events=events, deliveries=deliveries)

    def sent(self, platform: str, outcome: str, seconds: float) -> None:
        """A delivery was tried."""
        self._figures.sent.labels(platform, outcome).inc()
        if outcome == "delivered":
            self._figures.end_to_end.labels(platform).observe(seconds)
        else:
            self._log.warning("not sent", platform=platform, outcome=outcome)

    def ambiguous(self, platform: str) -> None:
        """A message was sent again, marked."""
        self._figures.ambiguous.labels(platform).inc()
        self._log.warning("sent again, marked", platform=platform)

    def paused(self, platform: str, reason: str) -> None:
        """Routes were paused."""
        self._figures.pauses.labels(platform).inc()
        self._log.warning("route paused", platform=platform, reason=reason)

    def trouble(self, where: str, error: BaseException) -> None:
        """A part of the relay failed and will try again."""
        self._figures.troubles.labels(where).inc()
        self._log.error("trouble", where=where, error=type(error).__name__, exc_info=error)
