"""A process killed with SIGKILL while it reads a list: the next one goes on behind what is stored."""

from __future__ import annotations

import asyncio
import csv
import io
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.app.wiring import App
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.settings import Settings, StorageSection, VaultSection, XquikSection
from bot.storage.migrate import create
from bot.storage.secrets.vault import new_key
from bot.storage.writes.proposals import LEASE
from tests import forked
from tests.conftest import PostgresServer
from tests.features import listing_doomed
from tests.features.edge import Wall, ref_of
from tests.features.harness import ADMIN, HERE, QUIET, BotHarness, MovableClock
from tests.relay.harness import until

FOLLOWERS, PAGE = 3_120, 300


async def opened(
    settings: Settings, sandbox: RunningSandbox, directory: Path, controls: httpx.AsyncClient
) -> BotHarness:
    """A bot on the database."""
    clock = MovableClock()
    app = await App.open(settings, clock=clock)
    house = BotHarness(app, sandbox, Wall(), clock, directory, settings, controls)
    app.add_platform(HERE.platform, house.wall, house.wall)
    return house


@pytest.fixture
def url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database that has no tables yet: once a SQLite file, once PostgreSQL."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'killed.db'}"
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.mark.parametrize(("page", "stored"), [(1, True), (4, True), (4, False)])
async def test_killed_at_a_page_what_is_stored_is_not_paid_for_again(
    url: str, tmp_path: Path, page: int, stored: bool
) -> None:
    await create(url)
    async with serve_sandbox(QUIET) as sandbox, httpx.AsyncClient(trust_env=False) as controls:
        settings = Settings(
            xquik=XquikSection(base_url=sandbox.base_url),
            storage=StorageSection(url=url),
            vault=VaultSection(keys=(new_key(),)),
        )
        house = await opened(settings, sandbox, tmp_path, controls)
        await house.give_key(HERE, sandbox.api_key)
        listed = await house.say("user followers @cafe_luna")
        preview = await house.submit(await house.press(listed, "All as a file…"), format="csv")
        key = ref_of(preview.card, "Confirm").key
        before = await house.credits()
        await house.app.close()

        arguments = (settings, HERE, ADMIN, key, page, stored)
        process = forked.context().Process(target=listing_doomed.main, args=arguments)
        process.start()
        await asyncio.to_thread(process.join, 60)
        assert process.exitcode == -signal.SIGKILL

        house = await opened(settings, sandbox, tmp_path, controls)
        # Where several may carry it out, it is taken over once its lease has lapsed.
        house.clock.advance(LEASE)
        await house.app.relay.start()
        await house.app.executor.recover()
        outcome = await house.app.executor.outcome(HERE, key)
        assert "all of it" in outcome.title
        twice = 0 if stored else PAGE
        assert before - await house.credits() == FOLLOWERS + twice
        await until(lambda: bool(house.wall.files))
        rows = list(csv.DictReader(io.StringIO(house.wall.files[0].content.decode("utf-8-sig"), newline="")))
        assert len(rows) == len({row["id"] for row in rows}) == FOLLOWERS
        await house.app.stop()
        await house.app.close()
