"""The clock is ten minutes wrong: deliveries are turned away, that is seen, and no event is lost by it."""

from __future__ import annotations

import time

import httpx
import pytest
from starlette.applications import Starlette

from bot.observability.figures import BotMetrics
from bot.observability.observers import RelayLog
from bot.sandbox.server import serve_sandbox
from bot.storage.engine.database import Database
from bot.web.hooks import hook_route
from tests.relay.harness import TENANT, deliver, event_body, make_hook, serving, until
from tests.relay.ingest_harness import IngestHarness, ingest_harness
from tests.relay.sandbox_harness import SANDBOX, Xquik

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
SKEW = 600.0


class WrongClock:
    """The real time, and how many seconds a machine is ahead of it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def figure(figures: BotMetrics, name: str) -> float:
    """The value of a figure, by its name with labels and without our prefix."""
    lines = figures.text().decode().splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(f"xquik_bot_{name} "))


async def turned_away(house: IngestHarness, count: int) -> None:
    """Until Xquik has given up so many deliveries."""
    deliveries = house.sandbox.sandbox.deliveries
    await until(lambda: sum(one.status == "exhausted" for one in deliveries) == count)


@pytest.mark.parametrize(("ahead", "cause"), [(SKEW, "stale"), (-SKEW, "future")])
async def test_each_event_is_posted_once_when_the_clock_is_right_again(
    database: Database, ahead: float, cause: str
) -> None:
    clock, figures = WrongClock(), BotMetrics()
    async with (
        serve_sandbox(SANDBOX) as sandbox,
        ingest_harness(database, sandbox, public_url="http://127.0.0.1:9", clock=clock) as house,
    ):
        relay, xquik = house.relay, Xquik(sandbox)
        await xquik.monitor()
        endpoint = hook_route(relay.keys, relay.intake, RelayLog(figures), clock)
        async with serving(Starlette(routes=[endpoint])) as base:
            await house.join()
            await house.take_webhooks(base)
            await house.run()
            texts = xquik.happen(2)
            await until(lambda: house.events() == texts)

            clock.ahead = ahead
            texts += xquik.happen(3)
            await turned_away(house, 3)
            assert figure(figures, f'deliveries_rejected_total{{cause="{cause}"}}') >= 3
            assert abs(figure(figures, "clock_skew_seconds") + ahead) < 5
            assert house.events() == texts[:2]

            clock.ahead = 0.0
            await house.ingest.start()
            await until(lambda: len(house.events()) == 5)
            # Deliveries are taken again, and what catch-up has brought is recognised.
            texts += xquik.happen(1)
            await until(lambda: len(house.events()) == 6)
            await house.quiet()
            assert house.events() == texts


async def test_a_delivery_that_was_turned_away_is_taken_when_it_is_signed_at_the_right_time(
    database: Database,
) -> None:
    clock = WrongClock()
    async with serve_sandbox(SANDBOX) as sandbox, ingest_harness(database, sandbox) as house:
        await house.join()
        path = await make_hook(house.relay, TENANT, "hook-one")
        endpoint = hook_route(house.relay.keys, house.relay.intake, house.relay.observer, clock)
        async with (
            serving(Starlette(routes=[endpoint])) as base,
            httpx.AsyncClient(base_url=base) as client,
        ):
            body = event_body(1, occurredAt=None)
            clock.ahead = SKEW
            assert (await deliver(client, path, body)).status_code == 401
            clock.ahead = 0.0
            assert (await deliver(client, path, body)).json() == {"status": "accepted"}
            assert (await deliver(client, path, body)).json() == {"status": "duplicate"}
            await house.quiet()
            assert house.events() == ["Tweet number 1"]
