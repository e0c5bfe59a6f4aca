"""The four adapters, one after another."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contracts.rig_discord import discord_rig
from tests.contracts.rig_playground import playground_rig
from tests.contracts.rig_slack import slack_rig
from tests.contracts.rig_terminal import terminal_rig
from tests.contracts.rigs import Opening, Rig

RIGS: dict[str, Opening] = {
    "discord": discord_rig,
    "slack": slack_rig,
    "playground": playground_rig,
    "terminal": terminal_rig,
}


@pytest.fixture(params=RIGS)
async def rig(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[Rig]:
    """Each adapter as it runs; whatever a test does, no rule of its platform may be broken."""
    async with RIGS[request.param](sqlite_url) as opened:
        yield opened
        assert opened.violations() == []
