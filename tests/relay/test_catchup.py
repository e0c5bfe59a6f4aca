"""Catch-up: what a gap held comes once, in order; nothing is dumped, nothing is asked in vain."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.core.errors import KeyRejected, StorageUnavailable
from bot.sandbox.server import RunningSandbox
from bot.storage.engine.database import Database
from tests.relay.harness import OTHER, TENANT, application, route, serving, until
from tests.relay.ingest_harness import IngestHarness, ingest_harness, slower
from tests.relay.sandbox_harness import Xquik


@pytest.fixture
async def xquik(xquik: Xquik) -> Xquik:
    """With an account that is watched."""
    await xquik.monitor()
    return xquik


@pytest.fixture
async def house(database: Database, sandbox: RunningSandbox) -> AsyncIterator[IngestHarness]:
    async with ingest_harness(database, sandbox) as made:
        await made.join()
        yield made


async def test_a_tenant_seen_for_the_first_time_begins_now(house: IngestHarness, xquik: Xquik) -> None:
    xquik.happen(5)
    await house.run()
    assert (await house.run()).stored == 0
    new = xquik.happen(2)
    assert (await house.run()).stored == 2
    await house.quiet()
    assert house.events() == new


async def test_a_tenant_that_began_before_any_event_misses_none(house: IngestHarness, xquik: Xquik) -> None:
    await house.run()
    assert (await house.mark()).event == ""
    texts = xquik.happen(3)
    await house.run()
    await house.quiet()
    assert house.events() == texts


async def test_a_gap_of_many_pages_comes_once_and_oldest_first(house: IngestHarness, xquik: Xquik) -> None:
    xquik.happen()
    await house.run()
    texts = xquik.happen(120)
    assert (await house.run()).stored == 120
    assert (await house.run()).stored == 0
    await house.quiet()
    assert house.events() == texts


async def test_a_gap_larger_than_memory_allows_is_closed_from_its_old_end(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with ingest_harness(sqlite, sandbox) as house:
        await house.join()
        xquik.happen()
        house.catchup._held_events = 100
        await house.run()
        texts = xquik.happen(120)
        reports = [await house.run() for _ in range(2)]
        assert [(r.stored, r.more) for r in reports] == [(20, True), (100, False)]
        await house.quiet()
        assert house.events() == texts


async def test_events_that_came_by_webhook_are_not_posted_again(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with ingest_harness(sqlite, sandbox) as early, serving(application(early.relay)) as base:
        await early.join()
        await early.run()
        await early.take_webhooks(base)
        texts = xquik.happen(5)
        await until(lambda: len(early.events()) == 5)
        assert (await early.run()).stored == 0
        await early.quiet()
        assert early.events() == texts
        assert set((await early.ways()).values()) == {"webhook"}


async def test_an_event_is_left_to_its_webhook_for_a_while(house: IngestHarness, xquik: Xquik) -> None:
    await house.run()
    texts = xquik.happen(2)
    report = await house.run(grace=30.0)
    assert (report.stored, report.young) == (0, True)
    assert (await house.run()).stored == 2
    await house.quiet()
    assert house.events() == texts


async def test_what_is_too_old_is_said_once_in_each_channel_it_concerns(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with ingest_harness(database, sandbox, max_age=3600.0) as house:
        await house.join()
        await house.relay.routes.add(route("esa", "C2", accounts=("esa",)), time.time())
        await house.run()
        xquik.happen(3)
        for event in sandbox.sandbox.events:
            event.occurred_at -= 7200.0
            sandbox.sandbox.events.put(event)
        texts = xquik.happen(2)
        before = await house.mark()
        assert (await house.run()).skipped == 3
        # As after a crash before the mark was written.
        member = await house.member()
        await house.ingest.marks.begin(member, before.event or "", before.happened_at)
        assert (await house.run()).skipped == 3
        await house.quiet()
        assert house.events() == texts
        assert house.notices() == ["3 older events were skipped: more than 1h old."]
        assert house.notices("C2") == []


async def test_a_crash_between_an_event_and_its_mark_repeats_no_message(
    house: IngestHarness, xquik: Xquik, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.run()
    texts = xquik.happen(4)
    advance = house.ingest.marks.advance

    async def die(*_: Any) -> None:
        raise StorageUnavailable("the power is gone")

    monkeypatch.setattr(house.ingest.marks, "advance", die)
    with pytest.raises(StorageUnavailable):
        await house.run()
    monkeypatch.setattr(house.ingest.marks, "advance", advance)
    texts += xquik.happen(1)
    assert (await house.run()).stored == 1
    await house.quiet()
    assert house.events() == texts


async def test_a_revoked_key_is_told_once_and_not_asked_with_again(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with ingest_harness(database, sandbox) as house:
        await house.join()
        await house.ingest.start()
        await until(lambda: xquik.requests("GET /events"))
        await xquik.control(f"/keys/{xquik.key}", "DELETE")
        await until(lambda: house.messenger.told)
        assert (await house.member()).refused
        asked = await xquik.requests("GET /events")
        await house.ingest.stop()
        await house.ingest.start()  # a restart does not ask either
        other = Xquik(sandbox, (await xquik.control("/keys"))["key"])
        await other.monitor()
        await house.keys.put(TENANT, SecretStr(other.key))

        async def begun() -> bool:
            return (await house.mark()).key_at == (await house.member()).key_at

        await until(begun)
        assert await xquik.requests("GET /events") > asked
        texts = other.happen(2)
        await until(lambda: len(house.events()) == 2)
        assert house.events() == texts
        assert [card.title for _, card in house.messenger.told] == ["Xquik refuses the key"]


@pytest.mark.parametrize("status", [402, 429, 503])
async def test_trouble_of_one_tenant_passes_and_delays_no_other(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik, status: int
) -> None:
    async with ingest_harness(sqlite, sandbox) as house:
        await house.join()
        other = Xquik(sandbox, (await xquik.control("/keys"))["key"])
        await other.monitor()
        await house.join(OTHER, "9001", other.key)
        await house.run()
        await house.run(OTHER)
        await xquik.fault(path="/events", status=status, retry_after=0, times=3)
        await house.ingest.start()
        mine, theirs = xquik.happen(2), other.happen(2)
        await until(lambda: len(house.events()) == 2 and len(house.events("9001")) == 2)
        assert (house.events(), house.events("9001")) == (mine, theirs)


async def test_another_key_of_the_same_account_goes_on_and_of_another_begins_anew(
    house: IngestHarness, xquik: Xquik
) -> None:
    xquik.happen()
    await house.run()
    texts = xquik.happen(2)
    same = (await xquik.control("/keys", **{"for": xquik.key}))["key"]
    await house.keys.put(TENANT, SecretStr(same))
    assert (await house.run()).stored == 2
    other = Xquik(house.sandbox, (await xquik.control("/keys"))["key"])
    await other.monitor()
    other.happen(3)
    await house.keys.put(TENANT, SecretStr(other.key))
    assert (await house.run()).stored == 0
    assert (await house.run()).stored == 0
    await house.quiet()
    assert house.events() == texts


async def test_a_tenant_without_routes_loses_its_mark_and_begins_anew(
    house: IngestHarness, xquik: Xquik
) -> None:
    await house.run()
    (mine,) = await house.relay.routes.of_tenant(TENANT)
    await house.relay.remove(mine)
    await house.ingest.marks.forget_others()
    xquik.happen(3)
    await house.join()
    assert (await house.member()).mark is None
    await house.run()
    assert (await house.run()).stored == 0


async def test_hostile_events_hide_no_other(house: IngestHarness, xquik: Xquik) -> None:
    await house.run()
    nested: Any = "bottom"
    for _ in range(200):
        nested = [nested]
    texts = xquik.happen(1)
    texts += xquik.happen(1, deep=nested)
    texts += xquik.happen(1, text="null \x00 byte, @everyone <b>x</b>", author=[], authorUsername={})
    texts += xquik.happen(1)
    strange = next(iter(sandbox_event for sandbox_event in house.sandbox.sandbox.events))
    strange.type = "tweet.\x00new" * 50
    house.sandbox.sandbox.events.put(strange)
    assert (await house.run()).stored == 4
    assert (await house.run()).stored == 0
    await house.quiet()
    assert len(house.events()) == 4


async def test_a_webhook_that_was_stopped_is_resumed_and_the_gap_closed(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with (
        ingest_harness(sqlite, sandbox, public_url="http://127.0.0.1:9", schedule=slower(every=0.2)) as house,
        serving(application(house.relay)) as base,
    ):
        await house.join()
        await house.take_webhooks(base)
        await house.run()
        stopped = next(iter(sandbox.sandbox.webhooks))
        stopped.active = False
        sandbox.sandbox.webhooks.put(stopped)
        texts = xquik.happen(3)
        await house.ingest.start()
        await until(lambda: len(house.events()) == 3)
        assert house.log == ["resumed"]
        assert (await xquik.ask("GET", "/webhooks"))["webhooks"][0]["isActive"]
        texts += xquik.happen(1)
        await until(lambda: len(house.events()) == 4)
        assert house.events() == texts
        assert [card.title for _, card in house.messenger.told] == ["Events are delivered again"]


@pytest.mark.parametrize("ahead", [-600.0, 600.0])
async def test_a_clock_that_is_wrong_keeps_no_event_back(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik, ahead: float
) -> None:
    async with ingest_harness(sqlite, sandbox, clock=lambda: time.time() + ahead) as house:
        await house.join()
        await house.run()
        texts = xquik.happen(3)
        assert (await house.run(grace=20.0)).stored == 3
        await house.quiet()
        assert house.events() == texts


async def test_a_refused_key_raises_where_a_run_is_asked_for(house: IngestHarness, xquik: Xquik) -> None:
    await xquik.control(f"/keys/{xquik.key}", "DELETE")
    with pytest.raises(KeyRejected):
        await house.run()
