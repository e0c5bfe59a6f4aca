"""The four adapters, one after another: as they run, and as they draw."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.adapters.playground.browser import EXECUTABLE
from tests.contracts.harness_discord import discord_rig
from tests.contracts.harness_playground import playground_rig
from tests.contracts.harness_slack import slack_rig
from tests.contracts.harness_terminal import terminal_rig
from tests.contracts.harnesses import AdapterHarness, Opening
from tests.contracts.screen_discord import DiscordScreen
from tests.contracts.screen_playground import playground_screen
from tests.contracts.screen_slack import SlackScreen
from tests.contracts.screen_terminal import TerminalScreen
from tests.contracts.screens import Screen

RIGS: dict[str, Opening] = {
    "discord": discord_rig,
    "slack": slack_rig,
    "playground": playground_rig,
    "terminal": terminal_rig,
}


@pytest.fixture(params=RIGS)
async def harness(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[AdapterHarness]:
    """Each adapter as it runs; whatever a test does, no rule of its platform may be broken."""
    async with RIGS[request.param](sqlite_url) as opened:
        yield opened
        assert opened.violations() == []


@pytest.fixture(scope="module", params=["discord", "slack", "playground", "terminal"])
def screen(request: pytest.FixtureRequest) -> Iterator[Screen]:
    """Each platform's screen."""
    match request.param:
        case "discord":
            yield DiscordScreen()
        case "slack":
            yield SlackScreen()
        case "terminal":
            yield TerminalScreen()
        case _:
            if not Path(EXECUTABLE).exists():
                pytest.skip(f"playground: no browser ({EXECUTABLE}, Debian's package chromium)")
            with playground_screen() as opened:
                yield opened
