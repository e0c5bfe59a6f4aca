"""A house for every test, on a copy of one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.migrate import create
from tests.features.harness import BotHarness, open_house


@pytest.fixture(scope="session")
def empty_bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables of this version, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "bot.db"
    asyncio.run(create(f"sqlite:///{path}"))
    return path


@pytest.fixture
async def house(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A running bot with a key, beside a sandbox of its own."""
    async with open_house(tmp_path, empty_bot) as opened:
        yield opened
