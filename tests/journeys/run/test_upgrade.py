"""An installation that is upgraded without a pause: the processes of before go on beside the new tables."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
from sqlalchemy import text

from bot.storage.migrate import HEAD, engine_for
from tests.conftest import PostgresServer
from tests.journeys.crash.crash_run import Sender
from tests.journeys.run import process
from tests.journeys.run.harness import free_port, until
from tests.journeys.run.test_standby import life, staged, stood, taken

# What a newer version may do to the tables: it only adds, to those in use as well.
ADDED = (
    "ALTER TABLE events ADD COLUMN more INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE deliveries ADD COLUMN more TEXT",
    "ALTER TABLE routes ADD COLUMN more TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE more (id INTEGER)",
    "CREATE INDEX ix_events_more ON events (more)",
)


def _do(url: str, *statements: str) -> None:
    engine = engine_for(url)
    with engine.begin() as connection:
        for one in statements:
            connection.execute(text(one))
    engine.dispose()


async def _ready(address: str) -> int:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        return (await client.get("/readyz")).status_code


async def test_processes_of_before_go_on_while_a_newer_version_adds_to_the_tables(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    url = postgres.create()
    async with AsyncExitStack() as stack:
        stage = await staged(stack, tmp_path, url)
        first = await life(stage, stack, "first", stage.plan.port)
        await first.ready(40)
        senders = [Sender(first.address, tenant) for tenant in stage.tenants]
        feeds = [asyncio.create_task(sender.run()) for sender in senders]
        stack.callback(lambda: [feed.cancel() for feed in feeds])
        await taken(senders, 10)
        stamped = f"UPDATE alembic_version SET version_num = '9999', oldest = '{HEAD}'"
        await asyncio.to_thread(_do, url, *ADDED, stamped)
        await taken(senders, 20)
        await until(lambda: all(len(one) >= 20 for one in stood(stage)), 30.0, "all that came")
        assert await _ready(first.address) == 200
        # One more that is started now, as by a supervisor: it says what it found.
        second = await life(stage, stack, "second", free_port())
        await second.ready(40)
        assert "goes on beside a newer version" in second.output and "9999" in second.output
        # What takes something away is no place for it: it says so, and takes no more requests.
        await asyncio.to_thread(_do, url, "UPDATE alembic_version SET oldest = '9999'")
        code, said = await process.finished(
            "run", "--config", str(stage.config), "--role", "web", log=tmp_path / "third.log"
        )
        assert code != 0 and "Traceback" not in said
        assert f"revision 9999; this version of the bot knows {HEAD}, and 9999 is the least" in said
        assert "Run the newer version of the bot" in said
        assert await _ready(first.address) == 503
        for one in (second, first):
            assert await one.terminate(30) == 0
            assert "Traceback" not in one.output
    postgres.drop(url)
