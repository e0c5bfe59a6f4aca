"""Traces by OpenTelemetry: one trace for each event, from the webhook to its messages.

The ids of a trace and of its steps are made from the event (`bot.core.routes.tracing`), so the spans of
several processes, and those before and after a restart, are one trace without anything being handed on. For
the same reason a span is written when its step is over, with the times that the step had: nothing is open
meanwhile, and nothing is lost with a process but the step it was at.

Needs the extra `xquik-bot[otel]`; nothing imports this module before an endpoint is set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TypeAlias

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode
from opentelemetry.util.types import AttributeValue

from bot.core.chat.invocation import Invocation
from bot.core.clocks import Clock
from bot.core.routes.tracing import Arrival, Routing, SendAttempt, receive_span, route_span, span_id, trace_id

_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_SCOPE = InstrumentationScope("xquik-bot")
# What comes when the collector does not keep up is left out, rather than kept in memory.
_QUEUE = 8192
_FLUSH_MS = 1000
_EXPORT_SECONDS = 3
# Outcomes of a try that are as they should be.
_FINE = frozenset({"delivered", "busy", "skipped", "early"})
Values = Mapping[str, str | int | float | bool]


Clean: TypeAlias = Callable[[str], str]
"""Takes out of a text what must not leave the process (`bot.observability.cleaning`)."""


class Traces:
    """Implements `bot.relay.observing.RelayObserver` and `bot.core.ports.Observer`."""

    def __init__(
        self,
        endpoint: str,
        headers: Mapping[str, str],
        *,
        share: float,
        clock: Clock,
        clean: Clean,
    ) -> None:
        """endpoint: of a collector, without the path. share: of the traces that are sent, in (0, 1];
        every process leaves out the same ones. clock: epoch seconds. clean: takes secrets out of a text."""
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint}/v1/traces", headers=dict(headers), timeout=_EXPORT_SECONDS
        )
        self._processor = BatchSpanProcessor(exporter, max_queue_size=_QUEUE)
        # What the operator's OTEL_RESOURCE_ATTRIBUTES adds is among them.
        made = Resource.create({"service.name": "xquik-bot", "service.version": _version()})
        self._resource = Resource(_cleaned(made.attributes, clean), made.schema_url)
        self._least = int((1.0 - share) * 2**64)
        self._clock = clock
        self._clean = clean

    def close(self) -> None:
        """Send what waits, for a few seconds at most. Blocks: call it from a thread."""
        self._processor.force_flush(_FLUSH_MS)
        self._processor.shutdown()  # type: ignore[no-untyped-call] # it has no types

    def arrived(self, new: Sequence[Arrival], again: Sequence[Arrival]) -> None:
        """The root of a trace; what came again is a step of the same trace."""
        now = self._clock()
        for event in new:
            trace = trace_id(event.tenant, event.identity)
            self._write(trace, "receive", receive_span(trace), None, event.received_at, now, _event(event))
        for event in again:
            trace = trace_id(event.tenant, event.identity)
            own = span_id(trace, f"again:{event.via}:{event.received_at}")
            root = receive_span(trace)
            self._write(trace, "receive again", own, root, event.received_at, now, _event(event))

    def routed(self, events: Sequence[Routing]) -> None:
        """A child of the receipt."""
        now = self._clock()
        for event in events:
            values: Values = {"xquik.tenant": event.tenant, "xquik.deliveries": event.deliveries}
            ids = (route_span(event.trace), receive_span(event.trace))
            self._write(event.trace, "route", *ids, event.at, now, values)

    def sent(self, sending: SendAttempt) -> None:
        """A child of the routing, one for each try; of a card of our own, a trace by itself."""
        parent = route_span(sending.trace) if sending.kind == "event" else None
        own = span_id(sending.trace, f"send:{sending.delivery}:{sending.attempts}")
        values: Values = {
            "xquik.tenant": sending.tenant,
            "xquik.platform": sending.platform,
            "xquik.delivery": sending.delivery,
            "xquik.kind": sending.kind,
            "xquik.outcome": sending.outcome,
            "xquik.state": sending.state,
            "xquik.attempts": sending.attempts,
        }
        bad = sending.outcome not in _FINE
        times = (sending.began_at, sending.at)
        self._write(sending.trace, "send", own, parent, *times, values, SpanKind.PRODUCER, bad=bad)

    def invoked(self, invocation: Invocation, command: str, outcome: str, seconds: float) -> None:
        """A trace by itself."""
        trace = trace_id(invocation.tenant, f"invocation:{invocation.id}:{invocation.received_at}")
        values: Values = {
            "xquik.tenant": str(invocation.tenant),
            "xquik.command": command,
            "xquik.outcome": outcome,
        }
        now = self._clock()
        own = span_id(trace, command)
        bad = outcome not in ("ok", "form")
        self._write(trace, "command", own, None, now - seconds, now, values, SpanKind.SERVER, bad=bad)

    def failed(self, invocation: Invocation, command: str, error: BaseException) -> None:
        """Told by `invoked` too."""

    def rejected(self, cause: str) -> None:
        """No event, no trace."""

    def skewed(self, seconds: float) -> None:
        """No trace."""

    def filled(self, used: int, most: int, why: str) -> None:
        """No trace."""

    def ambiguous(self, platform: str, resolution: str) -> None:
        """No trace."""

    def paused(self, platform: str, reason: str) -> None:
        """No trace."""

    def unreachable(self, platform: str, change: int) -> None:
        """No trace."""

    def compared(self, stored: int, skipped: int, *, ok: bool = True) -> None:
        """No trace."""

    def streaming(self, change: int) -> None:
        """No trace."""

    def trouble(self, where: str, error: BaseException) -> None:
        """No trace."""

    def _write(
        self,
        trace: str,
        name: str,
        own: str,
        parent: str | None,
        began: float,
        ended: float,
        values: Values,
        kind: SpanKind = SpanKind.CONSUMER,
        *,
        bad: bool = False,
    ) -> None:
        if int(trace[:16], 16) < self._least:
            return
        whole = int(trace, 16)
        span = ReadableSpan(
            name,
            context=SpanContext(whole, int(own, 16), is_remote=False, trace_flags=_SAMPLED),
            parent=None if parent is None else SpanContext(whole, int(parent, 16), is_remote=True),
            resource=self._resource,
            attributes=_cleaned(values, self._clean),
            kind=kind,
            instrumentation_scope=_SCOPE,
            status=Status(StatusCode.ERROR if bad else StatusCode.OK),
            start_time=int(began * 1e9),
            end_time=int(max(began, ended) * 1e9),
        )
        self._processor.on_end(span)


def _cleaned(values: Mapping[str, AttributeValue], clean: Clean) -> dict[str, AttributeValue]:
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def _event(event: Arrival) -> Values:
    return {"xquik.tenant": event.tenant, "xquik.event_type": event.type, "xquik.via": event.via}


def _version() -> str:
    try:
        return version("xquik-bot")
    except PackageNotFoundError:  # run from a tree that was not installed
        return "unknown"


def read_headers(text: str) -> dict[str, str]:
    """The headers of the setting: "name=value,other=value"."""
    pairs = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
