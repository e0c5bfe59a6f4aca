"""Fifty requests a second are all that a bot has: kept before Discord has to say so."""

from __future__ import annotations

from typing import Any, cast

import discord
import pytest

from adapters.discord import limits
from adapters.discord.rest import Rest
from tests.conftest import ManualClock


class _Client:
    """Answers everything at once."""

    def __init__(self) -> None:
        self.http = self

    async def request(self, _route: Any, **_arguments: Any) -> dict[str, str]:
        return {"id": "1"}


async def test_requests_wait_for_their_turn_and_answers_to_people_do_not() -> None:
    clock, slept = ManualClock(), list[float]()

    async def pause(seconds: float) -> None:
        slept.append(round(seconds * limits.REQUESTS_A_SECOND, 3))

    rest = Rest(cast(discord.Client, _Client()), timeout=0.1, pause=pause, ticks=clock)

    async def ask(path: str = "/channels/{channel_id}") -> None:
        await rest.once("GET", path, channel_id=1, interaction_id=1)

    for _ in range(limits.REQUESTS_AT_ONCE):
        await ask()
    assert slept == []
    await ask()
    await ask("/interactions/{interaction_id}/callback")
    await ask()
    assert slept == [1.0, 2.0], "in places of the queue"
    with pytest.raises(discord.RateLimited):
        for _ in range(10):
            await ask()
    clock.advance(1.0)
    before = len(slept)
    await ask()
    assert len(slept) == before
