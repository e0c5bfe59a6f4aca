"""The stream: events come through it, it resumes where it broke, and no gap is left behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from pydantic import SecretStr

from bot.app.wiring import App
from bot.relay.fetching.stream import StreamSchedule, StreamSlots
from bot.sandbox.config import StreamRules
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.settings import Settings, StorageSection, VaultSection, XquikSection
from bot.storage.engine.database import Database
from bot.storage.secrets.vault import new_key
from tests.relay.harness import OTHER, TENANT, RecordingMessenger, application, route, serving, until
from tests.relay.ingest_harness import IngestHarness, ingest_harness, slower
from tests.relay.sandbox_harness import SANDBOX, Xquik

# The timer only looks for tenants; what comes, comes by the stream.
SELDOM = slower(every=600.0, first_backoff=600.0, grace=5.0)
PACE = StreamSchedule(idle=2.0, short=30.0, steady=0.05, look=0.05, first_backoff=0.02, longest_backoff=0.1)


@pytest.fixture
async def xquik(xquik: Xquik) -> Xquik:
    """With an account that is watched."""
    await xquik.monitor()
    return xquik


@asynccontextmanager
async def streaming(
    database: Database, sandbox: RunningSandbox, *, start: bool = True, **options: Any
) -> AsyncIterator[IngestHarness]:
    """A house whose events come by stream, with one tenant that follows."""
    options = {"way": "stream", "schedule": SELDOM, "stream_schedule": PACE, **options}
    async with ingest_harness(database, sandbox, **options) as house:
        await house.join()
        if start:
            await house.ingest.start()
            await until(lambda: streams(sandbox) == 1)
        yield house


def streams(sandbox: RunningSandbox) -> int:
    """How many streams are open at the sandbox."""
    return sum(sandbox.sandbox.streams.values())


async def test_events_come_by_stream_and_in_order(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    xquik.happen(3)
    # However busy this machine is, the stream is not taken for a dead one.
    patient = structs.replace(PACE, idle=60.0)
    async with streaming(database, sandbox, stream_schedule=patient) as house:
        texts: list[str] = []

        def all_there() -> bool:
            return len(house.events()) == len(texts)

        for _ in range(50):
            # What comes while the catch-up before the stream still looks is found by that.
            texts += xquik.happen(1)
            await until(all_there)
            if "stream" in (await house.ways()).values():
                break
        texts += xquik.happen(20)
        await until(all_there)
        assert house.events() == texts

        async def marked() -> bool:
            return (await house.mark()).streamed == str(9001 + 3 + len(texts) - 1)

        await until(marked)
        assert list((await house.ways()).values())[-20:].count("stream") == 20


async def test_a_time_without_the_bot_is_caught_up_with_in_order_before_the_stream_goes_on(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with streaming(database, sandbox) as house:
        texts = xquik.happen(2)
        await until(lambda: len(house.events()) == 2)
        await house.ingest.stop()
        await until(lambda: streams(sandbox) == 0)
        texts += xquik.happen(30)
        await house.ingest.start()
        await until(lambda: streams(sandbox) == 1)
        texts += xquik.happen(2)
        await until(lambda: len(house.events()) == 34)
        await house.quiet()
        assert house.events() == texts


async def test_a_tenant_that_begins_while_events_flow_gets_them_in_order(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with streaming(sqlite, sandbox, start=False) as house:
        await house.ingest.start()
        texts: list[str] = []

        async def reached() -> bool:
            if len(texts) < 60:
                texts.extend(xquik.happen(1))
            return len(texts) == 60 and house.events()[-1:] == texts[-1:]

        await until(reached)
        await house.quiet()
        assert len(house.events()) > 0
        assert house.events() == texts[-len(house.events()) :]


async def test_a_connection_that_xquik_ends_is_resumed_behind_the_last_event(
    sqlite: Database,
) -> None:
    config = replace(SANDBOX, stream=StreamRules(comment_every=0.05, longest=0.2))
    async with serve_sandbox(config) as sandbox:
        xquik = Xquik(sandbox)
        await xquik.monitor()
        async with streaming(sqlite, sandbox) as house:
            texts = []
            for number in range(8):
                texts += xquik.happen(2)
                await until(lambda wanted=2 * number + 2: len(house.events()) == wanted)  # type: ignore[misc] # mypy cannot infer a lambda with a default
                if number % 3 == 2:
                    await until(lambda: streams(sandbox) == 0)
            assert house.events() == texts
            assert house.log.count("streaming") > 1


async def test_a_server_that_goes_away_and_comes_back_loses_nothing(sqlite: Database, tmp_path: Any) -> None:
    config = replace(SANDBOX, state_path=tmp_path / "sandbox.db")
    async with AsyncExitStack() as stack:
        first = AsyncExitStack()
        sandbox = await first.enter_async_context(serve_sandbox(config))
        port = int(sandbox.base_url.split(":")[2].split("/")[0])
        xquik = Xquik(sandbox)
        await xquik.monitor()
        house = await stack.enter_async_context(streaming(sqlite, sandbox))
        texts = xquik.happen(2)
        await until(lambda: len(house.events()) == 2)
        await first.aclose()
        again = await stack.enter_async_context(serve_sandbox(config, port))
        back = Xquik(again)
        back._numbers = xquik._numbers
        texts += back.happen(3)
        await until(lambda: len(house.events()) == 5)
        assert house.events() == texts


async def test_a_silent_connection_is_taken_for_dead(sqlite: Database) -> None:
    config = replace(SANDBOX, stream=StreamRules(comment_every=600.0))
    async with serve_sandbox(config) as sandbox:
        xquik = Xquik(sandbox)
        await xquik.monitor()
        pace = structs.replace(PACE, idle=0.3)
        async with streaming(sqlite, sandbox, stream_schedule=pace) as house:
            await until(lambda: house.log.count("streaming") >= 2)
            texts = xquik.happen(2)
            await until(lambda: len(house.events()) == 2)
            assert house.events() == texts


async def test_webhook_stream_and_catch_up_make_one_message(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with (
        streaming(sqlite, sandbox, way="both", schedule=slower(every=0.05), start=False) as house,
        serving(application(house.relay)) as base,
    ):
        await house.take_webhooks(base)
        await house.run()
        await house.ingest.start()
        await until(lambda: streams(sandbox) == 1)
        texts = xquik.happen(10)

        async def all_delivered() -> bool:
            state = await xquik.control("/state", "GET")
            return bool(state["deliveries"].get("delivered", 0) >= 10)

        await until(all_delivered)
        await house.quiet()
        assert sorted(house.events()) == sorted(texts)


async def test_a_message_too_large_for_the_stream_is_fetched_from_the_list(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with streaming(sqlite, sandbox) as house:
        texts = xquik.happen(1)
        await until(lambda: len(house.events()) == 1)
        texts += xquik.happen(1, filler="x" * 1_200_000)
        texts += xquik.happen(1)
        await until(lambda: len(house.events()) == 3)
        assert sorted(house.events()) == texts
        assert (await house.ways())[texts[1]] == "catchup"


async def test_tenants_with_one_key_share_a_stream(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with streaming(sqlite, sandbox) as house:
        await house.join(OTHER, "9001")

        async def begun() -> bool:
            mark = (await house.member(OTHER)).mark
            return mark is not None and mark.event is not None

        await until(begun)
        texts = xquik.happen(4)
        await until(lambda: len(house.events()) == len(house.events("9001")) == 4)
        assert house.events() == house.events("9001") == texts
        assert streams(sandbox) == 1


async def test_a_refused_key_ends_the_stream_and_is_told_once(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    async with streaming(sqlite, sandbox, start=False) as house:
        await xquik.control(f"/keys/{xquik.key}", "DELETE")
        await house.ingest.start()
        await until(lambda: house.messenger.told)
        other = Xquik(sandbox, (await xquik.control("/keys"))["key"])
        await other.monitor()
        await house.keys.put(TENANT, SecretStr(other.key))
        await until(lambda: streams(sandbox) == 1)
        texts = other.happen(2)
        await until(lambda: len(house.events()) == 2)
        assert house.events() == texts
        assert [card.title for _, card in house.messenger.told] == ["Xquik refuses the key"]


async def test_it_is_said_that_no_webhook_is_needed(sqlite: Database, sandbox: RunningSandbox) -> None:
    async with streaming(sqlite, sandbox, start=False) as house:
        assert await house.registrar.status(TENANT) == ("by stream; no webhook is needed",)
    both = {"way": "both", "public_url": "https://a.test"}
    async with ingest_harness(sqlite, sandbox, **both) as house:  # type: ignore[arg-type] # spread
        assert not house.registrar.by_stream_alone
        assert await house.registrar.status(TENANT) == ("by stream; no webhook is registered",)


@pytest.mark.parametrize("rule", [{"status": 429, "retry_after": 0}, {"status": 503}, {"cut": True}])
async def test_a_stream_that_does_not_open_is_tried_again(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik, rule: dict[str, Any]
) -> None:
    await xquik.fault(path="/events/stream", times=3, **rule)
    async with streaming(sqlite, sandbox) as house:
        texts = xquik.happen(2)
        await until(lambda: len(house.events()) == 2)
        assert house.events() == texts


async def test_a_crash_before_the_id_is_written_repeats_no_message(
    database: Database, sandbox: RunningSandbox, xquik: Xquik, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with streaming(database, sandbox, start=False) as house:
        await house.run()
        streamed, crashes = house.ingest.marks.streamed, 0

        async def die(*about: Any) -> None:
            nonlocal crashes
            crashes += 1
            if crashes > 2:
                await streamed(*about)
                return
            raise RuntimeError("the power is gone")

        monkeypatch.setattr(house.ingest.marks, "streamed", die)
        await house.ingest.start()
        await until(lambda: streams(sandbox) == 1)
        texts = []
        for _ in range(4):
            texts += xquik.happen(2)
            await until(lambda: len(house.events()) == len(texts))  # noqa: B023 - awaited in the same turn
        assert crashes > 2
        assert house.events() == texts


async def test_accounts_take_turns_where_there_are_fewer_places(
    sqlite: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    pace = structs.replace(PACE, places=1, turn=0.1)
    other = Xquik(sandbox, (await xquik.control("/keys"))["key"])
    await other.monitor()
    async with streaming(sqlite, sandbox, stream_schedule=pace) as house:
        await house.join(OTHER, "9001", other.key)
        await until(lambda: house.log.count("streaming") >= 3)
        mine, theirs = xquik.happen(3), other.happen(3)
        await until(lambda: len(house.events()) == 3 and len(house.events("9001")) == 3)
        assert (house.events(), house.events("9001")) == (mine, theirs)
        assert streams(sandbox) <= 1


async def test_whoever_waits_for_a_place_gets_it_in_turn_and_may_give_up() -> None:
    places = StreamSlots(1)
    async with places:
        waiting = asyncio.create_task(places.__aenter__())
        await asyncio.sleep(0)
        crowded = places.crowded
        assert crowded
        waiting.cancel()
        await asyncio.wait({waiting})
        assert not places.crowded
    async with places:
        assert not places.crowded


async def test_the_whole_bot_without_a_public_address_relays_by_stream(
    tmp_path: Path, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    settings = Settings(
        xquik=XquikSection(base_url=sandbox.base_url),
        storage=StorageSection(url=f"sqlite:///{tmp_path}/bot.db"),
        vault=VaultSection(keys=(new_key(),)),
    )
    assert settings.ingest == "stream"
    app = await App.open(settings, migrating=True)
    messenger = RecordingMessenger()
    app.add_platform("slack", messenger, None)  # type: ignore[arg-type] # no channel is looked up
    await app.tenants.ensure(TENANT)
    await app.keys.put(TENANT, SecretStr(sandbox.api_key))
    await app.relay.routes.add(route("all", "C1"), time.time())
    await app.start()
    await until(lambda: streams(sandbox) == 1)
    texts = xquik.happen(1)  # may come by the look at what was there when the stream opened
    await until(lambda: len(messenger.posted) == 1)
    texts += xquik.happen(3)
    await until(lambda: len(messenger.posted) == 4)
    await app.stop()
    await app.close()
    assert messenger.texts("C1") == texts
    assert b'xquik_bot_events_received_total{via="stream"}' in app.figures.text()
