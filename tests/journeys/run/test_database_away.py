"""PostgreSQL is away for a while: one line when that begins, one when it is over, and nobody is ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.adapters.logged import logged
from tests.chaos.cluster.server import Server, server
from tests.journeys.run.harness import Plan, start, until, vendors


@pytest.fixture
def own_server() -> Iterator[Server]:
    with server(1 << 28) as started:
        yield started


async def test_an_outage_of_the_database_is_told_once_and_its_end_once(
    own_server: Server, tmp_path: Path
) -> None:
    async with vendors() as all_vendors, httpx.AsyncClient() as client:
        all_vendors.discord.add_guild(name="Acme")
        plan = Plan(all_vendors, tmp_path, slack=None)
        bot = await start(plan.write({"storage": {"url": own_server.url}}))

        async def lanes() -> bool:
            return bool((await client.get(f"{plan.address}/readyz")).json()["checks"]["lanes"])

        async def no_lanes() -> bool:
            return not await lanes()

        try:
            await until(lanes, 30.0, "lanes")
            with logged() as said:
                async with own_server.away():
                    await until(no_lanes, 30.0, "not ready")
                    for _ in range(3):
                        await no_lanes()
                    await until(lambda: bot.app.watch.outages.open, 30.0, "the outage")
                await until(lambda: bool(said.lines("answers again")), 90.0, "the end")
                await until(lanes, 60.0, "lanes")
            lines = [line for line in said.text.splitlines() if "[warn" in line or "[error" in line]
            assert len(lines) == 2, said.text
            said.is_without_traceback()
        finally:
            await bot.stop()
