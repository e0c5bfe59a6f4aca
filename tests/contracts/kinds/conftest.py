"""Each side tries every kind, once for the module that looks at what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

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


class Outcomes:
    """What was tried, a side at a time, when its first test asks: each takes a minute or two, and a test
    that takes five is stopped."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._found: dict[str, dict[str, dict[str, Trial] | Exception]] = {}

    async def of(self, side: str, way: str, name: str) -> Trial:
        """What came of one kind; what went wrong with all of that way is raised."""
        if side not in self._found:
            self._found[side] = await self._tried(side)
        found = self._found[side][way]
        if isinstance(found, Exception):
            raise found
        return found[name]

    async def _tried(self, name: str) -> dict[str, dict[str, Trial] | Exception]:
        found: dict[str, dict[str, Trial] | Exception] = {}
        directory = self._directory / name
        directory.mkdir()
        async with SIDES[name](directory) as side:
            trials = Trials(side)
            for way in WAYS:
                try:
                    found[way] = await getattr(trials, way)()
                except Exception as error:
                    found[way] = error
        return found


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What every side gives for every kind in every way, tried when it is asked for."""
    return Outcomes(tmp_path_factory.mktemp("kinds"))
