"""The manifest of downloads and the hand-off log."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random

from bot.core.messages.message import Message
from bot.proposals.handoff import HandoffLog
from bot.storage.engine.database import Database
from bot.storage.writes.media_manifest import DownloadState, MediaManifest
from tests.conftest import ManualClock
from tests.proposals.harness import ELSEWHERE, TENANT


async def test_a_download_is_written_down_before_the_call_and_settled_once(
    database: Database, clock: ManualClock
) -> None:
    manifest = MediaManifest(database, clock, Random(1))
    key = await manifest.begin(TENANT, "ann", ["1", "2", "3"])
    (begun,) = await manifest.recent(TENANT)
    assert (begun.state, begun.requested, begun.skipped) == (
        DownloadState.REQUESTED,
        ("1", "2", "3"),
        None,
    )
    url = "https://xquik.com/g/abc"
    assert await manifest.done(key, gallery_url=url, successful_tweets=2, media_items=5)
    assert not await manifest.failed(key, "late")
    (done,) = await manifest.recent(TENANT)
    assert (done.state, done.gallery_url, done.skipped) == (DownloadState.DONE, url, 1)


async def test_what_a_crash_left_behind_is_unknown_and_other_tenants_see_nothing(
    database: Database, clock: ManualClock
) -> None:
    manifest = MediaManifest(database, clock, Random(1))
    old = await manifest.begin(TENANT, "ann", ["1"])
    clock.advance(100)
    fresh = await manifest.begin(TENANT, "ann", ["2"])
    assert await manifest.mark_stale(older_than=60) == 1
    states = {row.id: row.state for row in await manifest.recent(TENANT)}
    assert states == {old: DownloadState.UNKNOWN, fresh: DownloadState.REQUESTED}
    why = next(row.error for row in await manifest.recent(TENANT) if row.id == old)
    assert isinstance(why, Message), "as it was stored"
    assert await manifest.recent(ELSEWHERE) == ()
    assert [row.id for row in await manifest.recent(TENANT, limit=1)] == [fresh]


async def test_an_answer_that_comes_late_settles_what_was_unknown(
    database: Database, clock: ManualClock
) -> None:
    manifest = MediaManifest(database, clock, Random(1))
    key = await manifest.begin(TENANT, "ann", ["1"])
    assert await manifest.unknown(key, "answer_lost")
    assert await manifest.done(key, gallery_url="https://xquik.com/g/a", cache_hit=True)
    (row,) = await manifest.recent(TENANT)
    assert (row.state, row.error, row.cache_hit) == (DownloadState.DONE, None, True)


async def test_handoff_lines_are_whole_and_written_once_each(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "handoff.jsonl"
    log = HandoffLog(path, clock)
    await asyncio.gather(*(log.append(f"p{n % 5}", {"n": n % 5}) for n in range(20)))
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted(row["id"] for row in rows) == ["p0", "p1", "p2", "p3", "p4"]
    assert path.stat().st_mode & 0o077 == 0


async def test_a_line_cut_short_by_a_crash_does_not_spoil_the_next(
    tmp_path: Path, clock: ManualClock
) -> None:
    path = tmp_path / "handoff.jsonl"
    path.write_text('{"id": "p1", "at": "x"}\n{"id": "p2", "a')
    log = HandoffLog(path, clock)
    await log.append("p2", {})
    await log.append("p1", {})
    lines = path.read_text().splitlines()
    assert [json.loads(line)["id"] for line in (lines[0], lines[2])] == ["p1", "p2"]
    assert len(lines) == 3
