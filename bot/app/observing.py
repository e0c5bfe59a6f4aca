"""Who is told what happens: the log and the figures always, traces where an endpoint is set."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING

import msgspec

from bot.core.clocks import Clock
from bot.core.ports import Observer
from bot.observability.figures import BotMetrics
from bot.observability.loggers import log
from bot.observability.logs import without_secrets
from bot.observability.observers import InvocationLog, InvocationObservers, RelayLog
from bot.observability.outages import Outages
from bot.relay.observing import Observers, RelayObserver
from bot.settings import Settings
from bot.storage.engine.failures import is_away

if TYPE_CHECKING:
    from bot.observability.otel import Traces

TO_INSTALL = "pip install 'xquik-bot[otel]'"


class Telling(msgspec.Struct, frozen=True):
    """relay, invocations: for the relay and the dispatcher. outages: of this process."""

    relay: RelayObserver
    invocations: Observer
    outages: Outages
    _traces: Traces | None

    async def close(self) -> None:
        """Send the traces that wait."""
        if self._traces is not None:
            await asyncio.to_thread(self._traces.close)


def can_trace() -> bool:
    """Whether the packages of the extra `otel` are installed."""
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        return False


def watch(settings: Settings, figures: BotMetrics, clock: Clock) -> Telling:
    """The observers that the settings ask for. clock: epoch seconds."""
    outages = Outages(is_away=is_away)
    relay, invocations = RelayLog(figures, outages=outages), InvocationLog(figures)
    traces = _traces(settings, clock)
    if traces is None:
        return Telling(relay, invocations, outages, None)
    return Telling(Observers(relay, traces), InvocationObservers(invocations, traces), outages, traces)


def _traces(settings: Settings, clock: Clock) -> Traces | None:
    otel = settings.otel
    if otel.endpoint is None:
        return None
    try:
        from bot.observability.otel import Traces, read_headers
    except ModuleNotFoundError as error:
        # The bot is of use without traces, and what it lacks is said where people look.
        log("bot").error(
            "no traces: otel.endpoint is set and a package is missing", missing=error.name, do=TO_INSTALL
        )
        return None
    headers = read_headers(otel.headers.get_secret_value()) if otel.headers is not None else {}
    return Traces(otel.endpoint, headers, share=otel.share, clock=clock, clean=without_secrets)
