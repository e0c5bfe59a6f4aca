"""Prometheus figures of one process. Labels never name a tenant, a channel or a person.

What each of them means is said in docs/admin/monitoring.md; a test holds that table to this module.
"""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PACKAGE = "xquik-bot"

_TO_A_CHANNEL = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 86400)
_OF_A_JOB = (0.01, 0.1, 1, 10, 60, 600)
_TO_THE_DISK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class BotMetrics:
    """All figures, in a registry of their own: two in one process (tests) do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._commands()
        self._intake()
        self._sending()
        self._standing()
        self._process()

    def _commands(self) -> None:
        self.commands = self._counter("commands", "Commands and buttons.", "command", "outcome")
        self.command_seconds = self._histogram(
            "command_seconds", "Time to the answer.", Histogram.DEFAULT_BUCKETS, "command"
        )

    def _intake(self) -> None:
        self.received = self._counter("events_received", "Events stored.", "via")
        self.duplicates = self._counter("events_duplicate", "Events that came again.")
        self.rejected = self._counter("deliveries_rejected", "Webhook deliveries refused.", "cause")
        self.skew = self._gauge("clock_skew_seconds", "Timestamp of the last delivery minus our clock.")
        self.routed = self._counter("deliveries_routed", "Messages put in the outbox.")
        self.catchup_runs = self._counter("catchup_runs", "Comparisons with the list of events.", "outcome")
        self.catchup_events = self._counter("catchup_events", "Events that only catch-up found.", "fate")
        self.catchup_age = self._gauge(
            "catchup_age_seconds", "Since the last good comparison, of the tenant that waits longest."
        )
        self.streams = self._gauge("streams_open", "Event streams that are connected.")
        self.streams_wanted = self._gauge("streams_wanted", "Event streams that should be connected.")

    def _sending(self) -> None:
        self.sent = self._counter("sends", "Tries to send.", "platform", "outcome")
        self.end_to_end = self._histogram(
            "end_to_end_seconds", "From the receipt of an event to its message.", _TO_A_CHANNEL, "platform"
        )
        self.ambiguous = self._counter(
            "sends_ambiguous", "Sends whose outcome was not known.", "platform", "resolution"
        )
        self.pauses = self._counter("routes_paused", "Channels that could not be posted to.", "platform")
        self.unreachable = self._gauge("places_unreachable", "Channels that do not answer now.", "platform")

    def _standing(self) -> None:
        self.backlog = self._gauge("backlog", "Messages that wait to be sent.")
        self.oldest_waiting = self._gauge("oldest_waiting_seconds", "Age of the oldest message that is due.")
        self.lanes_open = self._gauge("lanes_open", "Channels with waiting messages.")
        self.paused_places = self._gauge("paused_places", "Channels whose routes are paused.")
        self.silences = self._gauge("silences", "Reasons for which channels are quiet.", "cause")
        self.credits_last = self._gauge(
            "credits_last_seconds", "Until the first tenant runs out of credits; +Inf if none does."
        )
        self.credits_last.set(float("inf"))
        self.dead_letters = self._gauge("dead_letters", "Messages given up, and not replayed.")
        self.unrouted = self._gauge("events_unrouted", "Events behind the router's cursor.")
        self.storage_bytes = self._gauge("storage_bytes", "What the database takes.")
        self.storage_limit = self._gauge("storage_limit_bytes", "What it may take (storage.max_size).")
        self.storage_full = self._gauge("storage_full", "1 while no more events are accepted.")
        self.read_at = self._gauge("standing_read_timestamp_seconds", "When the gauges above were read.")

    def _process(self) -> None:
        self.troubles = self._counter("troubles", "Parts of the bot that failed and were restarted.", "where")
        self.job_failures = self._counter("job_failures", "Runs of periodic work that failed.", "work")
        self.job_seconds = self._histogram("job_seconds", "How long its runs take.", _OF_A_JOB, "work")
        self.job_last_run = self._gauge("job_last_run_timestamp_seconds", "When its last run ended.", "work")
        self.loop_lag = self._histogram("event_loop_lag_seconds", "How late the event loop is.", _TO_THE_DISK)
        self.commit_seconds = self._histogram("commit_seconds", "Commits of the database.", _TO_THE_DISK)
        self.started_at = self._gauge("start_timestamp_seconds", "When the process began to serve.")
        self.build = self._gauge("build_info", "Always 1.", "version", "python")
        self.build.labels(_version(), platform.python_version()).set(1)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"xquik_bot_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"xquik_bot_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"xquik_bot_{name}", meaning, labels, registry=self.registry, buckets=buckets)


@cache
def _version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:  # run from a tree that was not installed
        return "unknown"
