"""The bot on Discord: one for a whole module, or one for a test that breaks something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.journeys.discord.place import Place, living


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """For tests that leave nothing behind which another would stumble over."""
    async with living(tmp_path_factory.mktemp("discord")) as place:
        place.guild.add_channel("social")  # the examples of commands lead routes to it
        yield place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """One of its own."""
    async with living(tmp_path) as place:
        yield place
