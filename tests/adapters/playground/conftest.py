"""A running playground, and visitors of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.playground.harness import PlaygroundHarness, Visitor, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PlaygroundHarness]:
    """A playground over a fresh database."""
    async with open_house(tmp_path / "bot.db") as opened:
        yield opened


@pytest.fixture
async def ada(house: PlaygroundHarness) -> AsyncIterator[Visitor]:
    """The admin."""
    async with Visitor(house, "ada") as visitor:
        yield visitor


@pytest.fixture
async def ben(house: PlaygroundHarness) -> AsyncIterator[Visitor]:
    """The member."""
    async with Visitor(house, "ben") as visitor:
        yield visitor
