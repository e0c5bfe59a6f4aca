"""Every figure is documented, and nothing is documented that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from bot.core.routes.tracing import Routing, SendAttempt
from bot.observability.figures import BotMetrics
from bot.observability.observers import RelayLog
from bot.storage.intake.events import NewEvent

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"\| `(xquik_bot_\w+)` \| (\w+) \| ([\w, ]*)\| (.+) \|")
FIGURES = BotMetrics()
# Names of things that may identify somebody never become a label.
FORBIDDEN = {"tenant", "workspace", "guild", "team", "channel", "person", "user", "route", "account", "event"}


def metrics() -> dict[str, tuple[str, set[str]]]:
    """Every figure: its name as Prometheus shows it, its type and its labels."""
    found: dict[str, tuple[str, set[str]]] = {}
    for metric in vars(FIGURES).values():
        if isinstance(metric, MetricWrapperBase):
            name = metric._name + ("_total" if metric._type == "counter" else "")
            found[name] = (str(metric._type), set(metric._labelnames))
    return found


def documented() -> dict[str, tuple[str, set[str]]]:
    """The table of the documentation."""
    text = (ROOT / "docs" / "admin" / "monitoring.md").read_text(encoding="utf-8")
    rows = ROW.findall(text)
    assert len({name for name, *_ in rows}) == len(rows), "a figure is documented twice"
    assert all(len(meaning) > 10 for *_, meaning in rows)
    return {name: (kind, set(filter(None, labels.strip().split(", ")))) for name, kind, labels, _ in rows}


def test_the_table_names_every_figure_with_its_type_and_labels_and_no_other() -> None:
    assert documented() == metrics()


def test_every_figure_of_the_registry_is_one_of_these() -> None:
    shown = {metric.name for metric in FIGURES.registry.collect()}
    assert shown == {name.removesuffix("_total") for name in metrics()}


@pytest.mark.parametrize("name", metrics())
def test_no_label_can_name_a_tenant_a_channel_or_a_person(name: str) -> None:
    assert not metrics()[name][1] & FORBIDDEN


def test_what_the_relay_tells_is_counted() -> None:
    figures = BotMetrics()
    relay = RelayLog(figures)
    event = NewEvent("slack:T1", "s:1", b"", "tweet.new", "ada", None, "{}", 1.0, 2.0, "stream")
    relay.arrived([event, event], [event])
    relay.routed([Routing("ab" * 16, "slack:T1", 2, 3.0), Routing("cd" * 16, "slack:T1", 0, 3.0)])
    relay.sent(SendAttempt("ab" * 16, "slack:T1", 1, "event", "delivered", "sent", 1, 2.0, 3.0, 5.0))
    relay.ambiguous("slack", "marked")
    relay.skewed(-601.5)
    relay.compared(3, 1)
    relay.compared(0, 0, ok=False)
    relay.streaming(1)
    relay.streaming(-1)
    text = figures.text().decode()
    for line in (
        'events_received_total{via="stream"} 2.0',
        "events_duplicate_total 1.0",
        "deliveries_routed_total 2.0",
        'sends_total{outcome="delivered",platform="slack"} 1.0',
        'end_to_end_seconds_sum{platform="slack"} 3.0',
        'sends_ambiguous_total{platform="slack",resolution="marked"} 1.0',
        "clock_skew_seconds -601.5",
        'catchup_runs_total{outcome="ok"} 1.0',
        'catchup_runs_total{outcome="failed"} 1.0',
        'catchup_events_total{fate="stored"} 3.0',
        'catchup_events_total{fate="skipped"} 1.0',
        "streams_open 0.0",
    ):
        assert f"xquik_bot_{line}\n" in text
