"""A small run of `make chaos-cluster`, every sort of trouble in it: each event is posted once, in order."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.cluster.run import run
from tests.chaos.cluster.scale import SMALL, ClusterScale
from tests.chaos.cluster.timeline import Kind, timeline


async def test_whatever_happens_to_several_machines_every_event_is_posted_once_and_in_order(
    tmp_path: Path,
) -> None:
    result = await run(tmp_path, SMALL, lambda _: None)
    assert result.kept, "\n".join(result.lines)
    assert result.lines[-1].startswith("lost 0, out of order 0, duplicates ")
    assert result.verdict.duplicates["discord"] == 0
    said = "\n".join(result.lines)
    assert "meanwhile 0 webhooks failed" in said
    assert "and 0 at other times" in said, said


def test_the_same_seed_deals_the_same_blows() -> None:
    assert timeline(ClusterScale()) == timeline(ClusterScale()) != timeline(ClusterScale(seed=1))


def test_every_sort_of_trouble_is_dealt_and_as_many_are_killed_and_stopped_as_asked() -> None:
    for scale in (ClusterScale(), SMALL, ClusterScale(kills=60, seed=3)):
        blows = timeline(scale)
        assert {blow.kind for blow in blows} == set(Kind)
        kills = [1 + (blow.early is not None) for blow in blows if blow.kind is Kind.KILL]
        assert sum(kills) == scale.kills
        assert sum(blow.kind in (Kind.STOP, Kind.SLEEP) for blow in blows) == scale.stops
        assert sum(blow.kind is Kind.RESTART for blow in blows) == len(scale.restarts)
        assert sorted(blow.at for blow in blows) == [blow.at for blow in blows]


def test_a_whole_run_kills_or_stops_forty_times_and_starts_postgresql_twice() -> None:
    whole = ClusterScale()
    assert whole.events == 10_000 and whole.destinations == 50
    assert whole.kills + whole.stops >= 40
    assert len(whole.restarts) == 2
    assert (whole.web, whole.relays, whole.discords) == (2, 3, 2)
