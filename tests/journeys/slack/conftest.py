"""The bot on Slack: one in each mode for a whole module, or one for a test that breaks something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.journeys.slack.place import Place, living


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["socket", "http"])
async def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Place]:
    """For tests that leave nothing behind which another would stumble over; once in each mode."""
    async with living(tmp_path_factory.mktemp("slack"), request.param) as place:
        place.ws.add_channel("C0001S", "social")  # the examples of commands lead routes to it
        yield place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """One of its own, in Socket Mode."""
    async with living(tmp_path) as place:
        yield place
