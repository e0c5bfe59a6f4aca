"""Prometheus figures. Labels never name a tenant, a channel or a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Figures:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counters = self.registry
        self.commands = Counter(
            "xquik_bot_commands",
            "Commands and buttons by outcome.",
            ("command", "outcome"),
            registry=counters,
        )
        self.command_seconds = Histogram(
            "xquik_bot_command_seconds", "Time to the answer.", ("command",), registry=counters
        )
        self.received = Counter(
            "xquik_bot_events_received", "Events stored, by way.", ("via",), registry=counters
        )
        self.duplicates = Counter("xquik_bot_events_duplicate", "Events that came again.", registry=counters)
        self.rejected = Counter(
            "xquik_bot_deliveries_rejected", "Webhook deliveries turned away.", ("cause",), registry=counters
        )
        self.routed = Counter("xquik_bot_deliveries_routed", "Messages put in the outbox.", registry=counters)
        self.sent = Counter(
            "xquik_bot_sends", "Tries to send, by outcome.", ("platform", "outcome"), registry=counters
        )
        self.end_to_end = Histogram(
            "xquik_bot_end_to_end_seconds",
            "From the receipt of an event to its message.",
            ("platform",),
            buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 86400),
            registry=counters,
        )
        self.ambiguous = Counter(
            "xquik_bot_sends_ambiguous", "Messages sent again and marked.", ("platform",), registry=counters
        )
        self.pauses = Counter(
            "xquik_bot_routes_paused",
            "Pauses of routes whose channel is gone.",
            ("platform",),
            registry=counters,
        )
        self.troubles = Counter(
            "xquik_bot_troubles",
            "Parts of the relay that failed and try again.",
            ("where",),
            registry=counters,
        )
        self.backlog = Gauge("xquik_bot_backlog", "Messages waiting to be sent.", registry=counters)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self.registry)
