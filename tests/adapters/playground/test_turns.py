"""Somebody who comes too often is told so at once, and nothing of it is stored."""

from __future__ import annotations

from pathlib import Path

from bot.core.throttle import Throttle
from tests.adapters.playground.harness import Visitor, open_house
from tests.conftest import ManualClock


async def test_who_comes_too_often_is_refused_alone_and_stores_nothing(tmp_path: Path) -> None:
    clock = ManualClock()
    async with (
        open_house(tmp_path / "bot.db", turns=Throttle(1.0, 3, clock)) as house,
        Visitor(house, "ada") as ada,
        Visitor(house, "ben") as ben,
    ):
        for _ in range(3):
            await ada.say("trends US")
        await ada.until_card("Trending in US")
        line = {"channel": "general", "text": "trends US"}
        for _ in range(20):
            refused = await ada.post("command", line)
            assert refused.status_code == 429
            assert "Try again in" in refused.json()["message"]
        typed = [one for one in await ada.messages() if "text" in one]
        assert len(typed) == 3
        assert (await ben.post("command", line)).status_code == 200
        clock.advance(1.0)
        assert (await ada.post("command", line)).status_code == 200
