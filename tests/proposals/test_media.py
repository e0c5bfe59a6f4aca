"""The manifest of downloads and the hand-off log."""

from __future__ import annotations

import asyncio
from random import Random

from bot.core.messages.message import Message
from bot.storage.engine.database import Database
from bot.storage.writes.media_handoff import MediaHandoff
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


async def test_what_is_handed_off_is_noted_once_each_and_read_by_its_tenant_alone(
    database: Database, clock: ManualClock
) -> None:
    log = MediaHandoff(database, clock)
    await asyncio.gather(*(log.add(TENANT, f"p{n % 5}", "post", {"n": n % 5}) for n in range(20)))
    clock.advance(1)
    await log.add(TENANT, "a", "upload", {"media_url": "https://m.example/ä"})
    await log.add(ELSEWHERE, "b", "upload", {})
    first = await log.rows(TENANT, most=4)
    rest = await log.rows(TENANT, first[-1])
    assert [row.id for row in (*first, *rest)] == ["p0", "p1", "p2", "p3", "p4", "a"]
    assert rest[-1].fields == {"media_url": "https://m.example/ä"}
    assert [row.id for row in await log.rows(ELSEWHERE)] == ["b"]
