"""A Slack, a database, and the adapter between them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.engine.database import Database
from tests.adapters.slack.harness import SlackHarness, running
from tests.doubles.slack import SlackServer


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    """A local Slack; a test that breaks one of its rules fails."""
    async with SlackServer() as slack:
        yield slack
        assert slack.violations == []


@pytest.fixture
async def storage(sqlite_url: str) -> AsyncIterator[Database]:
    """A SQLite file: what runs on both databases is tested with storage itself."""
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def house(server: SlackServer, storage: Database) -> AsyncIterator[SlackHarness]:
    """The adapter in Socket Mode."""
    async with running(server, storage) as house:
        yield house


@pytest.fixture(params=["socket", "http"])
async def either(
    request: pytest.FixtureRequest, server: SlackServer, storage: Database
) -> AsyncIterator[SlackHarness]:
    """The adapter in Socket Mode, and in HTTP mode installed by OAuth."""
    async with running(server, storage, mode=request.param) as house:
        yield house
