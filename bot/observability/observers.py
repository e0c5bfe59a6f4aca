"""The observers of the core and the relay: log lines and figures."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Sequence

from prometheus_client import Counter, Histogram

from bot.core.chat.invocation import Invocation
from bot.core.clocks import Monotonic
from bot.core.errors import StorageUnavailable, said_of_outage
from bot.core.ports import Observer
from bot.core.routes.deliveries import DeliveryState
from bot.core.routes.tracing import Arrival, Routing, SendAttempt, trace_id
from bot.observability.figures import BotMetrics
from bot.observability.loggers import log
from bot.observability.outages import Outages
from bot.observability.quick_lines import QuickLines, Value, harmless
from bot.observability.seldom import Seldom


class InvocationLog:
    """Implements `bot.core.ports.Observer`: command, tenant, outcome, milliseconds; no values."""

    def __init__(self, figures: BotMetrics) -> None:
        self._figures = figures
        self._log = log("bot.features")
        self._lines = QuickLines("bot.features")
        self._counters: dict[tuple[str, str], Counter] = {}
        self._seconds: dict[str, Histogram] = {}

    def invoked(self, invocation: Invocation, command: str, outcome: str, seconds: float) -> None:
        """One line and two figures for each command or button. command, outcome: names of ours."""
        if self._lines.on():
            row: dict[str, Value] = {
                "id": harmless(invocation.id),
                "command": command,
                "tenant": harmless(str(invocation.tenant)),
                "outcome": outcome,
                "ms": round(seconds * 1000),
            }
            self._lines.write("invoked", (row,))
        counter = self._counters.get((command, outcome))
        if counter is None:
            counter = self._counters[command, outcome] = self._figures.commands.labels(command, outcome)
        counter.inc()
        histogram = self._seconds.get(command)
        if histogram is None:
            histogram = self._seconds[command] = self._figures.command_seconds.labels(command)
        histogram.observe(seconds)

    def failed(self, invocation: Invocation, command: str, error: BaseException) -> None:
        """What should not have happened, with its traceback where the mistake is ours; the values of
        arguments stay out."""
        said = said_of_outage(error)
        if said is None:
            self._log.error("failed", id=invocation.id, command=command, exc_info=error)
        else:
            name = type(error).__name__
            self._log.warning("failed", id=invocation.id, command=command, error=name, detail=said)


class InvocationObservers:
    """Several of `bot.core.ports.Observer` as one, each told in its turn."""

    def __init__(self, *observers: Observer) -> None:
        self._all = observers

    def invoked(self, invocation: Invocation, command: str, outcome: str, seconds: float) -> None:
        """To all."""
        for observer in self._all:
            observer.invoked(invocation, command, outcome, seconds)

    def failed(self, invocation: Invocation, command: str, error: BaseException) -> None:
        """To all."""
        for observer in self._all:
            observer.failed(invocation, command, error)


class RelayLog:
    """Implements `bot.relay.observing.RelayObserver`.

    One line for each event at its receipt, and one for each try to send a message, both with the trace id
    of `bot.core.routes.tracing`; its routing is a detail, for the level debug. Never what a tweet says.
    """

    def __init__(
        self,
        figures: BotMetrics,
        monotonic: Monotonic = time.monotonic,
        outages: Outages | None = None,
    ) -> None:
        """monotonic: seconds from any start. outages: of the process."""
        self._figures = figures
        self._outages = outages or Outages(monotonic)
        self._log = log("bot.relay")
        self._lines = QuickLines("bot.relay")
        self._details = QuickLines("bot.relay", "debug")
        self._sends: dict[tuple[str, str], Counter] = {}
        self._seconds: dict[str, Histogram] = {}
        self._turned_away = Seldom(monotonic=monotonic)
        self._full = ""

    def arrived(self, new: Sequence[Arrival], again: Sequence[Arrival]) -> None:
        """Events were stored, or had been."""
        for via, number in Tally(event.via for event in new).items():
            self._figures.received.labels(via).inc(number)
        if again:
            self._figures.duplicates.inc(len(again))
        if self._lines.on():
            self._lines.write(
                "event received",
                [
                    *(_received(event, "stored") for event in new),
                    *(_received(event, "duplicate") for event in again),
                ],
            )

    def rejected(self, cause: str) -> None:
        """A delivery was turned away. Anybody can cause that, so the log is told now and then."""
        self._figures.rejected.labels(cause).inc()
        count = self._turned_away.due(cause)
        if count is not None:
            self._log.warning("delivery rejected", cause=cause, not_logged_before=count)

    def skewed(self, seconds: float) -> None:
        """A delivery's clock and ours differ so much."""
        self._figures.skew.set(seconds)

    def filled(self, used: int, most: int, why: str) -> None:
        """The database is so full. The log is told when that begins, and when it is over."""
        self._figures.storage_bytes.set(used)
        self._figures.storage_limit.set(most)
        self._figures.storage_full.set(1.0 if why else 0.0)
        if bool(why) == bool(self._full):
            return
        if why:
            do = "raise storage.max_size" if why == "storage" else "make room on the disk"
            self._log.error("no more events are accepted", full=why, bytes=used, limit=most, do=do)
        else:
            self._log.warning("events are accepted again", bytes=used, limit=most)
        self._full = why

    def routed(self, events: Sequence[Routing]) -> None:
        """Events became deliveries."""
        self._figures.routed.inc(sum(event.deliveries for event in events))
        if self._details.on():
            self._details.write("event routed", [_routed(event) for event in events])

    def sent(self, sending: SendAttempt) -> None:
        """A delivery was tried."""
        self._sends_of(sending.platform, sending.outcome).inc()
        if sending.outcome == "delivered":
            self._seconds_of(sending.platform).observe(sending.seconds)
        if self._lines.on():
            self._lines.write(_MESSAGE.get(sending.state, "message tried"), [_sent(sending)])

    def ambiguous(self, platform: str, resolution: str) -> None:
        """A send whose outcome nobody knew was settled."""
        self._figures.ambiguous.labels(platform, resolution).inc()
        say = self._log.warning if resolution == "marked" else self._log.info
        say("ambiguous send", platform=platform, resolution=resolution)

    def paused(self, platform: str, reason: str) -> None:
        """Routes were paused."""
        self._figures.pauses.labels(platform).inc()
        self._log.warning("route paused", platform=platform, reason=reason)

    def unreachable(self, platform: str, change: int) -> None:
        """A place stopped answering, or works again."""
        self._figures.unreachable.labels(platform).inc(change)
        self._log.warning("place unreachable" if change > 0 else "place reachable again", platform=platform)

    def compared(self, stored: int, skipped: int, *, ok: bool = True) -> None:
        """Catch-up compared one tenant's events."""
        self._figures.catchup_runs.labels("ok" if ok else "failed").inc()
        self._figures.catchup_events.labels("stored").inc(stored)
        self._figures.catchup_events.labels("skipped").inc(skipped)

    def streaming(self, change: int) -> None:
        """A stream was opened or ended."""
        self._figures.streams.inc(change)

    def trouble(self, where: str, error: BaseException) -> None:
        """A part of the relay failed and will try again. An outage of the database is told once for all."""
        self._figures.troubles.labels(where).inc()
        if isinstance(error, StorageUnavailable) and not self._outages.begins(error):
            return
        name = type(error).__name__
        if (said := said_of_outage(error)) is not None:
            self._log.warning("trouble", where=where, error=name, detail=said)
        else:
            self._log.error("trouble", where=where, error=name, exc_info=error)

    def _sends_of(self, platform: str, outcome: str) -> Counter:
        found = self._sends.get((platform, outcome))
        if found is None:
            found = self._sends[platform, outcome] = self._figures.sent.labels(platform, outcome)
        return found

    def _seconds_of(self, platform: str) -> Histogram:
        found = self._seconds.get(platform)
        if found is None:
            found = self._seconds[platform] = self._figures.end_to_end.labels(platform)
        return found


_MESSAGE: dict[str, str] = {
    DeliveryState.SENT: "message sent",
    DeliveryState.WAITING: "message waiting",
    DeliveryState.SENDING: "message not confirmed",
    DeliveryState.DEAD: "message dead",
    DeliveryState.SKIPPED: "message skipped",
}


def _received(event: Arrival, fate: str) -> dict[str, Value]:
    return {
        "trace": trace_id(event.tenant, event.identity),
        "tenant": harmless(event.tenant),
        "type": harmless(event.type),
        "via": event.via,
        "fate": fate,
    }


def _routed(event: Routing) -> dict[str, Value]:
    return {"trace": event.trace, "tenant": harmless(event.tenant), "deliveries": event.deliveries}


def _sent(sending: SendAttempt) -> dict[str, Value]:
    found: dict[str, Value] = {
        "trace": sending.trace,
        "tenant": harmless(sending.tenant),
        "platform": sending.platform,
        "delivery": sending.delivery,
        "outcome": sending.outcome,
        "attempts": sending.attempts,
        "seconds": round(sending.seconds, 3),
    }
    if sending.error:
        found["error"] = harmless(sending.error)
    return found
