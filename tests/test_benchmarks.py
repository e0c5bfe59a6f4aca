"""The benchmarks run, so that they do not rot. What they measure at this size means nothing."""

from __future__ import annotations

import asyncio
import importlib
import json
from xml.etree import ElementTree

import pytest

from benchmarks import cluster, report
from benchmarks.__main__ import NAMES, main
from benchmarks.figures import Figure, at_least, at_most, ratio_at_least, ratio_at_most
from benchmarks.options import Options
from benchmarks.plots import Line, Plot, svg
from benchmarks.scale import SMALL


@pytest.mark.parametrize("name", NAMES)
async def test_a_benchmark_runs_from_its_start_to_its_figures(name: str) -> None:
    run = importlib.import_module(f"benchmarks.{name}").run
    figures = await asyncio.to_thread(run, Options(SMALL))
    assert figures
    assert all(figure.value >= 0 for figure in figures)
    assert all(figure.baseline is None or figure.baseline > 0 for figure in figures)
    assert json.loads(report.as_json(figures))[0]["verdict"]
    report.table(figures)


async def test_relays_that_share_a_database_are_measured_from_their_start_to_their_figures() -> None:
    figures = await asyncio.to_thread(cluster.run, (2,), 1_000)
    assert [figure.unit for figure in figures] == ["/s", "µs", "bytes"]
    assert all(figure.value > 0 for figure in figures)


def test_a_missed_target_says_by_how_much() -> None:
    assert Figure("a", 50, "/s", 100, "b", ratio_at_least(0.6)).verdict == "missed by 17%"
    assert Figure("a", 6, "ms", 1, "b", ratio_at_most(3)).verdict == "missed by 100%"
    assert Figure("a", 4000, "/s", target=at_least(5000)).verdict == "missed by 20%"
    assert Figure("a", 3, "s", target=at_most(2)).verdict == "missed by 50%"


def test_a_met_target_is_ok_and_one_without_a_target_is_information() -> None:
    assert Figure("a", 61, "/s", 100, "b", ratio_at_least(0.6)).verdict == "ok"
    assert Figure("a", 2, "s", target=at_most(2)).verdict == "ok"
    assert Figure("a", 2, "s").verdict == "–"


def test_a_plot_shows_its_points_between_nothing_and_the_most() -> None:
    line = Line("sent & kept", ((1, 3.0), (10, 3.5), (1_000, 4.0)))
    drawn = ElementTree.fromstring(svg([Plot("claiming", "messages", "µs", (line,))]))
    texts = [found.text for found in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"claiming", "messages", "µs", "sent & kept", "1", "1k", "0", "4"} <= {*texts}
    circles = [*drawn.iter("{http://www.w3.org/2000/svg}circle")]
    across, down = ([float(found.attrib[side]) for found in circles] for side in ("cx", "cy"))
    assert across == sorted(across) and down == sorted(down, reverse=True)
    assert across[0] > 0 and across[-1] < float(drawn.attrib["width"])


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["nonsense"])
    assert stopped.value.code == 2
    assert "intake" in capsys.readouterr().err
