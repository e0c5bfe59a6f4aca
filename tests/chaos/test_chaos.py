"""A small run of `make chaos`, every sort of trouble in it: each event is posted once, in order."""

from __future__ import annotations

import re
from pathlib import Path

from tests.chaos.run import run
from tests.chaos.scale import SMALL, Scale
from tests.chaos.timeline import Kind, timeline


async def test_whatever_happens_every_event_is_posted_once_and_in_order(tmp_path: Path) -> None:
    result = await run(tmp_path, SMALL, lambda _: None)
    assert result.kept, "\n".join(result.lines)
    assert result.lines[-1].startswith("lost 0, out of order 0, duplicates ")
    assert result.verdict.duplicates["discord"] == 0
    (beside,) = [line for line in result.lines if line.startswith("beside it:")]
    for command in ("apply", "check", "export", "backup"):
        assert re.search(rf"{command} [1-9]", beside), beside


def test_the_same_seed_deals_the_same_blows() -> None:
    assert timeline(Scale()) == timeline(Scale()) != timeline(Scale(seed=1))


def test_every_sort_of_trouble_is_dealt_and_the_kills_are_as_many_as_asked() -> None:
    for scale in (Scale(), SMALL, Scale(kills=40, seed=3)):
        blows = timeline(scale)
        assert {blow.kind for blow in blows} == set(Kind)
        kills = [1 + (blow.early is not None) for blow in blows if blow.kind is Kind.KILL or blow.killed]
        assert sum(kills) == scale.kills
        assert sorted(blow.at for blow in blows) == [blow.at for blow in blows]
