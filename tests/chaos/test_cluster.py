"""A small run of `make chaos-cluster`, every sort of trouble in it: each event is posted once, in order."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from sqlalchemy import make_url

from tests.chaos.cluster.run import run
from tests.chaos.cluster.scale import SMALL, ClusterScale
from tests.chaos.cluster.server import take_down_leftovers
from tests.chaos.cluster.timeline import Kind, timeline
from tests.journeys.run.harness import until


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


async def test_the_server_of_a_run_that_was_killed_is_taken_down_by_the_next(tmp_path: Path) -> None:
    """PostgreSQL goes on without whoever started it."""
    program = (
        "from tests.chaos.cluster import server as s\nwith s.server(1 << 25) as x: print(x.url); input()"
    )
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert killed.stdout is not None
    url = (await asyncio.wait_for(killed.stdout.readline(), 60)).decode().strip()
    home = Path(str(make_url(url).query["host"])).parent
    first = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
    killed.kill()
    await killed.wait()
    assert _runs(first)
    take_down_leftovers()
    await until(lambda: not _runs(first), 20.0, "the end of PostgreSQL")
    assert not home.exists()


def _runs(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


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
