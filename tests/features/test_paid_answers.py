"""What was paid for: asked for once, and shown whatever else fails."""

from __future__ import annotations

import pytest

from tests.features.edge import words
from tests.features.harness import BotHarness


@pytest.mark.parametrize(
    ("line", "path", "paid"),
    [
        ("user show nasa", "/x/users/nasa", 1),
        ("user followers cafe_luna", "/x/users/cafe_luna/followers", 20),
        ("tweet search giveaway", "/x/tweets/search", 5),
    ],
)
async def test_an_answer_that_is_lost_is_paid_for_once(
    house: BotHarness, line: str, path: str, paid: int
) -> None:
    await house.fault(method="GET", path=path, answer_lost=True, times=1)
    before = await house.credits()
    shown = await house.say(line)
    assert "it may have been charged" in words(shown.failure) and "credits show" in words(shown.failure)
    assert 0 < before - await house.credits() <= paid
    assert await house.requests(path) == 1
