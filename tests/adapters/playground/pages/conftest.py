"""A running playground with pictures, in a browser: one for each worker, a new visitor for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from tests.adapters.playground.browser import Chat, chat, running_browser
from tests.adapters.playground.harness import PlaygroundHarness, open_house, picture_server


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[PlaygroundHarness]:
    async with picture_server() as pictures, open_house(tmp_path / "bot.db", pictures=pictures) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def ada(browser: Browser, house: PlaygroundHarness) -> AsyncIterator[Chat]:
    async with chat(browser, house) as opened:
        yield opened
