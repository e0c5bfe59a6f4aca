"""The watch over webhooks: that deliveries stopped is told once, and so is that they are on again."""

from __future__ import annotations

from bot.sandbox.server import RunningSandbox
from bot.storage.engine.database import Database
from tests.relay.harness import application, serving, until
from tests.relay.ingest_harness import IngestHarness, ingest_harness, slower
from tests.relay.sandbox_harness import Xquik

DOWN, UP = "Events are not delivered", "Events are delivered again"


def switch(sandbox: RunningSandbox, *, on: bool) -> None:
    """Stop the webhook as Xquik does after failures, or have a person switch it on there."""
    hook = next(iter(sandbox.sandbox.webhooks))
    hook.active = on
    sandbox.sandbox.webhooks.put(hook)


def told(house: IngestHarness) -> list[tuple[str, str]]:
    return [(person, card.title) for person, card in house.messenger.told]


def of_hooks(house: IngestHarness) -> list[str]:
    """What was logged, without what the watch over quiet places says."""
    return [word for word in house.log if ":" not in word]


async def looks(xquik: Xquik, more: int = 2) -> None:
    """Wait until the watch has looked so many times more."""
    seen = await xquik.requests("GET /webhooks")

    async def looked() -> bool:
        return await xquik.requests("GET /webhooks") >= seen + more

    await until(looked)


async def test_that_deliveries_are_on_again_is_told_once_each_outage_and_after_a_restart(
    database: Database, sandbox: RunningSandbox
) -> None:
    xquik = Xquik(sandbox)
    await xquik.monitor()
    pace = slower(every=0.05)
    async with (
        ingest_harness(database, sandbox, public_url="http://127.0.0.1:9", schedule=pace) as house,
        serving(application(house.relay)) as base,
    ):
        await house.join()
        await house.take_webhooks(base)
        await house.run()
        await xquik.fault(method="POST", path="/webhooks/*/resume", status=400)
        switch(sandbox, on=False)
        await house.ingest.start()
        await until(lambda: told(house) == [("U1", DOWN)])
        # Events that are fetched meanwhile make no second outage of it.
        xquik.happen(2)
        await until(lambda: len(house.events()) == 2)
        await looks(xquik)
        assert told(house) == [("U1", DOWN)]
    switch(sandbox, on=True)
    async with ingest_harness(database, sandbox, public_url="http://127.0.0.1:9", schedule=pace) as again:
        await again.ingest.start()
        await until(lambda: told(again) == [("U1", UP)])
        await looks(xquik)
        assert told(again) == [("U1", UP)]
        assert of_hooks(again) == ["delivering"]
        # Another outage without an event in between is told of like the first.
        switch(sandbox, on=False)
        await until(lambda: told(again) == [("U1", UP), ("U1", DOWN)])
        switch(sandbox, on=True)
        await until(lambda: told(again) == [("U1", UP), ("U1", DOWN), ("U1", UP)])


async def test_an_attempt_of_the_bot_that_works_at_last_ends_the_outage(
    database: Database, sandbox: RunningSandbox
) -> None:
    xquik = Xquik(sandbox)
    async with (
        ingest_harness(
            database, sandbox, public_url="http://127.0.0.1:9", schedule=slower(every=0.05)
        ) as house,
        serving(application(house.relay)) as base,
    ):
        await house.join()
        await house.take_webhooks(base)
        await xquik.fault(method="POST", path="/webhooks/*/resume", status=400)
        switch(sandbox, on=False)
        await house.ingest.start()
        await until(lambda: told(house) == [("U1", DOWN)])
        await xquik.well()
        # The bot's own attempt succeeds now.
        await until(lambda: told(house) == [("U1", DOWN), ("U1", UP)])
        assert of_hooks(house)[-1] == "resumed"
        await looks(xquik)
        assert len(told(house)) == 2
