"""The Grafana dashboard asks only for figures that there are, and each panel says what it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.promql import check, series

DASHBOARD = Path(__file__).resolve().parents[2] / "deploy" / "grafana" / "xquik-bot.json"
CONTENT: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
PANELS = [panel for panel in CONTENT["panels"] if panel["type"] != "row"]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def _title(panel: dict[str, Any]) -> str:
    return str(panel["title"])


def test_it_can_be_imported_with_any_data_source() -> None:
    variables = {one["name"]: one for one in CONTENT["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    assert CONTENT["uid"] == "xquik-bot"
    assert "id" not in CONTENT
    assert "__inputs" not in CONTENT
    ids = [panel["id"] for panel in CONTENT["panels"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("panel", PANELS, ids=_title)
def test_a_panel_has_a_title_a_unit_a_meaning_and_known_figures(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith((".", "twice."))
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["datasource"] == SOURCE
    assert panel["targets"]
    for target in panel["targets"]:
        assert target["datasource"] == SOURCE
        used = check(target["expr"])
        # The legend fills in labels of the answer.
        for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
            assert f"by ({label}" in target["expr"] or f", {label}" in target["expr"]
        assert all("job" in one.labels for one in used), "the job is chosen above"


def test_no_two_panels_overlap_and_titles_differ() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in CONTENT["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)


def test_annotations_and_variables_ask_for_known_figures_too() -> None:
    for annotation in CONTENT["annotations"]["list"]:
        check(annotation["expr"])
    [job] = [one for one in CONTENT["templating"]["list"] if one["name"] == "job"]
    asked = re.fullmatch(r"label_values\((\w+), job\)", job["query"]["query"])
    assert asked
    assert asked[1] in series()


def test_every_figure_is_somewhere_on_it() -> None:
    """So that a new one is not forgotten; what only serves alerts is named here."""
    text = DASHBOARD.read_text(encoding="utf-8")
    shown = set(re.findall(r"xquik_bot_\w+", text))
    only_alerts = {"xquik_bot_standing_read_timestamp_seconds"}
    expected = {name for name in series() if name != "up" and not name.endswith(("_sum", "_count"))}
    assert expected - only_alerts <= shown
