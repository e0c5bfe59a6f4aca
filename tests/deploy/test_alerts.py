"""The alert rules ask only for figures that there are, and each says what to do about it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.promql import check, read, series

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


RULES = [rule for group in loaded(DEPLOY / "prometheus" / "alerts.yml")["groups"] for rule in group["rules"]]
SEVERITIES = {"critical", "warning", "info"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_a_rule_asks_for_known_figures_and_says_what_is_wrong(rule: dict[str, Any]) -> None:
    used = check(rule["expr"])
    assert used
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"XquikBot[A-Z]\w+", rule["alert"])
    assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m"))
    assert rule["labels"]["severity"] in SEVERITIES
    assert set(rule["annotations"]) == {"summary", "description"}
    text = " ".join(rule["annotations"].values())
    _, grouped = read(rule["expr"])
    assert set(re.findall(r"\$labels\.(\w+)", text)) <= grouped
    assert text.count("{{") == text.count("}}")


def test_what_must_wake_somebody_has_a_rule() -> None:
    names = {rule["alert"].removeprefix("XquikBot") for rule in RULES}
    assert names >= {
        "Down", "OldestWaiting", "BacklogGrowing", "SendsFailing", "AmbiguousSends", "SignatureStorm",
        "ClockSkew", "CatchUpStale", "StreamDown",
    }  # fmt: skip
    assert len(names) == len(RULES)


def test_a_wrong_name_is_noticed() -> None:
    for wrong in (
        "xquik_bot_nonsense > 1",
        'xquik_bot_sends_total{tenant="x"} > 1',
        "sum by (platform) (xquik_bot_backlog) > 1",
        "rate(xquik_bot_sends_total[5 minutes])",
        "max(xquik_bot_backlog",
        "nosuch(xquik_bot_backlog)",
    ):
        with pytest.raises(AssertionError):
            check(wrong)


def test_thresholds_of_labels_name_values_that_there_are() -> None:
    """`outcome=~"busy|…"` is only worth something when such outcomes are counted."""
    documented = (ROOT / "docs" / "admin" / "monitoring.md").read_text(encoding="utf-8")
    for rule in RULES:
        for metric, label, values in re.findall(r'(xquik_bot_\w+){(\w+)=~?"([^"]+)"', rule["expr"]):
            assert label in series()[metric]
            [row] = [line for line in documented.splitlines() if line.startswith(f"| `{metric}`")]
            assert all(re.search(rf"\b{value}\b", row) for value in values.split("|")), (metric, values)


def test_the_files_around_them_fit_together() -> None:
    prometheus = loaded(DEPLOY / "prometheus" / "prometheus.yml")
    [job] = prometheus["scrape_configs"]
    assert job["job_name"] == "xquik-bot"
    compose = loaded(ROOT / "compose.yaml")
    bots = {name: one for name, one in compose["services"].items() if one["image"] == "xquik-bot"}
    del bots["setup"], bots["move"]  # each does one thing and ends
    [found] = job["dns_sd_configs"]
    assert set(found["names"]) == set(bots)
    assert {one["environment"]["XQUIK_BOT_WEB__METRICS_PORT"] for one in bots.values()} == {
        str(found["port"])
    }
    for name in ("prometheus", "grafana"):
        service = compose["services"][name]
        assert service["profiles"] == ["monitoring"], "it does not start by itself"
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            if source.startswith("./secrets/"):
                continue  # made by the service `setup`
            if source.startswith("./"):
                assert (ROOT / source).is_file(), source
            else:
                assert source in compose["volumes"]
    assert prometheus["rule_files"] == ["/etc/prometheus/alerts.yml"]
    [source] = loaded(DEPLOY / "grafana" / "datasource.yml")["datasources"]
    assert source["type"] == "prometheus"
    [provider] = loaded(DEPLOY / "grafana" / "dashboards.yml")["providers"]
    assert any(provider["options"]["path"] in volume for volume in compose["services"]["grafana"]["volumes"])
