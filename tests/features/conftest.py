"""A house for every test, on a copy of one database, and no longer waits than a test needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.proposals import announcing
from bot.storage.migrate import create
from bot.xquik.transport import client
from bot.xquik.transport.retry import RetryRules
from tests.features.harness import BotHarness, open_house


@pytest.fixture(scope="session")
def empty_bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables of this version, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "bot.db"
    asyncio.run(create(f"sqlite:///{path}"))
    return path


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A read is asked as often as ever, and sooner again. Nobody here answers a click, so no outcome waits
    until that has been done. How long both are is seen in tests/xquik and with the adapters."""
    monkeypatch.setattr(client, "RetryRules", lambda: RetryRules(first_delay=0.02, longest_delay=0.1))
    monkeypatch.setattr(announcing, "HEAD_START", 0.0)


@pytest.fixture
async def house(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A running bot with a key, beside a sandbox of its own."""
    async with open_house(tmp_path, empty_bot) as opened:
        yield opened
