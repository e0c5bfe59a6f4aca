"""All four sides try every kind, two at the same time, once for the module that looks at what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio

from tests.contracts.kinds.chats import discord_side, slack_side
from tests.contracts.kinds.page import playground_side
from tests.contracts.kinds.printed import terminal_side
from tests.contracts.kinds.sides import KindSide
from tests.contracts.kinds.trials import Trial, Trials

SIDES: dict[str, Callable[[Path], AbstractAsyncContextManager[KindSide]]] = {
    "discord": discord_side,
    "slack": slack_side,
    "playground": playground_side,
    "terminal": terminal_side,
}
WAYS = ("done", "accepted", "refused", "lost")

Outcomes: TypeAlias = dict[tuple[str, str], dict[str, Trial] | Exception]
"""By side and way: what was tried, by kind, or what went wrong with all of it."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """Everything tried."""
    found: Outcomes = {}
    two = asyncio.Semaphore(2)

    async def try_all(name: str) -> None:
        async with two, SIDES[name](tmp_path_factory.mktemp(name)) as side:
            trials = Trials(side)
            for way in WAYS:
                try:
                    found[name, way] = await getattr(trials, way)()
                except Exception as error:
                    found[name, way] = error

    await asyncio.gather(*map(try_all, SIDES))
    return found
