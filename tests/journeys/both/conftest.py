"""Discord, then Slack: the bot runs once for a module, and each test has a place of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.both.sides import SIDES, Side


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=sorted(SIDES))
async def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Side]:
    """The bot on one of the two; no rule of the platform may be broken."""
    async with SIDES[request.param](tmp_path_factory.mktemp(request.param)) as side:
        yield side
